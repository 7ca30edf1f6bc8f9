/**
 * The one session of a PGlite instance, and taking turns at it.
 *
 * @module
 */

import type { ConnectOptions, Row } from "../core/database.ts";
import { toDatabaseError } from "./driver_error.ts";
import { toNotice } from "./notice.ts";
import type { PgliteLike } from "./pglite.ts";
import { lastRows, sendMessage } from "./pglite_protocol.ts";
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

/**
 * Waits for the session of an instance.
 *
 * @param instance The instance.
 * @param use Who has it.
 * @param options Where notices go.
 * @param atEnd Statements sent when it is given back, each in a message of its own.
 * @returns The session.
 * @throws {DatabaseError} With `kind` `connect` if the instance does not answer.
 */
export async function connectPglite(
  instance: PgliteLike,
  use: SingleUse,
  options: ConnectOptions | undefined,
  atEnd: readonly string[] = [],
): Promise<Session> {
  const done = await use.take();
  const onNotice = (notice: unknown) => options?.onNotice?.(toNotice(notice));
  const driver: DriverSession & { completed: number | undefined } = {
    pid: undefined,
    completed: undefined,
    async send(sql) {
      driver.completed = undefined;
      const messages = await sendMessage(instance, sql, onNotice);
      if (messages === undefined) {
        const results = await instance.exec(sql, { onNotice });
        return (results.findLast((one) => one.fields.length > 0)?.rows ?? []) as readonly Row[];
      }
      driver.completed = messages.filter((message) => message.name === "commandComplete").length;
      const error = messages.find((message) => message.name === "error");
      if (error !== undefined) throw error;
      return lastRows(messages);
    },
    cancel: () => Promise.resolve(),
    async end() {
      try {
        for (const sql of instance.closed === true ? [] : atEnd) await instance.exec(sql);
      } finally {
        done();
      }
    },
  };
  try {
    await driver.send("SELECT 1");
    return new Session(driver, "");
  } catch (error) {
    done();
    throw toDatabaseError(error, "connect", "");
  }
}
