/**
 * What a traced statement does, in words.
 *
 * @module
 */

import type { Blocked, StatementTrace, TracedLock, TracedWork } from "../trace/trace.ts";
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
  return work.table === subject || (work.type === "foreign-key" && work.references === subject);
}

/** What is done to the object itself is said first. */
function isOn(work: TracedWork, { object }: TracedLock): boolean {
  return work.type !== "rows" && work.table === object;
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
    case "vacuum":
      return `${name(work.table)} is vacuumed`;
    case "rows":
      return "rows are read and changed";
  }
}

function growth(work: readonly TracedWork[], { object }: TracedLock): string {
  const tables = work.flatMap((one) => one.type === "rows" ? [] : [one.table]);
  if (tables.length === 0) return "grows with how many";
  const others = [...new Set(tables)];
  return others.every((table) => table === object)
    ? "grows with its size"
    : `grows with the size of ${listNames(others, MOST)}`;
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
