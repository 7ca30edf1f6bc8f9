/**
 * URL → {@linkcode Database}.
 *
 * @module
 */

import type { Database } from "../core/database.ts";
import type { DatabasePlatform } from "../core/platform.ts";
import type { Problem } from "../core/problem.ts";
import { pgliteUrlDatabase } from "./pglite_url.ts";
import { postgresUrlDatabase } from "./postgres_url.ts";
import { parseDatabaseUrl } from "./url.ts";

/** How a database is opened. */
export interface OpenOptions {
  /** What the runtime gives. */
  readonly platform: DatabasePlatform;
  /**
   * Its name in this tool.
   *
   * @default "default"
   */
  readonly dbName?: string;
  /**
   * How long to wait while another process has a PGlite folder, in milliseconds.
   *
   * @default 300_000
   */
  readonly lockWaitMs?: number;
  /**
   * How long to wait for each host of a server where the URL has no `connect_timeout`, in milliseconds.
   *
   * @default 10_000
   */
  readonly connectTimeoutMs?: number;
  /**
   * The session's name where the URL has no `application_name`.
   *
   * @default "metapg-migration"
   */
  readonly applicationName?: string;
  /** Receives what of the URL has no effect. */
  readonly onWarning?: (problem: Problem) => void;
}

/**
 * Makes a database of a URL. Nothing is opened until it is connected to.
 *
 * @param target The URL; a database is returned as it is.
 * @param options How it is opened.
 * @returns The database.
 * @throws {MigrationError} With code `CONFIG` if the URL cannot be read.
 */
export function openDatabase(target: string | Database, options: OpenOptions): Database {
  if (typeof target !== "string") return target;
  const { platform, dbName = "default", lockWaitMs = 300_000 } = options;
  const { connectTimeoutMs = 10_000, applicationName = "metapg-migration" } = options;
  const { target: named, warnings } = parseDatabaseUrl(target, { env: (name) => platform.env(name), dbName });
  for (const warning of warnings) options.onWarning?.(warning);
  return named.engine === "pglite"
    ? pgliteUrlDatabase(named, { platform, lockWaitMs })
    : postgresUrlDatabase(named, { platform, connectTimeoutMs, applicationName });
}
