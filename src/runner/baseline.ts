/**
 * Records migrations as applied without running them, for a database that has their schema already.
 *
 * @module
 */

import type { Comparison } from "../core/compare.ts";
import { MigrationError } from "../core/error.ts";
import type { Migration } from "../core/migration.ts";
import { hasRun } from "../core/record.ts";
import { unknownMigration } from "../core/plan.ts";
import { orderError } from "../core/refusal.ts";
import type { Context } from "./context.ts";
import { logSql, recordSql } from "./history_sql.ts";
import { loadMigrations } from "./load.ts";
import { ensureHistory, withLock, writeHistory } from "./locked.ts";
import { refuseReadOnly } from "./server.ts";
import { compareWith, survey, withSession } from "./survey.ts";

/** What a baseline would record, in order. */
export interface BaselinePlan {
  /** Name of the database. */
  readonly db: string;
  /** Names of the migrations. */
  readonly names: readonly string[];
}

/**
 * Finds what a baseline would record, and writes nothing.
 *
 * @param context The database.
 * @param to The last one to record.
 * @returns Their names.
 * @throws A {@linkcode MigrationError} with code `UNKNOWN_MIGRATION`, or `PLAN_CHANGED` if anything is applied.
 */
export async function planBaseline(context: Context, to: string): Promise<BaselinePlan> {
  const files = await loadMigrations(context);
  return await withSession(context, "read", async (session) => {
    const { records } = await survey(context, session);
    const chosen = choose(compareWith(context, files.migrations, records), to);
    return { db: context.dbName, names: chosen.map((migration) => migration.name) };
  });
}

/**
 * Records migrations as applied, in one transaction under the lock.
 *
 * @param context The database.
 * @param to The last one to record.
 * @param expected The plan that a person agreed to.
 * @returns Their names.
 * @throws A {@linkcode MigrationError} as {@linkcode planBaseline} does, or with code `PLAN_CHANGED`.
 */
export async function baseline(context: Context, to: string, expected?: BaselinePlan): Promise<readonly string[]> {
  const files = await loadMigrations(context);
  return await withSession(context, "write", async (session) => {
    const found = await survey(context, session);
    refuseReadOnly(found.server);
    return await withLock(context, session, found.server, async (run, { server, records }) => {
      const chosen = choose(compareWith(context, files.migrations, records), to);
      const names = chosen.map((migration) => migration.name);
      if (expected !== undefined && expected.names.join() !== names.join()) {
        throw new MigrationError("PLAN_CHANGED", "Cannot baseline: the files changed since the plan was made");
      }
      await ensureHistory(run, server);
      const sql = chosen.flatMap((migration) => [
        recordSql(context.table, migration, { applied: "now" }),
        logSql(context.table, {
          runId: run.runId,
          action: "baselined",
          name: migration.name,
          checksum: migration.checksum,
        }),
      ]);
      await writeHistory(run, sql.join("\n"));
      return names;
    });
  });
}

function choose(comparison: Comparison, to: string): readonly Migration[] {
  const ran = comparison.records.filter(hasRun);
  if (ran.length > 0) {
    throw new MigrationError(
      "PLAN_CHANGED",
      `Cannot baseline: the history holds ${ran.length} applied ${
        ran.length === 1 ? "migration" : "migrations"
      } already`,
      { hint: "A baseline is for a database without a history; use up" },
    );
  }
  if (comparison.problems.length > 0) throw orderError(comparison.problems);
  const place = comparison.order.findIndex((migration) => migration.name === to);
  if (place < 0) throw unknownMigration(to, comparison.order.map((migration) => migration.name));
  return comparison.order.slice(0, place + 1);
}
