/**
 * Messages that are on their way: one step in each, or several where the way to the server is long.
 *
 * @module
 */

import { DatabaseError } from "../core/database_error.ts";
import { MigrationError } from "../core/error.ts";
import type { Done } from "../core/event.ts";
import type { Step } from "../core/plan.ts";
import { countCodePoints } from "../core/position.ts";
import type { Run } from "./context.ts";
import { lastSettledSql } from "./settle_sql.ts";
import { type Durability, type Sending, stepMessage } from "./step_message.ts";
import { closingSql, countStatements, lockTimeoutSql, type Message, readClosing } from "./transaction.ts";

/** A message that was sent. */
export interface Flight {
  /** Its steps, each of one transaction. */
  readonly steps: readonly Step[];
  /** The message of each. */
  readonly messages: readonly Message[];
  /** Whether the commit of the last one is flushed to disk. */
  readonly durability: Durability;
  /** Each step with how long it took. Rejects with what the server or the session said. */
  readonly answer: Promise<readonly Done[]>;
  /** How many of its statements completed so far. */
  readonly completed: { readonly statements: number };
}

/** What is sent. */
export interface Cargo {
  /** The steps. */
  readonly steps: readonly Step[];
  /** Whether the commit of the last one is flushed to disk. */
  readonly durability: Durability;
  /** The step before them, if it is on its way, too. */
  readonly chain: Step | undefined;
  /** How the statements of the tool are sent. */
  readonly statements: NonNullable<Sending["statements"]>;
  /** What the history holds of a step before it, and the place in the order of application that it gets. */
  readonly rowOf: (step: Step) => Pick<Sending, "found" | "seq">;
}

/** Sends steps in one message, and does not wait for it. */
export function launch(run: Run, { steps, durability, chain, statements, rowOf }: Cargo): Flight {
  const last = steps.length - 1;
  const messages = steps.map((step, index) =>
    stepMessage(run, step, {
      durability: index === last ? durability : "later",
      ...rowOf(step),
      chain: index === 0 ? chain : undefined,
      follows: index > 0,
      statements,
    })
  );
  const completed = { statements: 0 };
  const answer = send(run, steps, messages, keepIn(completed));
  // It is looked at when it is its turn, and that may be after it failed.
  answer.catch(ignore);
  return { steps, messages, durability, answer, completed };
}

/** Knows nothing of the message, whose text would be kept with what counts. */
function keepIn(completed: { statements: number }): (count: number) => void {
  return (count) => completed.statements = count;
}

function ignore(): void {}

/** The step that the server is at; `undefined` before the first has begun. */
export function currentStep({ steps, messages, completed }: Flight): Step | undefined {
  if (completed.statements === 0) return undefined;
  return steps[Math.min(messageAt(messages, completed.statements).index, steps.length - 1)];
}

async function send(
  run: Run,
  steps: readonly Step[],
  messages: readonly Message[],
  onCompleted: (count: number) => void,
): Promise<readonly Done[]> {
  const bodies = messages.map((message) => message.body).join("");
  const sql = messages.length === 1
    ? messages[0]!.sql
    : `${bodies}${closingSql(lastSettledSql(run.context.table, run.runId, steps.length))}`;
  const answer = readClosing(await run.session.query(sql, onCompleted));
  if (answer === undefined) throw unknownOutcome(steps, "The last row is missing");
  if (messages.length > 1) return readSettled(steps, answer);
  const { name, direction } = steps[0]!;
  return [{ name, direction, durationMs: Number(answer) }];
}

/** Asks how many of the steps that were sent, from the first on, are done. Runs even after an abort. */
export async function askSettled(run: Run, steps: readonly Step[]): Promise<readonly Done[]> {
  // Nothing cancels it, and the log may be locked.
  const [row] = await run.session.finish(
    `${lockTimeoutSql()}\nSELECT (${
      lastSettledSql(run.context.table, run.runId, steps.length)
    })::pg_catalog.text AS answer`,
  );
  return readSettled(steps, String(row?.answer));
}

type Settled = readonly [name: string, action: string, durationMs: number];

/** The log may begin with steps from before, and ends with those that were done. */
function readSettled(steps: readonly Step[], answer: string): Done[] {
  const settled = JSON.parse(answer) as readonly Settled[];
  const is = ({ name, direction }: Step) => (one: Settled) =>
    one[0] === name && one[1] === (direction === "up" ? "applied" : "rolled_back");
  const start = steps[0] === undefined ? -1 : settled.findIndex(is(steps[0]));
  return (start < 0 ? [] : settled.slice(start)).map(([, , durationMs], index) => {
    const { name, direction } = steps[index]!;
    return { name, direction, durationMs };
  });
}

/** Where in a flight a failure came up. */
export interface FlightFailure {
  /** Which of its steps it is of: a syntax error of a later one keeps all of them from running. */
  readonly index: number;
  /** The message of that step. */
  readonly message: Message;
  /** What the server said, with its place in that message alone. */
  readonly error: DatabaseError;
}

/**
 * Finds the step that a failure is of.
 *
 * @param flight The message.
 * @param error What the server said.
 * @returns The step and its place; `undefined` if the server does not tell.
 */
export function placeFailure({ messages }: Flight, error: DatabaseError): FlightFailure | undefined {
  const { position, completed } = error.fields;
  const [only] = messages;
  if (messages.length === 1) return { index: 0, message: only!, error };
  if (position === undefined && completed === undefined) return undefined;
  const { index, rest } = position === undefined
    ? messageAt(messages, completed!)
    : messageAt(messages, position - 1, countCodePoints);
  const message = messages[index];
  if (message === undefined) return undefined;
  const place = position === undefined ? { completed: rest } : { position: rest + 1 };
  return { index, message, error: new DatabaseError(error.kind, error.message, { ...error.fields, ...place }) };
}

/** The message that so many statements, or code points, lie before, and how many of them lie in it. */
function messageAt(
  messages: readonly Message[],
  offset: number,
  measure: (sql: string) => number = countStatements,
): { readonly index: number; readonly rest: number } {
  let rest = offset;
  for (const [index, { body }] of messages.entries()) {
    const size = messages.length === 1 ? Infinity : measure(body);
    if (rest < size) return { index, rest };
    rest -= size;
  }
  return { index: messages.length, rest };
}

/**
 * The error for steps of which nobody knows whether they were done.
 *
 * @param steps The steps.
 * @param reason Why.
 * @param cause What was caught.
 * @returns An error with code `OUTCOME_UNKNOWN`.
 */
export function unknownOutcome(steps: readonly Step[], reason: string, cause?: unknown): MigrationError {
  const [first, last] = [steps[0]!.name, steps.at(-1)!.name];
  const isOne = steps.length === 1;
  const error = new MigrationError("OUTCOME_UNKNOWN", `${reason} while "${first}"${isOne ? "" : ` to "${last}"`} ran`, {
    hint: `${
      isOne ? "It" : "Each"
    } is either fully done and recorded or not done at all: run status, then the same command again`,
    cause,
  });
  error.unknown = [...new Set(steps.map(({ name }) => name))];
  return error;
}
