/**
 * `--shadow-url`: where migrations are rehearsed.
 *
 * @module
 */

import { Option } from "commander";
import { MigrationError } from "../core/error.ts";
import type { ShadowSource } from "../core/shadow.ts";
import { formatWarnings } from "../report/problems.ts";
import type { CommandContext } from "./command_context.ts";
import type { DatabaseJob } from "./database_job.ts";
import type { Needs } from "./targets.ts";

/** The value of the flag among the options of a command. */
export interface ShadowOptions {
  /** `--shadow-url`. */
  readonly shadowUrl?: string;
}

/**
 * Declares the flag.
 *
 * @returns A new declaration.
 */
export function declareShadowUrl(): Option {
  return new Option("--shadow-url <url>", "server to make a database on, and drop it (default: an embedded database)");
}

/**
 * Tells what a command works on that rehearses.
 *
 * @param options The flag.
 * @returns What to add to its needs.
 */
export function shadowNeeds({ shadowUrl }: ShadowOptions): Pick<Needs, "workplace"> {
  return shadowUrl === undefined ? { workplace: "embedded" } : {};
}

/**
 * Opens where a database is rehearsed.
 *
 * @param context Host and engines.
 * @param job The database.
 * @param options The flag.
 * @returns What makes databases.
 * @throws {MigrationError} With code `CONFIG` if the URL cannot be used.
 */
export async function openShadows(
  { host, env, engines, output }: CommandContext,
  { db, note }: Pick<DatabaseJob, "db" | "note">,
  { shadowUrl }: ShadowOptions,
): Promise<ShadowSource> {
  if (shadowUrl === "") {
    throw new MigrationError("CONFIG", "Cannot rehearse: --shadow-url is empty", {
      hint: "If it comes from a variable, see that this is set",
    });
  }
  return await engines.openShadows(shadowUrl, {
    platform: { ...host.platform, env },
    dbName: db,
    onWarning: (problem) => note(formatWarnings([problem], output.noteStyle)),
  });
}
