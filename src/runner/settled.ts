/**
 * What the history says before a step and after it.
 *
 * @module
 */

import type { Step } from "../core/plan.ts";
import type { Run } from "./context.ts";
import { deleteSql, type Elapsed, logSql, recordSql } from "./history.ts";
import type { ExpectedRow } from "./transaction.ts";

/**
 * The row that a step finds before anything of it ran.
 *
 * @param step The step.
 * @returns No row that counts for an `up`, the row of the same text for a rollback.
 */
export function rowBefore({ direction, migration }: Pick<Step, "direction" | "migration">): ExpectedRow {
  return direction === "up" ? { type: "pending" } : { type: "applied", checksum: migration.checksum };
}

/**
 * Writes row and log entry of a step that is done.
 *
 * @param run The run.
 * @param step The step.
 * @param durationMs How long it ran; or since when: see {@linkcode Elapsed}.
 * @returns SQL without transaction control.
 */
export function settledSql(run: Run, step: Step, durationMs: number | Elapsed): string {
  const { table } = run.context;
  const { direction, migration, name } = step;
  return [
    direction === "up" ? recordSql(table, migration, { applied: "now", durationMs }) : deleteSql(table, name),
    logSql(table, {
      runId: run.runId,
      action: direction === "up" ? "applied" : "rolled_back",
      name,
      checksum: migration.checksum,
      durationMs: direction === "up" ? "recorded" : durationMs,
    }),
    run.lock.renewSql,
  ].join("\n");
}
