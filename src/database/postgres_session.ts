/**
 * One session of postgres.js, its own or a reserved one.
 *
 * @module
 */

import type { Row } from "../core/database.ts";
import { DatabaseError } from "../core/database_error.ts";
import { answerTo, type DriverQuery, type PostgresHandle, type PostgresQueryLike, Queries } from "./postgres_query.ts";
import type { DriverSession, SessionEnd } from "./session.ts";
import { settlesWithin } from "./within.ts";

/** How long to wait for the server to take a request to cancel. */
export const CANCEL_TIMEOUT_MS = 5_000;

export type { PostgresHandle, PostgresQueryLike };

interface InternalHandle {
  unsafe(sql: string, values: readonly never[], options: unknown): PostgresQueryLike;
}

/** A driver's own connection, as `onexecute` passes it. */
interface DriverConnection {
  onclose?: ((error: unknown) => void) | null;
}

/** A {@linkcode DriverSession} of postgres.js. */
export class PostgresSession implements DriverSession {
  /** It sends a message before those before it are answered. */
  readonly pipeline = true;
  readonly #handle: PostgresHandle;
  readonly #queries: Queries;
  readonly #end: (state: SessionEnd) => Promise<void>;
  readonly #explain: (error: unknown) => unknown;
  #pid: number | undefined;
  #answer: Promise<readonly Row[]> | undefined;
  /** In the order in which they were sent. */
  readonly #running: { readonly query: DriverQuery; readonly answer: Promise<unknown> }[] = [];
  #watched: DriverConnection = {};

  /**
   * @param handle What queries are sent on; one connection, always the same.
   * @param end Ends it, or gives it back.
   * @param explain Puts a better error in place of the driver's, where there is one.
   */
  constructor(
    handle: PostgresHandle,
    end: (state: SessionEnd) => Promise<void>,
    explain: (error: unknown) => unknown = (error) => error,
  ) {
    this.#handle = handle;
    this.#queries = new Queries(handle);
    this.#end = end;
    this.#explain = explain;
  }

  /** The pid that the server announced, known after the first message. */
  get pid(): number | undefined {
    return this.#pid;
  }

  /** What the first message was answered with, once it was sent. */
  get answer(): Promise<readonly Row[]> | undefined {
    return this.#answer;
  }

  /**
   * Connects, and watches the connection.
   *
   * @param onLost Called when it closes.
   * @param question A first message, for whose answer nobody waits here.
   */
  async start(onLost: (error: unknown) => void, question?: string): Promise<void> {
    const handle = this.#handle as InternalHandle;
    let answer: Promise<readonly Row[]> | undefined;
    const sent = new Promise<void>((resolve) => {
      const onexecute = (connection: DriverConnection) => {
        connection.onclose = onLost;
        this.#watched = connection;
        resolve();
        return true;
      };
      // The driver connects for a query.
      answer = this.#receive(handle.unsafe(question ?? "SELECT 1", [], { onexecute }).simple() as DriverQuery);
    });
    if (question === undefined) return void await answer;
    await Promise.race([sent, answer]);
    this.#answer = answer;
    answer?.catch(() => {});
  }

  /**
   * Sends one simple-query message.
   *
   * @param sql The message.
   * @param onCompleted Called with the number of its statements that completed.
   * @returns The rows of its last statement that returns any.
   */
  async send(sql: string, onCompleted: (count: number) => void): Promise<readonly Row[]> {
    return await this.#receive(this.#queries.make(sql, onCompleted));
  }

  async #receive(query: DriverQuery): Promise<readonly Row[]> {
    const answer = answerTo(query);
    const running = { query, answer };
    this.#running.push(running);
    try {
      const { pid, rows } = await answer;
      this.#sameBackend(pid);
      return rows;
    } catch (error) {
      throw this.#explain(error);
    } finally {
      this.#running.splice(this.#running.indexOf(running), 1);
    }
  }

  /** Cancels the running query, on a connection of its own. Its end says that the server has sent the signal. */
  async cancel(): Promise<void> {
    // A query that was not sent yet would be dropped with its connection's place in the driver's queue.
    await new Promise((resolve) => setTimeout(resolve, 0));
    const query = this.#running[0]?.query;
    if (query === undefined) return;
    // Called without this, a refused second connection is an unhandled rejection.
    const request = query.canceller?.(query) ?? Promise.resolve(query.cancel());
    await settlesWithin(request, CANCEL_TIMEOUT_MS);
  }

  /**
   * Cancels the running query and waits until it is over.
   *
   * @returns Whether nothing runs any more.
   */
  async stop(): Promise<boolean> {
    await this.cancel();
    return await settlesWithin(Promise.allSettled(this.#running.map(({ answer }) => answer)), CANCEL_TIMEOUT_MS);
  }

  /** Ends the session, or gives it back. */
  end(state: SessionEnd): Promise<void> {
    this.#watched.onclose = null;
    return this.#end(state);
  }

  /** The driver connects again by itself, with a new session of which nobody knows. */
  #sameBackend(pid: number | undefined): void {
    this.#pid ??= pid;
    if (pid !== undefined && pid !== this.#pid) {
      throw new DatabaseError("lost", "Lost the connection: the driver opened another one");
    }
  }
}
