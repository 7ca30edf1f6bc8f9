/**
 * Runs one migration or rollback in one transaction, together with its history.
 *
 * @module
 */

import type { Row } from "../core/database.ts";
import { DatabaseError } from "../core/database_error.ts";
import { MigrationError } from "../core/error.ts";
import type { Done } from "../core/event.ts";
import type { Step } from "../core/plan.ts";
import { sectionOf } from "../core/step_section.ts";
import type { Run } from "./context.ts";
import { describeFailure } from "./failure.ts";
import { pause } from "./pause.ts";
import { recordFailure } from "./record_failure.ts";
import { adviseOnLocks, retryLater } from "./retry.ts";
import { isLost } from "./session.ts";
import { lockTimeoutOf, type Sending, stepMessage } from "./step_message.ts";
import { failedGuard, type Message, placeInMessage, readClosing } from "./transaction.ts";

/** How often, and how long after each other, a transaction is begun while another session has the lock of a lease. */
const LOCK_TOUCHES = 50;
const LOCK_TOUCH_MS = 100;

/**
 * Runs a step in one transaction. Lock time-outs, deadlocks and serialization failures are tried again.
 *
 * @param run The run.
 * @param step The step.
 * @param sending How it is sent.
 * @param tries How often it was tried already.
 * @returns What was done.
 * @throws A `SqlError` if the server refuses it; a `MigrationError` with code `LOCK_LOST`, `OUTCOME_UNKNOWN`
 * or `ABORTED`.
 */
export async function executeTransaction(run: Run, step: Step, sending: Sending, tries: number): Promise<Done> {
  const message = stepMessage(run, step, sending);
  for (let attempt = tries + 1;; attempt++) {
    try {
      const answer = await run.watch.during(lockTimeoutOf(run, step), () => sendTransaction(run, message));
      await run.session.forgetPrepared(sectionOf(step).sql);
      return { name: step.name, direction: step.direction, durationMs: Number(answer) };
    } catch (error) {
      await run.session.forgetPrepared(sectionOf(step).sql);
      await retryOrThrow(run, step, message, attempt, error);
    }
  }
}

/**
 * Sends a transaction and sees that it was committed. After a failure the session is out of the transaction.
 *
 * @param run The run.
 * @param message The transaction.
 * @param abort What an abort does: `cancel` the statement, or let it `finish`, as the journal must.
 * @returns What its closing row tells.
 */
export async function sendTransaction(
  run: Run,
  message: Message,
  abort: "cancel" | "finish" = "cancel",
): Promise<string> {
  const answer = readClosing(await sendGuarded(run, message, abort));
  if (answer === undefined) {
    throw new MigrationError(
      "OUTCOME_UNKNOWN",
      "Cannot tell whether the transaction was committed: its last row is missing",
    );
  }
  return answer;
}

/** A runner without a lease takes the lock for a moment before it sees that there is a lease: that is waited out. */
async function sendGuarded(run: Run, message: Message, abort: "cancel" | "finish"): Promise<readonly Row[]> {
  for (let attempt = 1;; attempt++) {
    try {
      return await (abort === "cancel" ? run.session.query(message.sql) : run.session.finish(message.sql));
    } catch (error) {
      if (!isLost(error)) await run.session.rollback();
      const isTouched = run.lock.kind === "lease" && error instanceof DatabaseError &&
        failedGuard(error.message) === "lock";
      if (!isTouched || attempt === LOCK_TOUCHES) throw error;
      await pause(LOCK_TOUCH_MS, abort === "cancel" ? run.context.signal : undefined);
    }
  }
}

/**
 * Waits before another try, or notes the failure down and throws it.
 *
 * @param run The run.
 * @param step What failed.
 * @param message Its message.
 * @param attempt How many tries there were.
 * @param error Why.
 */
export async function retryOrThrow(
  run: Run,
  step: Step,
  message: Message,
  attempt: number,
  error: unknown,
): Promise<void> {
  const { direction, migration } = step;
  // What is committed is not done again, whatever kept its end from being read.
  const isCommitted = error instanceof DatabaseError && placeInMessage(message, error.fields).type === "committed";
  if (!isCommitted && await retryLater(run, step, attempt, error)) return;
  const failure = describeFailure(error, { migration, direction, message, hint: adviseOnLocks(run, error) });
  await recordFailure(run, step, failure);
  throw failure;
}
