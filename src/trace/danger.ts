/**
 * Which statement hurts most.
 *
 * @module
 */

import type {
  Blocked,
  Danger,
  MigrationTrace,
  StatementTrace,
  TracedDuration,
  TracedLock,
  TracedWork,
  WorstStatement,
} from "./trace.ts";

/** What decides how much a statement hurts. */
type Harm = Pick<StatementTrace, "locks" | "held" | "duration"> & Partial<Pick<StatementTrace, "work">>;

const LENGTHS: readonly TracedDuration[] = ["instant", "rows", "unknown", "size"];

/** Tells how much a statement hurts; `none` if it locks nothing that was there before its migration. */
export function dangerOf(statement: Harm): Danger {
  const lock = worstLock(statement);
  if (lock === undefined) return "none";
  const isBlocking = lock.blocks.includes("writes");
  // What waits for no lock of the statement waits for what was locked before it: a moment matters only once.
  if (!isBlocking || (statement.duration === "instant" && !statement.locks.includes(lock))) return "low";
  return statement.duration === "size" ? "high" : "medium";
}

/**
 * Finds the statement that hurts most, of several such the first.
 *
 * @param migrations What was traced.
 * @param there The objects that are there live; all of them if nobody looked.
 * @returns It; `undefined` if nothing is locked that was there before.
 */
export function findWorst(
  migrations: readonly MigrationTrace[],
  there?: ReadonlySet<string>,
): WorstStatement | undefined {
  const isThere = ({ object }: TracedLock) => there === undefined || there.has(object);
  let worst: { readonly value: WorstStatement; readonly rank: number } | undefined;
  for (const { name, path, statements } of migrations) {
    for (const statement of statements) {
      const harm = { ...statement, locks: statement.locks.filter(isThere), held: statement.held.filter(isThere) };
      const lock = worstLock(harm);
      if (lock === undefined) continue;
      const danger = dangerOf(harm);
      const rank = rankOf(danger, statement, lock);
      if (worst === undefined || rank > worst.rank) {
        worst = { value: { name, path, line: statement.line, danger, lock, statement }, rank };
      }
    }
  }
  return worst?.value;
}

/** Of locks that keep the same waiting it is the one on what takes longest. */
function worstLock({ locks, held, work = [] }: Harm): TracedLock | undefined {
  const ranked = [...locks, ...held].map((lock) => ({ lock, rank: weight(lock.blocks) * 100 + effortOn(lock, work) }));
  return ranked.reduce((worst, one) => one.rank > worst.rank ? one : worst, { lock: ranked[0]?.lock, rank: -Infinity })
    .lock;
}

/** To write a table anew takes longer than to build an index, and that longer than to read it. */
const LONGEST: readonly TracedWork["type"][] = [
  "rows",
  "sample",
  "scan",
  "foreign-key",
  "vacuum",
  "index-build",
  "index-rebuild",
  "fill",
  "refresh",
  "rewrite",
];

function effortOf(work: readonly TracedWork[]): number {
  return Math.max(0, ...work.map(({ type }) => LONGEST.indexOf(type) + 1));
}

function effortOn({ object }: TracedLock, work: readonly TracedWork[]): number {
  return effortOf(work.filter((one) => "table" in one && one.table === object));
}

function rankOf(danger: Danger, { duration, work }: StatementTrace, { blocks }: TracedLock): number {
  const level = ["none", "low", "medium", "high"].indexOf(danger);
  return level * 10_000 + weight(blocks) * 1000 + LENGTHS.indexOf(duration) * 100 + effortOf(work);
}

function weight(blocks: readonly Blocked[]): number {
  return (blocks.includes("reads") ? 4 : 0) + (blocks.includes("writes") ? 2 : 0) + (blocks.length > 1 ? 1 : 0);
}
