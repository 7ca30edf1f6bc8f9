/**
 * Notes a failure down in the history.
 *
 * @module
 */

import { DatabaseError } from "../core/database_error.ts";
import type { Step } from "../core/plan.ts";
import { SqlError } from "../core/sql_error.ts";
import { guards, type Run } from "./context.ts";
import { ownStatementError } from "./failure.ts";
import { logSql, recordSql } from "./history_sql.ts";
import { isLost } from "./session.ts";
import { rowBefore } from "./settled.ts";
import { failedGuard, lockTimeoutSql, transactionMessage } from "./transaction.ts";

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
  step: Step,
  failure: unknown,
): Promise<void> {
  if (!(failure instanceof SqlError)) return;
  const { table } = run.context;
  const error = failure.message;
  const message = transactionMessage({
    before: [lockTimeoutSql(), ...guards(run, { name: step.name, expected: rowBefore(step) })],
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
    if (!isLost(error)) await run.session.rollback().catch(() => undefined);
    run.context.emit({
      type: "warning",
      problem: {
        code: "failed",
        severity: "warning",
        message: `Cannot record the failure of "${step.name}": ${reasonOf(error)}`,
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

function reasonOf(error: unknown): string {
  if (error instanceof DatabaseError && failedGuard(error.message) !== undefined) {
    return ownStatementError(error).message;
  }
  return error instanceof Error ? error.message : String(error);
}
