/**
 * A database that the migrations of a folder made.
 *
 * @module
 */

import type { Connection } from "../core/database.ts";
import { MigrationError } from "../core/error.ts";
import type { ShadowSource } from "../core/shadow.ts";
import { SqlError } from "../core/sql_error.ts";
import { type CallOptions, type MigrationRunner, runnerAccess } from "../runner/runner.ts";
import { requestOf } from "./needs.ts";
import { Obstacles } from "./obstacles.ts";
import { onStage } from "./stage.ts";

/** Where a folder is built. */
export interface BuildOptions extends CallOptions {
  /** Makes the database. */
  readonly shadows: ShadowSource;
}

/**
 * Applies all migrations of a runner's folder to a database that is made for it, does something there, and drops it.
 * Extensions that can be had, and roles that nobody creates, are there.
 *
 * @param runner The runner.
 * @param options Where.
 * @param work What to do.
 * @returns What the work returns.
 * @throws A {@linkcode MigrationError} with code `CONFIG` if a migration needs what cannot be had, `FILES_INVALID`, and as a
 * run does.
 */
export async function buildFolder<T>(
  runner: MigrationRunner,
  { shadows, ...call }: BuildOptions,
  work: (connection: Pick<Connection, "query">) => Promise<T>,
): Promise<T> {
  const terms = runnerAccess().terms(runner, call);
  const migrations = await runner.migrations();
  const request = requestOf(migrations);
  const obstacles = new Obstacles(shadows, await shadows.survey(request));
  for (const migration of migrations) {
    const obstacle = obstacles.of(migration, ["up"]);
    if (obstacle === undefined) continue;
    throw new MigrationError("CONFIG", `Cannot apply "${migration.name}": ${obstacle.message}`, {
      hint: obstacle.hint,
    });
  }
  return await onStage({ shadows, terms, request }, async (stage) => {
    try {
      await stage.apply(migrations.map((migration) => ({ migration })));
    } catch (error) {
      throw error instanceof SqlError ? failedElsewhere(error, shadows.engine) : error;
    }
    return await work(stage.connection);
  });
}

/** Nothing is left of it, and no run has to go on: a `Transaction: none` migration that failed is part-way nowhere. */
function failedElsewhere(error: SqlError, engine: ShadowSource["engine"]): SqlError {
  const again = `Mend ${error.migration}, so that all files run on an empty database, then run the same command again`;
  const hint = engine === "pglite"
    ? `${again}. It ran in an embedded PostgreSQL, not in your database: what only a server can do runs with --shadow-url`
    : `${again}. It ran in a database made for this, not in yours`;
  const { serverMessage, sqlstate, detail, serverHint, internalQuery, where, cause } = error;
  return new SqlError("SQL_FAILED", serverMessage, error, {
    sqlstate,
    detail,
    hint: serverHint,
    internalQuery,
    where,
  }, { hint, cause });
}
