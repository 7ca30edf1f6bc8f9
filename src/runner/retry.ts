/**
 * Another try for what failed because of other sessions.
 *
 * @module
 */

import { DatabaseError } from "../core/database_error.ts";
import { describeHolder } from "../core/lock_holder.ts";
import type { Step } from "../core/plan.ts";
import type { Run } from "./context.ts";
import { pause } from "./pause.ts";

/** Failures that another try may not meet again: a lock time-out, a deadlock, a serialization failure. */
const RETRIED = new Set(["55P03", "40P01", "40001"]);

const FIRST_DELAY_MS = 200;
const LAST_DELAY_MS = 10_000;

/**
 * Waits before another try, if the failure is one that another try may not meet again and tries are left.
 *
 * @param run The run.
 * @param step What failed.
 * @param attempt How many tries there were.
 * @param error Why.
 * @returns Whether to try again.
 */
export async function retryLater(
  run: Run,
  { name, direction }: Pick<Step, "name" | "direction">,
  attempt: number,
  error: unknown,
): Promise<boolean> {
  const { settings, emit, signal } = run.context;
  const sqlstate = error instanceof DatabaseError ? error.fields.sqlstate ?? "" : "";
  if (!(error instanceof DatabaseError) || !RETRIED.has(sqlstate) || attempt > settings.lockRetries) return false;
  const delayMs = Math.min(FIRST_DELAY_MS * 2 ** (attempt - 1), LAST_DELAY_MS) * (0.5 + Math.random());
  const blockers = sqlstate === "55P03" ? run.watch.seen : [];
  emit({ type: "migration:retry", name, direction, attempt, delayMs, sqlstate, message: error.message, blockers });
  await pause(delayMs, signal);
  return true;
}

/** Advice for a failure whose tries are spent, if there is any: of a lock time-out, who was in the way. */
export function adviseOnLocks(run: Run, error: unknown): string | undefined {
  const blocked = describeBlocked(run, error);
  return blocked === undefined
    ? undefined
    : `${blocked}: run it again when that is done, or give it more time (Lock-Timeout in its header, else --lock-timeout)`;
}

/** Says, in a sentence without its end, who was in the way of a lock time-out; `undefined` for another failure. */
export function describeBlocked(run: Run, error: unknown): string | undefined {
  if (!(error instanceof DatabaseError) || error.fields.sqlstate !== "55P03") return undefined;
  const who = run.watch.seen.map(describeHolder).join("; ");
  return who === "" ? "Another session holds a lock that it needs" : `Blocked by ${who}`;
}
