/**
 * The one session of a PGlite instance, and taking turns at it.
 *
 * @module
 */

import type { ConnectOptions, Row } from "../core/database.ts";
import { MigrationError } from "../core/error.ts";
import { toDatabaseError } from "./driver_error.ts";
import { toNotice } from "./notice.ts";
import type { PgliteLike } from "./pglite.ts";
import { lastRows, sendMessage, stopIdleTimer } from "./pglite_protocol.ts";
import { type DriverSession, Session } from "./session.ts";

/** A thing that one user has at a time; the others wait in line. */
export class SingleUse {
  #last: Promise<void> = Promise.resolve();

  /**
   * Waits for its turn.
   *
   * @returns What ends the turn.
   */
  async take(): Promise<() => void> {
    const before = this.#last;
    let done!: () => void;
    this.#last = new Promise((resolve) => done = resolve);
    await before;
    return done;
  }
}

/** What to connect to. */
export interface PgliteSource {
  /** Gives the instance, once it is this session's turn. */
  readonly instance: () => Promise<PgliteLike>;
  /** Who has it. */
  readonly use: SingleUse;
  /** What it is, for messages; empty if that is not known. */
  readonly place: string;
  /** Statements sent when the session is given back, each in a message of its own. */
  readonly atEnd: readonly string[];
}

/**
 * Waits for the session of an instance.
 *
 * @param source What to connect to.
 * @param options Where notices go.
 * @returns The session.
 * @throws {DatabaseError} With `kind` `connect` if the instance does not answer, or what `source` throws.
 */
export async function connectPglite(source: PgliteSource, options: ConnectOptions | undefined): Promise<Session> {
  const done = await source.use.take();
  try {
    const instance = await source.instance();
    await instance.waitReady;
    const driver = new PgliteSession(instance, source.atEnd, options, done);
    await driver.send("SELECT 1");
    return new Session(driver, source.place);
  } catch (error) {
    done();
    throw error instanceof MigrationError ? error : toDatabaseError(error, "connect", source.place);
  }
}

class PgliteSession implements DriverSession {
  readonly pid = undefined;
  readonly #instance: PgliteLike;
  readonly #atEnd: readonly string[];
  readonly #onNotice: (notice: unknown) => void;
  readonly #done: () => void;

  constructor(instance: PgliteLike, atEnd: readonly string[], options: ConnectOptions | undefined, done: () => void) {
    this.#instance = instance;
    this.#atEnd = atEnd;
    this.#onNotice = (notice) => options?.onNotice?.(toNotice(notice));
    this.#done = done;
  }

  async send(sql: string, onCompleted: (count: number) => void = () => {}): Promise<readonly Row[]> {
    if (this.#instance.closed === true) throw new Error("PGlite is closed");
    const messages = await sendMessage(this.#instance, sql, this.#onNotice);
    if (messages === undefined) {
      const results = await this.#instance.exec(sql, { onNotice: this.#onNotice });
      return (results.findLast((one) => one.fields.length > 0)?.rows ?? []) as readonly Row[];
    }
    onCompleted(messages.filter((message) => message.name === "commandComplete").length);
    const error = messages.find((message) => message.name === "error");
    if (error !== undefined) throw error;
    return lastRows(messages);
  }

  cancel(): Promise<void> {
    return Promise.resolve();
  }

  async end(): Promise<void> {
    try {
      for (const sql of this.#instance.closed === true ? [] : this.#atEnd) await this.#instance.exec(sql);
    } finally {
      if (this.#instance.closed !== true) stopIdleTimer(this.#instance);
      this.#done();
    }
  }
}
