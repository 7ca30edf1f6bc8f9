/**
 * Runs migrations on a node-postgres pool of your own.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { MigrationRunner } from "@metapg/migration";
 * import { pgDatabase } from "@metapg/migration/pg";
 * import { Pool } from "pg";
 *
 * const pool = new Pool({ connectionString: "postgres://me@localhost/app" }); // connects when it is first needed
 * const runner = new MigrationRunner({ database: pgDatabase(pool) });
 * assertEquals(runner.migrationsDir, "migrations/default"); // from here: await runner.applyPending();
 * await pool.end();
 * ```
 *
 * @module
 */

import type { ConnectOptions, Database, Row } from "../core/database.ts";
import { toDatabaseError } from "./driver_error.ts";
import { toNotice } from "./notice.ts";
import { type DriverSession, Session, type SessionEnd } from "./session.ts";
import { settlesWithin } from "./within.ts";

export type { Access, Capabilities, Connection, ConnectOptions, Database, Notice, Row } from "../core/database.ts";

/** How long to wait for a second client of the pool to cancel with. */
const CANCEL_TIMEOUT_MS = 5_000;

/** A client that a pool lent: what its `connect()` gives. */
export interface PgClientLike {
  /** The backend's pid as announced at connect. */
  readonly processID?: number | null;
  /** What it speaks over, where it is the JavaScript client: it tells of each statement that completed. */
  readonly connection?: {
    /** Hears of completed statements. */
    on(event: "commandComplete", listener: () => void): unknown;
    /** Hears no more of them. */
    removeListener(event: "commandComplete", listener: () => void): unknown;
  };
  /** Sends text as one simple-query message; several statements have several results. */
  query(sql: string): Promise<unknown>;
  /** Hears of notices, errors and the end. */
  on(event: "notice" | "error" | "end", listener: (value: unknown) => void): unknown;
  /** Hears no more of them. */
  removeListener(event: "notice" | "error" | "end", listener: (value: unknown) => void): unknown;
  /** Gives it back, or has it closed. */
  release(destroy?: boolean): void;
}

/** What is needed of node-postgres' `Pool`. */
export interface PgPoolLike {
  /** Lends a client. */
  connect(): Promise<PgClientLike>;
  /** What it was made with. */
  readonly options?: {
    /** How many connections it opens at most. */
    readonly max?: number | undefined;
  };
}

/**
 * A database behind a node-postgres pool. The pool is never ended. While migrations run one of its clients is in use; a second
 * one is taken to cancel a statement.
 *
 * When a run ends, the session gets its role, session user, settings and channels back; statements that migrations prepared and
 * advisory locks that they took are gone. Its temporary tables are dropped, and settings whose name has a dot are lost: a
 * server cannot list these.
 *
 * @param pool The pool.
 * @returns The database.
 */
export function pgDatabase(pool: PgPoolLike): Database {
  const concurrent = pool.options?.max !== 1;
  return {
    engine: "postgres",
    capabilities: { cancel: concurrent, concurrent, sessions: "borrowed" },
    connect: (options) => connect(pool, options),
    close: () => Promise.resolve(),
  };
}

async function connect(pool: PgPoolLike, options: ConnectOptions | undefined): Promise<Session> {
  let client: PgClientLike | undefined;
  try {
    client = await pool.connect();
    const driver = new PgSession(pool, client);
    const session = new Session(driver, "");
    driver.listen((error) => session.lose(error), options);
    await driver.start();
    return session;
  } catch (error) {
    client?.release(true);
    throw toDatabaseError(error, "connect", "");
  }
}

class PgSession implements DriverSession {
  readonly #pool: PgPoolLike;
  readonly #client: PgClientLike;
  #listeners: readonly (readonly ["notice" | "error" | "end", (value: unknown) => void])[] = [];
  #backend: number | undefined;
  #completed = 0;
  #count: (count: number) => void = () => {};
  #running: Promise<unknown> | undefined;
  readonly #onCompleted = () => this.#count(++this.#completed);

  constructor(pool: PgPoolLike, client: PgClientLike) {
    this.#pool = pool;
    this.#client = client;
  }

  get pid(): number | undefined {
    return this.#client.processID ?? undefined;
  }

  /** An error of a client in use is an uncaught one if nobody listens. */
  listen(onLost: (error: unknown) => void, options: ConnectOptions | undefined): void {
    this.#listeners = [
      ["error", onLost],
      ["end", () => onLost(new Error("closed by the server"))],
      ["notice", (notice) => options?.onNotice?.(toNotice(notice))],
    ];
    for (const [event, listener] of this.#listeners) this.#client.on(event, listener);
    this.#client.connection?.on("commandComplete", this.#onCompleted);
  }

  async start(): Promise<void> {
    const [row] = await this.send("SELECT pg_catalog.pg_backend_pid() AS pid");
    this.#backend = Number(row?.pid);
  }

  async send(sql: string, onCompleted: (count: number) => void = () => {}): Promise<readonly Row[]> {
    this.#completed = 0;
    this.#count = onCompleted;
    if (this.#client.connection !== undefined) onCompleted(0);
    const running = this.#client.query(sql);
    this.#running = running;
    try {
      const result = await running;
      const results = (Array.isArray(result) ? result : [result]) as readonly PgResult[];
      return results.findLast((one) => one.fields.length > 0)?.rows ?? [];
    } finally {
      this.#running = undefined;
    }
  }

  /** Behind a pooler the announced pid is not the backend's, which may serve somebody else by then. */
  async cancel(): Promise<void> {
    const running = this.#running;
    if (running === undefined || this.#backend !== this.pid) return;
    const lent = this.#pool.connect();
    const cancelled = lent.then(async (client) => {
      const ignore = () => {};
      client.on("error", ignore);
      try {
        // A busy pool may lend a client long after the message is over, when the session serves somebody else.
        if (this.#running !== running) return;
        await client.query(`SELECT pg_catalog.pg_cancel_backend(${this.#backend})`);
      } finally {
        client.removeListener("error", ignore);
        client.release();
      }
    });
    await settlesWithin(cancelled, CANCEL_TIMEOUT_MS);
  }

  end(state: SessionEnd): Promise<void> {
    for (const [event, listener] of this.#listeners) this.#client.removeListener(event, listener);
    this.#client.connection?.removeListener("commandComplete", this.#onCompleted);
    // Nobody else listens until the pool does.
    if (state !== "idle") this.#client.on("error", () => {});
    this.#client.release(state !== "idle");
    return Promise.resolve();
  }
}

interface PgResult {
  readonly fields: readonly unknown[];
  readonly rows: readonly Row[];
}
