/**
 * What migrations lock, and for how long.
 *
 * @module
 */

import type { MigrationTrace, StatementTrace, Trace, WorstStatement } from "../trace/trace.ts";
import type { Fields } from "./json.ts";
import { oneLine } from "./printable.ts";
import type { Style } from "./style.ts";
import { type Live, liveOf } from "./trace_live.ts";
import { formatStatement, paintOf } from "./trace_statement.ts";
import { describeBlocked, describeLength } from "./trace_words.ts";
import { truncate } from "./width.ts";
import { countOf, listNames } from "./wording.ts";

/** How much of a statement is shown. */
const STATEMENT_WIDTH = 100;

/** How many statements are shown that do the same, one after the other. */
const MOST_ALIKE = 3;

/** Whether all was traced that was to be, or what comes before a failure. */
export type TraceExtent = "whole" | "failed";

/**
 * Prints a trace.
 *
 * @param db Name of the database.
 * @param trace The trace.
 * @param style Emphasis.
 * @param extent How far it came.
 * @returns For each statement its place and a table of what it locks; last, which one hurts most.
 */
export function formatTrace(db: string, trace: Trace, style: Style, extent: TraceExtent = "whole"): string[] {
  if (trace.migrations.length === 0) return extent === "failed" ? [] : [`${style.bold(db)}: nothing to trace`];
  const worst = formatWorst(trace, style, extent);
  const live = liveOf(trace);
  return [
    `${style.bold(db)}: ${countOf(trace.migrations.length, "migration")} traced${
      extent === "failed" ? " before one that failed" : ""
    }`,
    ...trace.migrations.flatMap((migration) => formatMigration(migration, live, style)),
    ...(worst.length === 0 ? [] : ["", ...worst]),
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
    ...groupAlike(statements.map((statement) => ({ statement, lines: formatStatement(statement, live, style) })))
      .flatMap((group) => formatGroup(group, path, style)),
  ];
}

/** A statement and what is said of it. */
interface Told {
  readonly statement: StatementTrace;
  readonly lines: readonly string[];
}

/** Statements that follow each other and of which the same is said: a file may hold thousands of INSERTs. */
function groupAlike(all: readonly Told[]): readonly (readonly Told[])[] {
  const groups: Told[][] = [];
  for (const told of all) {
    const group = groups.at(-1);
    if (group !== undefined && group[0]!.lines.join("\n") === told.lines.join("\n")) group.push(told);
    else groups.push([told]);
  }
  return groups.flatMap((group) => group.length > MOST_ALIKE ? [group] : group.map((told) => [told]));
}

function formatGroup(group: readonly Told[], path: string, style: Style): string[] {
  const [{ statement, lines }] = group as [Told];
  const more = group.length - 1;
  return [
    "",
    `  ${style.cyan(`${path}:${statement.line}`)}  ${truncate(oneLine(statement.sql), STATEMENT_WIDTH)}`,
    ...lines.map((line) => `    ${line}`),
    ...(more === 0 ? [] : [style.dim(`  … and the same of ${more} more, to line ${group.at(-1)!.statement.line}`)]),
  ];
}

/**
 * Says which statement hurts most, and of which nobody knows.
 *
 * @param trace The trace.
 * @param style Emphasis.
 * @param extent How far it came: that there is no danger can only be said of the whole.
 * @returns One line, or two.
 */
export function formatWorst({ migrations, worst }: Trace, style: Style, extent: TraceExtent = "whole"): string[] {
  const unknown = migrations.flatMap(({ path, statements }) =>
    statements.filter(({ duration }) => duration === "unknown").map(({ line }) => `${path}:${line}`)
  );
  const rows = migrations.flatMap(({ path, statements }) =>
    statements.filter(({ rowLocks }) => rowLocks.length > 0).map(({ line }) => `${path}:${line}`)
  );
  const isDangerous = worst !== undefined && worst.danger !== "low";
  return [
    ...(isDangerous || extent === "whole" ? [describeWorst(worst, rows, style)] : []),
    ...(unknown.length === 0 ? [] : [`${style.yellow("Not known:")} ${listNames(unknown, 6)}`]),
  ];
}

function describeWorst(worst: WorstStatement | undefined, rows: readonly string[], style: Style): string {
  if (worst === undefined) return `${style.green("No danger seen:")} nothing is locked that was there before`;
  const { danger, lock, statement, path, line } = worst;
  if (danger === "low") {
    const locked = rows.length === 0 ? "" : `, but for rows that stay locked by ${listNames(rows, 6)}`;
    return `${style.green("No danger seen:")} neither reads nor writes have to wait${locked}`;
  }
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
