/**
 * Runs several migrations in one message, each in its own transaction: over a long way to the server the answer to each
 * would be waited for longer than it runs.
 *
 * @module
 */

import { DatabaseError } from "../core/database_error.ts";
import { MigrationError } from "../core/error.ts";
import type { Done } from "../core/event.ts";
import type { Step } from "../core/plan.ts";
import { countCodePoints } from "../core/position.ts";
import type { Run } from "./context.ts";
import { lockTimeoutOf, stepMessage } from "./execute.ts";
import { settledSinceSql } from "./history.ts";
import { isLost } from "./session.ts";
import { closingSql, countStatements, type Message, readClosing } from "./transaction.ts";

/** What came of several steps that were sent at once. */
export interface BatchOutcome {
  /** Those that were committed: the first of them, in order. */
  readonly done: readonly Done[];
  /** Why the next one was not; `undefined` if all were. */
  readonly failure?: BatchFailure | undefined;
}

/** What stopped several steps that were sent at once. */
export interface BatchFailure {
  /** What was thrown, with its place in the message of its step. */
  readonly error: unknown;
  /** Which of the steps it is of, where that is known: a syntax error of a later one keeps all of them from running. */
  readonly index: number | undefined;
  /** The message of that step. */
  readonly message: Message | undefined;
}

/**
 * Sends several steps in one message.
 *
 * @param run The run.
 * @param steps The steps, each of one transaction.
 * @param before How many steps the run did before them.
 * @returns What came of them.
 * @throws A `MigrationError` with code `OUTCOME_UNKNOWN` if the connection is lost.
 */
export async function sendBatch(run: Run, steps: readonly Step[], before: number): Promise<BatchOutcome> {
  const messages = steps.map((step, index) => stepMessage(run, step, index === steps.length - 1 ? "now" : "later"));
  const settled = settledSinceSql(run.context.table, run.runId, before);
  const sql = `${messages.map((message) => message.body).join("")}${closingSql(settled)}`;
  const lockTimeoutMs = Math.min(...steps.map((step) => lockTimeoutOf(run, step)));
  try {
    const answer = readClosing(await run.watch.during(lockTimeoutMs, () => run.session.query(sql)));
    if (answer === undefined) throw unknownOutcome(steps, "The last row is missing");
    return { done: readDone(steps, answer) };
  } catch (error) {
    if (isLost(error)) throw unknownOutcome(steps, (error as MigrationError).message, error);
    if (error instanceof MigrationError && error.code === "OUTCOME_UNKNOWN") throw error;
    await run.session.rollback();
    const [row] = await run.session.finish(`SELECT (${settled})::pg_catalog.text AS answer`);
    const done = readDone(steps, String(row?.answer ?? ""));
    if (done.length === steps.length) return { done };
    return { done, failure: place(messages, error) };
  }
}

/** The steps that the log says are done, with how long each took. */
function readDone(steps: readonly Step[], answer: string): Done[] {
  const durations = JSON.parse(answer === "" ? "[]" : answer) as readonly number[];
  return durations.map((durationMs, index) => {
    const { name, direction } = steps[index]!;
    return { name, direction, durationMs };
  });
}

/** Finds the step that an error is of, and its place in the message of that step alone. */
function place(messages: readonly Message[], error: unknown): BatchFailure {
  const unplaced = { error, index: undefined, message: undefined };
  if (!(error instanceof DatabaseError)) return unplaced;
  const { position, completed } = error.fields;
  const measure = position === undefined ? countStatements : countCodePoints;
  let rest = position ?? completed;
  if (rest === undefined) return unplaced;
  for (const [index, message] of messages.entries()) {
    const size = measure(message.body);
    if (position === undefined ? rest < size : rest <= size) {
      const fields = { ...error.fields, ...(position === undefined ? { completed: rest } : { position: rest }) };
      return { error: new DatabaseError(error.kind, error.message, fields), index, message };
    }
    rest -= size;
  }
  return unplaced;
}

function unknownOutcome(steps: readonly Step[], reason: string, cause?: unknown): MigrationError {
  const [first, last] = [steps[0]!.name, steps.at(-1)!.name];
  return new MigrationError("OUTCOME_UNKNOWN", `${reason} while "${first}" to "${last}" ran`, {
    hint: "Each is either fully done and recorded or not done at all: run status, then the same command again",
    cause,
  });
}
