/**
 * A database that the migrations of a folder were applied to.
 *
 * @module
 */

import type { Connection } from "../core/database.ts";
import type { CommandContext } from "./command_context.ts";
import type { DatabaseJob } from "./database_job.ts";
import { openShadows, type ShadowOptions } from "./shadow_flag.ts";

/**
 * Applies all migrations of a database to an empty one and hands out a session of it.
 *
 * @param context Host and flags.
 * @param job The database whose migrations they are.
 * @param work What to do with the session.
 * @param options Where: embedded without a server.
 * @returns What `work` returned.
 * @throws {MigrationError} If a migration fails, or PGlite cannot be loaded.
 */
export async function withMigratedSession<T>(
  context: CommandContext,
  job: DatabaseJob,
  work: (connection: Pick<Connection, "query">) => Promise<T>,
  options: ShadowOptions = {},
): Promise<T> {
  const { buildFolder } = await import("../rehearsal/build_folder.ts");
  const shadows = await openShadows(context, job, options);
  return await buildFolder(job.runner, { shadows, signal: job.signal }, work);
}
