/**
 * What every adapter's connection promises, over the little that each driver does.
 *
 * @module
 */

import type { Connection, Row } from "../core/database.ts";
import { DatabaseError } from "../core/database_error.ts";
import { positionOfUntranslatable, toDatabaseError } from "./driver_error.ts";

/** In which state a session is given back. */
export type SessionEnd = "idle" | "busy" | "lost";

/** One session as a driver has it. Everything here may throw whatever the driver throws. */
export interface DriverSession {
  /** The backend's pid as announced at connect. */
  readonly pid: number | undefined;
  /** What the first message was answered with, if one was sent. */
  readonly answer?: Promise<readonly Row[]> | undefined;
  /** Whether it sends a message before those before it are answered. */
  readonly pipeline?: boolean;
  /**
   * Sends one simple-query message and returns the rows of its last statement that returns any. How many of its statements
   * completed is told from 0 on, where the driver tells.
   */
  send(sql: string, onCompleted: (count: number) => void): Promise<readonly Row[]>;
  /** Cancels the running statement, if the driver can. */
  cancel(): Promise<void>;
  /** Ends the session, or gives it back. */
  end(state: SessionEnd): Promise<void>;
}

/** How many statements of a message completed. Who counts knows no more than this: V8 may keep it long after the message. */
class StatementCount {
  /** Their number, once it is known. */
  completed: number | undefined;
  readonly #onCompleted: ((count: number) => void) | undefined;

  /** @param onCompleted Called each time it grows. */
  constructor(onCompleted?: (count: number) => void) {
    this.#onCompleted = onCompleted;
  }

  /** Takes their number. */
  readonly tell = (statements: number): void => {
    this.completed = statements;
    if (statements > 0) this.#onCompleted?.(statements);
  };
}

/** A {@linkcode Connection} over a {@linkcode DriverSession}: once lost it stays lost, and closing is safe at any time. */
export class Session implements Connection {
  readonly #driver: DriverSession;
  readonly #place: string;
  #running = 0;
  #lost: DatabaseError | undefined;
  #closing: Promise<void> | undefined;
  #cancelling: Promise<void> | undefined;

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

  /** What the first message was answered with, if one was sent. */
  get answer(): Promise<readonly Row[]> | undefined {
    const { answer } = this.#driver;
    return answer === undefined ? undefined : this.#track(answer, new StatementCount());
  }

  /** Whether a message goes to the server before those before it are answered. */
  get pipeline(): boolean {
    return this.#driver.pipeline === true;
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
   * @param onCompleted Called with the number of its statements that completed, each time it grows.
   * @returns The rows of its last statement that returns any.
   * @throws {DatabaseError} With what the server or the driver said.
   */
  async query(sql: string, onCompleted?: (count: number) => void): Promise<readonly Row[]> {
    if (this.#closing !== undefined) throw new DatabaseError("lost", "Cannot run SQL: the connection is closed");
    if (this.#lost !== undefined) throw new DatabaseError("lost", this.#lost.message, this.#lost.fields);
    if (sql.includes("\0")) {
      throw new DatabaseError("server", "SQL must not contain a NUL character", {
        sqlstate: "22021",
        severity: "ERROR",
      });
    }
    const count = new StatementCount(onCompleted);
    return await this.#track(this.#driver.send(sql, count.tell), count, sql);
  }

  async #track(answer: Promise<readonly Row[]>, count: StatementCount, sql = ""): Promise<readonly Row[]> {
    this.#running++;
    try {
      return await answer;
    } catch (error) {
      const failure = toDatabaseError(error, "query", this.#place);
      if (failure.kind === "lost") this.#lost ??= failure;
      if (failure.kind !== "server") throw failure;
      const { completed } = count;
      const position = failure.fields.position ??
        (completed === 0 ? positionOfUntranslatable(failure, sql) : undefined);
      throw new DatabaseError("server", failure.message, { ...failure.fields, completed, position });
    } finally {
      this.#running--;
    }
  }

  /** Asks the server to cancel the running statement, once at a time, however many ask. Never rejects. */
  async cancel(): Promise<void> {
    if (this.#running === 0 || this.#lost !== undefined || this.#closing !== undefined) return;
    this.#cancelling ??= this.#driver.cancel().catch(() => {}).finally(() => this.#cancelling = undefined);
    await this.#cancelling;
  }

  /** Ends the session, or gives it back; more than once does no harm. Never rejects. */
  close(): Promise<void> {
    const state = this.#lost !== undefined ? "lost" : this.#running > 0 ? "busy" : "idle";
    this.#closing ??= this.#driver.end(state).catch(() => {});
    return this.#closing;
  }
}
