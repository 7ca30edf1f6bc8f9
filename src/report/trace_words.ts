/**
 * What a traced statement does, in words.
 *
 * @module
 */

import type { Blocked, StatementTrace, TracedLock, TracedRowLock, TracedWork } from "../trace/trace.ts";
import { oneLine } from "./printable.ts";
import { countOf, listNames } from "./wording.ts";

/** The objects that a list of names is cut to. */
const MOST = 4;

/**
 * Says what has to wait for a lock.
 *
 * @param blocks What it keeps waiting.
 * @returns What hurts most of it: `reads and writes`.
 */
export function describeBlocked(blocks: readonly Blocked[]): string {
  const has = (blocked: Blocked) => blocks.includes(blocked);
  if (has("reads")) return "reads and writes";
  if (has("row locks")) return "writes and FOR UPDATE";
  if (has("writes")) return "writes";
  if (has("maintenance")) return "VACUUM and schema changes";
  return has("index builds") ? "index builds and schema changes" : "schema changes";
}

/**
 * Says why, and for how long, a lock keeps others waiting while a statement works.
 *
 * @param lock The lock.
 * @param statement The statement.
 * @returns `an instant, once it has the lock`, or what it does and what that grows with.
 */
export function describeLength(lock: TracedLock, statement: StatementTrace): string {
  const { work, truncated, source } = statement;
  if (statement.duration === "unknown") return "unknown";
  if (work.length === 0) {
    const what = truncated.includes(lock.object) ? "an instant: it is emptied" : "an instant, once it has the lock";
    return source === "manual" ? "an instant, after a wait" : what;
  }
  const own = work.filter((one) => concerns(one, lock));
  const told = own.length > 0 ? [...own].sort((a, b) => Number(isOn(b, lock)) - Number(isOn(a, lock))) : work;
  const clauses = told.map((one) => describeWork(one, lock));
  const what = `${clauses.slice(0, MOST).join(" and ")}${clauses.length > MOST ? " …" : ""}`;
  // A name may hold anything, a line feed included, and what is said may be a comment in SQL.
  return oneLine(`while ${what}: ${growth(told, lock)}`);
}

/** An index is worked on with its table. */
function subjectOf({ object, table }: TracedLock): string {
  return table ?? object;
}

function concerns(work: TracedWork, lock: TracedLock): boolean {
  if (work.type === "rows") return work.tables.includes(lock.object);
  if (lock.kind === "index" && "index" in work) return work.index === lock.object;
  const subject = subjectOf(lock);
  return ("table" in work && work.table === subject) || (work.type === "foreign-key" && work.references === subject);
}

/** What is done to the object itself is said first. */
function isOn(work: TracedWork, { object }: TracedLock): boolean {
  return "table" in work && work.table === object;
}

function describeWork(work: TracedWork, { object }: TracedLock): string {
  const name = (table: string) => table === object ? "it" : table;
  switch (work.type) {
    case "rewrite": {
      const indexes = work.indexes.length === 0 ? "" : ` with ${countOf(work.indexes.length, "index", "indexes")}`;
      return `${name(work.table)} is written anew${indexes}`;
    }
    case "scan": {
      const rows = work.table === object ? "every row" : `every row of ${work.table}`;
      return `${rows} is read${work.constraints.length === 0 ? "" : ` for ${listNames(work.constraints, MOST)}`}`;
    }
    case "foreign-key": {
      const rows = work.table === object ? "every row" : `every row of ${work.table}`;
      return `${rows} is looked up in ${name(work.references)}`;
    }
    case "index-build":
      return work.index === "" ? "an index is built" : `index ${work.index} is built`;
    case "index-rebuild":
      return work.index === "" ? "its indexes are built anew" : `index ${work.index} is built anew`;
    case "refresh":
      return `${name(work.table)} is filled`;
    case "fill":
      return "what it makes is filled";
    case "sample":
      return `some rows of ${name(work.table)} are read`;
    case "vacuum":
      return `${name(work.table)} is vacuumed`;
    case "rows":
      return work.tables.length === 0 ? "rows are read" : "rows are read and changed";
  }
}

function growth(work: readonly TracedWork[], { object }: TracedLock): string {
  if (work.every(({ type }) => type === "sample")) {
    return "as many as the statistics target asks for, whatever its size";
  }
  const tables = [...new Set(work.flatMap((one) => isSized(one) ? [one.table] : []))];
  const reads = [...new Set(work.flatMap((one) => "reads" in one ? one.reads : []))];
  const isQuery = work.some(({ type }) => type === "refresh" || type === "fill");
  const read = reads.length === 0 ? "" : ` of ${listNames(reads, MOST)}`;
  const causes = [
    ...(tables.length === 0 ? [] : [sizeOf(tables, object)]),
    ...(isQuery ? [`what its query reads${read}`] : []),
  ];
  if (causes.length > 0) return `grows with ${causes.join(" and ")}`;
  return `grows with how many${read === "" ? "" : `, and with what is read${read}`}`;
}

/** Whether work takes the longer, the larger the table is on which it is done. */
function isSized(work: TracedWork): work is Extract<TracedWork, { readonly table: string }> {
  return "table" in work && work.type !== "refresh" && work.type !== "sample";
}

function sizeOf(tables: readonly string[], object: string): string {
  return tables.every((table) => table === object) ? "its size" : `the size of ${listNames(tables, MOST)}`;
}

const ROWS: Readonly<Record<TracedRowLock["rows"], readonly [which: string, who: string]>> = {
  changed: ["that it changes", "who writes or locks the same rows waits, and the more rows these are the longer"],
  locked: ["that it selects", "who writes or locks the same rows waits"],
  referenced: ["that new rows refer to", "who deletes them or changes their key waits"],
};

/**
 * Says which rows stay locked.
 *
 * @param statement The statement.
 * @returns A line for each kind of lock.
 */
export function describeRowLocks({ rowLocks }: StatementTrace): string[] {
  return (["changed", "locked", "referenced"] as const).flatMap((kind) => {
    const tables = rowLocks.filter(({ rows }) => rows === kind).map(({ table }) => table);
    const [which, who] = ROWS[kind];
    return tables.length === 0
      ? []
      : [oneLine(`rows of ${listNames(tables, MOST)} ${which} stay locked until COMMIT: ${who}`)];
  });
}

/**
 * Chooses what is to be told of what is locked while a statement works; of an index that is shut with its table nothing
 * needs to be said.
 *
 * @param statement The statement.
 * @returns Its locks, and, if it takes time, those that were held before.
 */
export function shownLocks({ locks, held, duration }: StatementTrace): readonly TracedLock[] {
  const all = duration === "instant" ? locks : [...locks, ...held];
  const shut = new Set(all.filter(({ blocks }) => blocks.includes("reads")).map(({ object }) => object));
  return all.filter(({ table }) => table === null || !shut.has(table));
}

/**
 * Says that a statement locks nothing.
 *
 * @param statement The statement.
 * @returns Why that is so.
 */
export function describeNothing({ held, exempt, duration }: StatementTrace): string {
  if (duration === "unknown") return "its locks are not known";
  if (held.length > 0) return "no further lock; those from before stay";
  const made = exempt.length === 0 ? "" : `: the migration made ${oneLine(listNames(exempt, MOST))}`;
  return `locks nothing that was there before${made}`;
}
