/**
 * Runs migrations on a PGlite instance of your own.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { PGlite } from "@electric-sql/pglite";
 * import { memoryReader, MigrationRunner } from "@metapg/migration";
 * import { pgliteDatabase } from "@metapg/migration/pglite";
 *
 * const pglite = await PGlite.create();
 * const reader = memoryReader({ "migrations/default/001_users.sql": "CREATE TABLE users (id int);" });
 * const runner = new MigrationRunner({ database: pgliteDatabase(pglite), reader });
 * assertEquals(await runner.applyPending(), ["001_users"]);
 * await pglite.close();
 * ```
 *
 * @module
 */

import type { ConnectOptions, Database } from "../core/database.ts";
import { connectPglite, SingleUse } from "./pglite_session.ts";

export type { Access, Capabilities, Connection, ConnectOptions, Database, Notice, Row } from "../core/database.ts";

/** The result of one statement. */
export interface PgliteResultLike {
  /** Its rows. */
  readonly rows: readonly unknown[];
  /** Its columns; none for a statement that returns no rows. */
  readonly fields: readonly unknown[];
}

/** What is needed of a `PGlite` instance. */
export interface PgliteLike {
  /** Runs one or several statements. */
  exec(sql: string, options?: { readonly onNotice?: (notice: never) => void }): Promise<readonly PgliteResultLike[]>;
  /** Settles when it can be used. */
  readonly waitReady?: Promise<void>;
  /** Whether it was closed. */
  readonly closed?: boolean;
}

/**
 * A database in a PGlite instance. The instance is never closed. It has a single session, which its users take in turn:
 * connecting waits until the connection before is closed.
 *
 * When a run ends, the session gets its role, session user, settings and channels back. Its temporary tables are dropped, and
 * settings whose name has a dot are lost: a server cannot list these.
 *
 * @param instance The instance.
 * @returns The database.
 */
export function pgliteDatabase(instance: PgliteLike): Database {
  const source = { instance: () => Promise.resolve(instance), use: new SingleUse(), place: "", atEnd: [] };
  return {
    engine: "pglite",
    capabilities: { cancel: false, concurrent: false, sessions: "borrowed" },
    connect: (options?: ConnectOptions) => connectPglite(source, options),
    close: () => Promise.resolve(),
  };
}
