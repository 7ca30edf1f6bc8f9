/**
 * What migrations lock, and for how long.
 *
 * @module
 */

import type { Danger, MigrationTrace, StatementTrace, Trace, TracedLock, WorstStatement } from "../trace/trace.ts";
import type { Fields } from "./json.ts";
import { oneLine } from "./printable.ts";
import type { Paint, Style } from "./style.ts";
import { type Cell, formatTable } from "./table.ts";
import { describeHolders, describeSize, type Live, liveOf } from "./trace_live.ts";
import { describeBlocked, describeLength, describeNothing, shownLocks } from "./trace_words.ts";
import { truncate } from "./width.ts";
import { countOf, listNames } from "./wording.ts";

/** How much of a statement is shown. */
const STATEMENT_WIDTH = 100;

/**
 * Prints a trace.
 *
 * @param db Name of the database.
 * @param trace The trace.
 * @param style Emphasis.
 * @returns For each statement its place and a table of what it locks; last, which one hurts most.
 */
export function formatTrace(db: string, trace: Trace, style: Style): string[] {
  if (trace.migrations.length === 0) return [`${style.bold(db)}: nothing to trace`];
  const live = liveOf(trace);
  return [
    `${style.bold(db)}: ${countOf(trace.migrations.length, "migration")} traced`,
    ...trace.migrations.flatMap((migration) => formatMigration(migration, live, style)),
    "",
    ...formatWorst(trace, style),
  ];
}

function formatMigration(
  { name, direction, transaction, path, statements }: MigrationTrace,
  live: Live,
  style: Style,
): string[] {
  const mode = transaction === "none" ? "outside a transaction" : "one transaction";
  const title = direction === "up" ? name : `rollback of ${name}`;
  return [
    "",
    `${style.bold(title)} ${style.dim(`(${mode})`)}`,
    ...(statements.length === 0 ? [style.dim("  no statements")] : []),
    ...statements.flatMap((statement) => [
      "",
      `  ${style.cyan(`${path}:${statement.line}`)}  ${truncate(oneLine(statement.sql), STATEMENT_WIDTH)}`,
      ...formatStatement(statement, live, style).map((line) => `    ${line}`),
    ]),
  ];
}

/**
 * Prints what one statement does.
 *
 * @param statement The statement.
 * @param live The objects as they are live, by name.
 * @param style Emphasis.
 * @returns A table, and what else is to be known.
 */
function formatStatement(statement: StatementTrace, live: Live, style: Style): string[] {
  const rows = shownLocks(statement);
  const strong = rows.filter(({ blocks }) => blocks.length > 1);
  const weak = rows.filter(({ blocks }) => blocks.length === 1);
  return [
    ...(strong.length === 0 ? [] : lockTable(strong, statement, live, style)),
    ...(weak.length === 0 ? [] : [style.dim(`only schema changes wait for ${listNames(weak.map(describeWeak), 6)}`)]),
    ...(rows.length === 0 ? [style.dim(describeNothing(statement))] : []),
    ...notesOf(statement).map(style.dim),
    ...statement.locks.flatMap((lock) => describeHolders(lock, live)).map((line) =>
      `${style.yellow("now held")} ${line}`
    ),
  ];
}

function lockTable(locks: readonly TracedLock[], statement: StatementTrace, live: Live, style: Style): string[] {
  const paint = paintOf(statement.danger, style);
  const rows = locks.map((lock): Cell[] => [
    oneLine(lock.kind === "table" ? lock.object : `${lock.object} (${lock.kind})`),
    lock.line === statement.line ? lock.mode : `${lock.mode} since line ${lock.line}`,
    { text: describeBlocked(lock.blocks), paint: lock.blocks.includes("writes") ? paint : (text) => text },
    describeSize(lock.object, live),
    describeLength(lock, statement),
  ]);
  const columns = ["OBJECT", "LOCK", "BLOCKS", "SIZE", "FOR HOW LONG"].map((title) => ({ title }));
  return formatTable(columns, rows, style);
}

function paintOf(danger: Danger, style: Style): Paint {
  if (danger === "high") return style.red;
  return danger === "medium" ? style.yellow : (text) => text;
}

function describeWeak({ object, kind }: TracedLock): string {
  return oneLine(kind === "table" ? object : `${object} (${kind})`);
}

function notesOf({ source, note, unchecked }: StatementTrace): string[] {
  return [
    ...(unchecked.length === 0
      ? []
      : [`${oneLine(listNames(unchecked, 4))}: rows that are there are not checked (NOT VALID)`]),
    ...(note === null ? [] : [oneLine(source === "manual" ? `by PostgreSQL's manual, not seen: ${note}` : note)]),
  ];
}

/**
 * Says which statement hurts most, and of which nobody knows.
 *
 * @param trace The trace.
 * @param style Emphasis.
 * @returns One line, or two.
 */
export function formatWorst({ migrations, worst }: Trace, style: Style): string[] {
  const unknown = migrations.flatMap(({ path, statements }) =>
    statements.filter(({ duration }) => duration === "unknown").map(({ line }) => `${path}:${line}`)
  );
  return [
    describeWorst(worst, style),
    ...(unknown.length === 0 ? [] : [`${style.yellow("Not known:")} ${listNames(unknown, 6)}`]),
  ];
}

function describeWorst(worst: WorstStatement | undefined, style: Style): string {
  if (worst === undefined) return `${style.green("No danger seen:")} nothing is locked that was there before`;
  const { danger, lock, statement, path, line } = worst;
  if (danger === "low") return `${style.green("No danger seen:")} neither reads nor writes have to wait`;
  const length = describeLength(lock, statement);
  const what = `${describeBlocked(lock.blocks)} of ${oneLine(lock.object)}`;
  return `${paintOf(danger, style)("Most dangerous:")} ${path}:${line} blocks ${what} ${
    length.startsWith("while ") ? length : `for ${length}`
  }`;
}

/**
 * Makes the keys that `trace` adds.
 *
 * @param trace The trace.
 * @returns `migrations`, `worst`, and `objects` where a database was looked at.
 */
export function traceFields({ migrations, worst, objects }: Trace): Fields {
  return {
    migrations,
    worst: worst === undefined ? null : {
      name: worst.name,
      path: worst.path,
      line: worst.line,
      danger: worst.danger,
      object: worst.lock.object,
      mode: worst.lock.mode,
    },
    ...(objects === undefined ? {} : { objects }),
  };
}
