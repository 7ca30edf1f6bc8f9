/**
 * What every adapter's connection promises, over the little that each driver does.
 *
 * @module
 */

import type { Connection, Row } from "../core/database.ts";
import { DatabaseError } from "../core/database_error.ts";
import { toDatabaseError } from "./driver_error.ts";

/** In which state a session is given back. */
export type SessionEnd = "idle" | "busy" | "lost";

/** One session as a driver has it. Everything here may throw whatever the driver throws. */
export interface DriverSession {
  /** The backend's pid as announced at connect. */
  readonly pid: number | undefined;
  /** How many statements of the last message completed, where the driver tells. */
  readonly completed?: number | undefined;
  /** Sends one simple-query message and returns the rows of its last statement that returns any. */
  send(sql: string): Promise<readonly Row[]>;
  /** Cancels the running statement, if the driver can. */
  cancel(): Promise<void>;
  /** Ends the session, or gives it back. */
  end(state: SessionEnd): Promise<void>;
}

/** A {@linkcode Connection} over a {@linkcode DriverSession}: once lost it stays lost, and closing is safe at any time. */
export class Session implements Connection {
  readonly #driver: DriverSession;
  readonly #place: string;
  #running = 0;
  #lost: DatabaseError | undefined;
  #closing: Promise<void> | undefined;

  /**
   * @param driver The driver's session.
   * @param place Where to, as `host:port/database`; empty if it is not known.
   */
  constructor(driver: DriverSession, place: string) {
    this.#driver = driver;
    this.#place = place;
  }

  /** The backend's pid as announced at connect, where the driver tells it. */
  get pid(): number | undefined {
    return this.#driver.pid;
  }

  /**
   * Marks the session as gone.
   *
   * @param error What the driver said.
   */
  lose(error: unknown): void {
    const { message, fields } = toDatabaseError(error, "query", this.#place);
    this.#lost ??= new DatabaseError("lost", message, fields);
  }

  /**
   * Sends one simple-query message.
   *
   * @param sql The message.
   * @returns The rows of its last statement that returns any.
   * @throws {DatabaseError} With what the server or the driver said.
   */
  async query(sql: string): Promise<readonly Row[]> {
    if (this.#closing !== undefined) throw new DatabaseError("lost", "Cannot run SQL: the connection is closed");
    if (this.#lost !== undefined) throw new DatabaseError("lost", this.#lost.message, this.#lost.fields);
    if (sql.includes("\0")) {
      throw new DatabaseError("server", "SQL must not contain a NUL character", {
        sqlstate: "22021",
        severity: "ERROR",
      });
    }
    this.#running++;
    try {
      return await this.#driver.send(sql);
    } catch (error) {
      const failure = toDatabaseError(error, "query", this.#place);
      if (failure.kind === "lost") this.#lost ??= failure;
      if (failure.kind !== "server") throw failure;
      throw new DatabaseError("server", failure.message, { ...failure.fields, completed: this.#driver.completed });
    } finally {
      this.#running--;
    }
  }

  /** Asks the server to cancel the running statement. Never rejects. */
  async cancel(): Promise<void> {
    if (this.#running === 0 || this.#lost !== undefined || this.#closing !== undefined) return;
    await this.#driver.cancel().catch(() => {});
  }

  /** Ends the session, or gives it back; more than once does no harm. Never rejects. */
  close(): Promise<void> {
    const state = this.#lost !== undefined ? "lost" : this.#running > 0 ? "busy" : "idle";
    this.#closing ??= this.#driver.end(state).catch(() => {});
    return this.#closing;
  }
}
