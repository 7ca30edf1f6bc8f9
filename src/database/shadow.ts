/**
 * Where migrations are rehearsed: an embedded database, or a server that is named for it.
 *
 * @module
 */

import { MigrationError } from "../core/error.ts";
import type { ShadowSource } from "../core/shadow.ts";
import type { OpenOptions } from "./open.ts";
import { pgliteShadows } from "./pglite_shadow.ts";
import { postgresShadows } from "./postgres_shadow.ts";
import { parseDatabaseUrl } from "./url.ts";

/** How shadows are made. */
export type ShadowOptions = Pick<OpenOptions, "platform" | "dbName" | "onWarning">;

/**
 * Chooses where to rehearse. Nothing is opened until a database is made.
 *
 * @param url A server; an embedded database without it.
 * @param options What the runtime gives.
 * @returns What makes the databases.
 * @throws {MigrationError} With code `CONFIG` if the URL cannot be read or names no server.
 */
export function openShadows(url: string | undefined, options: ShadowOptions): ShadowSource {
  const { platform, dbName = "default" } = options;
  if (url === undefined) return pgliteShadows(platform);
  const { target, warnings } = parseDatabaseUrl(url, { env: (name) => platform.env(name), dbName });
  for (const warning of warnings) options.onWarning?.(warning);
  if (target.engine === "pglite") {
    throw new MigrationError("CONFIG", "Cannot rehearse on this URL: it names no server", {
      hint: "Leave it out to rehearse on an embedded database",
    });
  }
  return postgresShadows(target, platform, options.onWarning);
}
