/**
 * Renews a lease while a statement runs that may take long.
 *
 * @module
 */

import type { Database } from "../core/database.ts";
import { Session } from "./session.ts";

/** How long to wait for a second connection. */
const CONNECT_TIMEOUT_MS = 1000;

/**
 * Sends one statement again and again over a second connection, which is opened when it is first needed. Where none can
 * be had, the lease is renewed by the transactions of the run alone.
 */
export class Heartbeat {
  readonly #database: Database;
  readonly #sql: string;
  readonly #timer: ReturnType<typeof setInterval>;
  #session: Session | undefined;
  #beat: Promise<void> | undefined;

  /**
   * Begins at once.
   *
   * @param database Where a second connection is had.
   * @param sql The statement.
   * @param intervalMs How often.
   */
  constructor(database: Database, sql: string, intervalMs: number) {
    this.#database = database;
    this.#sql = sql;
    this.#timer = setInterval(() => {
      if (!database.capabilities.concurrent) return;
      this.#beat ??= this.#send().finally(() => this.#beat = undefined);
    }, intervalMs);
  }

  /** Ends it. Never rejects. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    // A pooler may have no session to spare before the run gives its own back: an answer is not waited for.
    await this.#session?.close();
    await this.#beat;
    await this.#session?.close();
  }

  async #send(): Promise<void> {
    try {
      this.#session ??= await Session.open(this.#database, {
        access: "write",
        signal: AbortSignal.timeout(CONNECT_TIMEOUT_MS),
      });
      await this.#session.finish(this.#sql);
    } catch {
      const broken = this.#session;
      this.#session = undefined;
      await broken?.close();
    }
  }
}
