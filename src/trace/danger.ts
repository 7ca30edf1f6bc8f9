/**
 * Which statement hurts most.
 *
 * @module
 */

import type { Blocked, Danger, Duration, MigrationTrace, StatementTrace, TracedLock, Worst } from "./trace.ts";

/** What decides how much a statement hurts. */
type Harm = Pick<StatementTrace, "locks" | "held" | "duration">;

const LENGTHS: readonly Duration[] = ["instant", "rows", "unknown", "size"];

/**
 * Tells how much a statement hurts.
 *
 * @param statement The statement.
 * @returns How much; `none` if it locks nothing that was there before its migration.
 */
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
 * @returns It; `undefined` if nothing is locked that was there before.
 */
export function findWorst(migrations: readonly MigrationTrace[]): Worst | undefined {
  let worst: { readonly value: Worst; readonly rank: number } | undefined;
  for (const migration of migrations) {
    for (const statement of migration.statements) {
      const lock = worstLock(statement);
      if (lock === undefined) continue;
      const { danger, line } = statement;
      const rank = rankOf(statement, lock);
      if (worst !== undefined && rank <= worst.rank) continue;
      worst = { value: { name: migration.name, path: migration.path, line, danger, lock, statement }, rank };
    }
  }
  return worst?.value;
}

function worstLock({ locks, held }: Harm): TracedLock | undefined {
  let worst: TracedLock | undefined;
  for (const lock of [...locks, ...held]) {
    if (worst === undefined || weight(lock.blocks) > weight(worst.blocks)) worst = lock;
  }
  return worst;
}

function rankOf({ danger, duration }: StatementTrace, { blocks }: TracedLock): number {
  const level = ["none", "low", "medium", "high"].indexOf(danger);
  return level * 1000 + weight(blocks) * 10 + LENGTHS.indexOf(duration);
}

function weight(blocks: readonly Blocked[]): number {
  return (blocks.includes("reads") ? 4 : 0) + (blocks.includes("writes") ? 2 : 0) + (blocks.length > 1 ? 1 : 0);
}
