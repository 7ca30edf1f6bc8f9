/**
 * Runs one migration or rollback in one transaction, together with its history.
 *
 * @module
 */

import { DatabaseError } from "../core/database_error.ts";
import { MigrationError } from "../core/error.ts";
import type { Done } from "../core/event.ts";
import type { Section } from "../core/migration.ts";
import type { Step } from "../core/plan.ts";
import { SqlError } from "../core/sql_error.ts";
import { guards, type Run, settingsOf } from "./context.ts";
import { describeFailure } from "./failure.ts";
import { deleteSql, logSql, recordSql, STOP_CLOCK_SQL } from "./history.ts";
import { describeHolder } from "./holder.ts";
import { pause } from "./pause.ts";
import { type Message, readClosing, settingsSql, transactionMessage } from "./transaction.ts";

/** Failures that another try may not meet again: a lock time-out, a deadlock, a serialization failure. */
const RETRIED = new Set(["55P03", "40P01", "40001"]);

const LOCK_TIMEOUT_MS = 3000;
const FIRST_DELAY_MS = 200;
const LAST_DELAY_MS = 10_000;

/**
 * Runs a step in one transaction. Lock time-outs, deadlocks and serialization failures are tried again.
 *
 * @param run The run.
 * @param step The step.
 * @returns What was done.
 * @throws A {@linkcode SqlError} if the server refuses it; a `MigrationError` with code `LOCK_LOST`, `OUTCOME_UNKNOWN`
 * or `ABORTED`.
 */
export async function executeTransaction(run: Run, step: Step): Promise<Done> {
  const message = stepMessage(run, step);
  for (let attempt = 1;; attempt++) {
    try {
      const durationMs = await run.watch.during(lockTimeoutOf(run, step), () => sendTransaction(run, message));
      return { name: step.name, direction: step.direction, durationMs };
    } catch (error) {
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
 * @returns How long its section ran, in milliseconds.
 */
export async function sendTransaction(
  run: Run,
  message: Message,
  abort: "cancel" | "finish" = "cancel",
): Promise<number> {
  let elapsedMs: number | undefined;
  try {
    elapsedMs = readClosing(
      await (abort === "cancel" ? run.session.query(message.sql) : run.session.finish(message.sql)),
    );
  } catch (error) {
    if (!isLost(error)) await run.session.finish("ROLLBACK");
    throw error;
  }
  if (elapsedMs === undefined) {
    throw new MigrationError(
      "OUTCOME_UNKNOWN",
      "Cannot tell whether the transaction was committed: its last row is missing",
    );
  }
  return elapsedMs;
}

function isLost(error: unknown): boolean {
  return error instanceof MigrationError && error.code === "CONNECTION_LOST";
}

async function retryOrThrow(run: Run, step: Step, message: Message, attempt: number, error: unknown): Promise<void> {
  const { name, direction, migration } = step;
  if (await retryLater(run, step, attempt, error)) return;
  const failure = describeFailure(error, { migration, direction, message, hint: adviseOnLocks(run, error) });
  await recordFailure(run, { name, direction, migration }, failure);
  throw failure;
}

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

/**
 * Advice for a failure whose tries are spent: of a lock time-out, who was in the way.
 *
 * @param run The run.
 * @param error The failure.
 * @returns The advice, if there is any.
 */
export function adviseOnLocks(run: Run, error: unknown): string | undefined {
  if (!(error instanceof DatabaseError) || error.fields.sqlstate !== "55P03") return undefined;
  const who = run.watch.seen.map(describeHolder).join("; ");
  const blocked = who === "" ? "Another session holds a lock that it needs" : `Blocked by ${who}`;
  return `${blocked}: run it again when that is done, or raise --lock-timeout`;
}

function lockTimeoutOf(run: Run, step: Step): number {
  return settingsOf(step, run.context.settings).lockTimeoutMs ?? LOCK_TIMEOUT_MS;
}

function stepMessage(run: Run, step: Step): Message {
  const { context } = run;
  const { table } = context;
  const times = settingsOf(step, context.settings);
  const expected = step.direction === "up"
    ? { type: "pending" } as const
    : { type: "applied", checksum: step.migration.checksum } as const;
  return transactionMessage({
    before: [
      ...guards(run, step.name, expected),
      ...settingsSql({
        ...times,
        lockTimeoutMs: lockTimeoutOf(run, step),
        role: context.settings.role,
        session: context.settings.session,
      }, "LOCAL"),
    ],
    section: sectionOf(step),
    resetSql: run.session.resetSql,
    records: [
      STOP_CLOCK_SQL,
      step.direction === "up"
        ? recordSql(table, step.migration, { applied: "now", durationMs: "elapsed" })
        : deleteSql(table, step.name),
      logSql(table, {
        runId: run.runId,
        action: step.direction === "up" ? "applied" : "rolled_back",
        name: step.name,
        checksum: step.migration.checksum,
        durationMs: "elapsed",
      }),
    ].join("\n"),
  });
}

/**
 * The section that a step runs.
 *
 * @param step The step.
 * @returns The section.
 */
export function sectionOf(step: Step): Section {
  return step.direction === "up" ? step.migration.up : step.migration.rollback!;
}

/**
 * Writes what failed into the history and the log. A failed `up` gets a row that does not count as applied; of a failed
 * rollback only the log tells, since its migration stays applied.
 *
 * @param run The run.
 * @param step What failed.
 * @param failure Why; only what the server refused is recorded.
 */
export async function recordFailure(
  run: Run,
  step: Pick<Step, "name" | "direction" | "migration">,
  failure: unknown,
): Promise<void> {
  if (!(failure instanceof SqlError)) return;
  const { table } = run.context;
  const error = failure.message;
  const message = transactionMessage({
    before: guards(
      run,
      step.name,
      step.direction === "up" ? { type: "pending" } : { type: "applied", checksum: step.migration.checksum },
    ),
    records: [
      ...(step.direction === "up" ? [recordSql(table, step.migration, { applied: "no", error })] : []),
      logSql(table, {
        runId: run.runId,
        action: "failed",
        name: step.name,
        checksum: step.migration.checksum,
        error,
        details: failureDetails(failure),
      }),
    ].join("\n"),
  });
  try {
    await run.session.finish(message.sql);
  } catch (error) {
    // What stopped the migration is what a person needs to see; that it could not be noted down is only a warning.
    if (!isLost(error)) await run.session.finish("ROLLBACK").catch(() => undefined);
    run.context.emit({
      type: "warning",
      problem: {
        code: "failed",
        severity: "warning",
        message: `Cannot record the failure of "${step.name}": ${
          error instanceof Error ? error.message : String(error)
        }`,
        name: step.name,
      },
    });
  }
}

/** What the log says of a failure beside its text. */
export function failureDetails(failure: SqlError): Readonly<Record<string, unknown>> {
  return {
    direction: failure.direction,
    sqlstate: failure.sqlstate ?? null,
    detail: failure.detail ?? null,
    hint: failure.serverHint ?? null,
    path: failure.path,
    line: failure.line ?? null,
    column: failure.column ?? null,
  };
}
