/**
 * What one traced statement does.
 *
 * @module
 */

import type { Danger, StatementTrace, TracedLock } from "../trace/trace.ts";
import { oneLine } from "./printable.ts";
import type { Paint, Style } from "./style.ts";
import { type Cell, formatTable } from "./table.ts";
import { describeHolders, describeSize, type Live } from "./trace_live.ts";
import { describeBlocked, describeLength, describeNothing, describeRowLocks, shownLocks } from "./trace_words.ts";
import { listNames } from "./wording.ts";

/**
 * Prints what one statement does.
 *
 * @param statement The statement.
 * @param live The objects as they are live, by name.
 * @param style Emphasis.
 * @returns A table, and what else is to be known.
 */
export function formatStatement(statement: StatementTrace, live: Live, style: Style): string[] {
  const rows = shownLocks(statement);
  const strong = rows.filter(({ blocks }) => blocks.length > 1);
  const weak = rows.filter(({ blocks }) => blocks.length === 1);
  return [
    ...(strong.length === 0 ? [] : lockTable(strong, statement, live, style)),
    ...(weak.length === 0 ? [] : [style.dim(`only schema changes wait for ${listNames(weak.map(describeWeak), 6)}`)]),
    ...(rows.length === 0 ? [style.dim(describeNothing(statement))] : []),
    ...describeRowLocks(statement),
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

/**
 * Chooses the emphasis of what a statement blocks.
 *
 * @param danger How much it hurts.
 * @param style Emphasis.
 * @returns The paint.
 */
export function paintOf(danger: Danger, style: Style): Paint {
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
