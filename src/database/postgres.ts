/**
 * Runs migrations on a postgres.js client of your own.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { MigrationRunner } from "@metapg/migration";
 * import { postgresDatabase } from "@metapg/migration/postgres";
 * import postgres from "postgres";
 *
 * const sql = postgres("postgres://me@localhost/app"); // connects when it is first needed
 * const runner = new MigrationRunner({ database: postgresDatabase(sql) });
 * assertEquals(runner.migrationsDir, "migrations/default"); // from here: await runner.applyPending();
 * await sql.end();
 * ```
 *
 * @module
 */

import type { ConnectOptions, Database } from "../core/database.ts";
import { MigrationError } from "../core/error.ts";
import { toDatabaseError } from "./driver_error.ts";
import { type PostgresHandle, type PostgresQueryLike, PostgresSession } from "./postgres_session.ts";
import { Session } from "./session.ts";

export type { Access, Capabilities, Connection, ConnectOptions, Database, Notice, Row } from "../core/database.ts";
export type { PostgresHandle, PostgresQueryLike };

/** A connection that a postgres.js client set aside: what its `reserve()` gives. */
export interface PostgresReservedLike extends PostgresHandle {
  /** Gives it back. */
  release(): void;
}

/** What is needed of a postgres.js client, which its `postgres()` returns. */
export interface PostgresClientLike extends PostgresHandle {
  /** Sets a connection aside. */
  reserve(): Promise<PostgresReservedLike>;
  /** What it was made with. */
  readonly options?: {
    /** How many connections it opens at most. */
    readonly max?: number;
    /** How it changes what the server sends. */
    readonly transform?: unknown;
  };
}

/**
 * A database behind a postgres.js client. The client is never closed; its notices go where it sends them. While migrations
 * run one of its connections is set aside.
 *
 * When a run ends, the session gets its role, session user, settings and channels back; statements that migrations prepared and
 * advisory locks that they took are gone. Its temporary tables are dropped, and settings whose name has a dot are lost: a
 * server cannot list these.
 *
 * @param client The client, without `transform`.
 * @returns The database.
 * @throws A {@linkcode MigrationError} with code `CONFIG` if the client changes names or values of what it reads.
 */
export function postgresDatabase(client: PostgresClientLike): Database {
  if (transforms(client.options?.transform)) {
    throw new MigrationError("CONFIG", "Cannot use a postgres.js client that transforms columns, values or rows", {
      hint: "Pass the database's URL, or a client without transform",
    });
  }
  return {
    engine: "postgres",
    capabilities: { cancel: true, concurrent: client.options?.max !== 1, sessions: "borrowed" },
    connect: (options) => connect(client, options),
    close: () => Promise.resolve(),
  };
}

async function connect(client: PostgresClientLike, options?: ConnectOptions): Promise<Session> {
  try {
    // A client without fetch_types never gives a first connection to reserve().
    await client.unsafe("SELECT 1").simple();
    const reserved = await client.reserve();
    const driver: PostgresSession = new PostgresSession(reserved, async (state) => {
      // A lost connection is back in the client's hands already: released once more it would be used as if it were open.
      if (state === "idle" || (state === "busy" && await driver.stop())) reserved.release();
    });
    const session = new Session(driver, "");
    await driver.start((error) => session.lose(error), options?.question);
    return session;
  } catch (error) {
    throw toDatabaseError(error, "connect", "");
  }
}

function transforms(transform: unknown): boolean {
  const parts = Object.values(transform ?? {}) as readonly ({ readonly from?: unknown } | undefined)[];
  return parts.some((part) => part?.from !== undefined && part.from !== null);
}
