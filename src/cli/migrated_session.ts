/**
 * An embedded database that the migrations of a folder were applied to.
 *
 * @module
 */

import type { Connection } from "../core/database.ts";
import type { CommandContext } from "./command_context.ts";
import type { DatabaseJob } from "./database_job.ts";

/**
 * Applies all migrations of a database to an empty PostgreSQL in memory and hands out a session of it.
 *
 * @param context Host and flags.
 * @param job The database whose migrations they are.
 * @param work What to do with the session.
 * @returns What `work` returned.
 * @throws {MigrationError} If a migration fails, or PGlite cannot be loaded.
 */
export async function withMigratedSession<T>(
  context: CommandContext,
  job: DatabaseJob,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const { MigrationRunner } = await import("../runner/runner.ts");
  const database = job.openDatabase("pglite:");
  try {
    const { host, flags } = context;
    const runner = new MigrationRunner({
      dbName: job.db,
      migrationsDir: job.dir,
      database,
      reader: host.files,
      ...(flags.table === undefined ? {} : { table: flags.table }),
    });
    await runner.applyPending({ signal: job.signal });
    const connection = await database.connect({ access: "read" });
    try {
      return await work(connection);
    } finally {
      await connection.close();
    }
  } finally {
    await database.close();
  }
}
