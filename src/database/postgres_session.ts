/**
 * One session of postgres.js, its own or a reserved one.
 *
 * @module
 */

import type { Row } from "../core/database.ts";
import { DatabaseError } from "../core/database_error.ts";
import type { DriverSession, SessionEnd } from "./session.ts";
import { settlesWithin } from "./within.ts";

/** How long to wait for the server to take a request to cancel. */
export const CANCEL_TIMEOUT_MS = 5_000;

/** A query of postgres.js, sent when it is awaited. */
export interface PostgresQueryLike extends PromiseLike<unknown> {
  /** Makes it one simple-query message. */
  simple(): PostgresQueryLike;
  /** Cancels it on the server. */
  cancel(): unknown;
}

/** What queries are sent on. */
export interface PostgresHandle {
  /** Makes a query of text. */
  unsafe(sql: string): PostgresQueryLike;
}

/** Parts of postgres.js that its types leave out, and that may be absent. */
interface Internals extends PostgresQueryLike {
  readonly options?: object;
  resolve?: (result: unknown) => void;
  reject?: (error: unknown) => void;
  execute?(): unknown;
  readonly canceller?: ((query: PostgresQueryLike) => Promise<void>) | null;
}

interface InternalHandle {
  unsafe(sql: string, values: readonly never[], options: unknown): PostgresQueryLike;
}

/** A driver's own connection, as `onexecute` passes it. */
interface DriverConnection {
  onclose?: ((error: unknown) => void) | null;
}

/** A `COPY` that waits for data from, or has data for, this side. */
interface CopyStream {
  readonly writable?: boolean;
  on(event: "error", listener: () => void): unknown;
  resume?(): unknown;
  destroy(error: Error): unknown;
}

/** A {@linkcode DriverSession} of postgres.js. */
export class PostgresSession implements DriverSession {
  /** It sends a message before those before it are answered. */
  readonly pipeline = true;
  readonly #handle: PostgresHandle;
  readonly #end: (state: SessionEnd) => Promise<void>;
  #pid: number | undefined;
  #answer: Promise<readonly Row[]> | undefined;
  /** In the order in which they were sent. */
  readonly #running: Internals[] = [];
  #watched: DriverConnection = {};

  /**
   * @param handle What queries are sent on; one connection, always the same.
   * @param end Ends it, or gives it back.
   */
  constructor(handle: PostgresHandle, end: (state: SessionEnd) => Promise<void>) {
    this.#handle = handle;
    this.#end = end;
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
      answer = this.#receive(handle.unsafe(question ?? "SELECT 1", [], { onexecute }).simple() as Internals);
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
    const query = this.#handle.unsafe(sql).simple() as Internals;
    countCompleted(query, onCompleted);
    return await this.#receive(query);
  }

  async #receive(query: Internals): Promise<readonly Row[]> {
    this.#running.push(query);
    try {
      const { pid, rows } = await answerTo(query);
      this.#sameBackend(pid);
      return rows;
    } finally {
      this.#running.splice(this.#running.indexOf(query), 1);
    }
  }

  /** Cancels the running query, on a connection of its own. Its end says that the server has sent the signal. */
  async cancel(): Promise<void> {
    // A query that was not sent yet would be dropped with its connection's place in the driver's queue.
    await new Promise((resolve) => setTimeout(resolve, 0));
    const [query] = this.#running;
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
    return await settlesWithin(Promise.allSettled(this.#running), CANCEL_TIMEOUT_MS);
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

/** The driver does not tell how many statements completed, but looks at this option when it sends and after each one. */
function countCompleted({ options }: Internals, onCompleted: (count: number) => void): void {
  if (options === undefined) return;
  let looks = 0;
  Object.defineProperty(options, "simple", {
    get: () => {
      onCompleted(looks++);
      return true;
    },
  });
}

/** What a message was answered with. */
interface Answer {
  readonly pid: number | undefined;
  /** The rows of its last statement that returns any. */
  readonly rows: readonly Row[];
}

/**
 * Sends a query and waits. The driver's promise is resolved with the results of all statements, and of what a promise was
 * resolved with V8 keeps a good part for long: memory grew by half. So what is not needed is left out before.
 */
function answerTo(query: Internals): Promise<Answer> {
  const { resolve } = query;
  if (resolve === undefined || query.reject === undefined || query.execute === undefined) {
    return Promise.resolve(query).then(toAnswer);
  }
  return new Promise((settle, fail) => {
    query.resolve = (result) => {
      resolve(undefined);
      try {
        settle(toAnswer(result));
      } catch (error) {
        fail(error);
      }
    };
    query.reject = (error) => {
      // Nobody listens to the driver's promise.
      resolve(undefined);
      fail(error);
    };
    query.execute!();
  });
}

function toAnswer(result: unknown): Answer {
  if (!Array.isArray(result)) refuseCopy(result as CopyStream);
  const last = (result.every(Array.isArray) ? result.at(-1) : undefined) as readonly Row[] | undefined ?? result;
  return { pid: pidOf(last), rows: [...last] };
}

function pidOf(result: readonly unknown[]): number | undefined {
  const pid = (result as { readonly state?: { readonly pid?: unknown } }).state?.pid;
  return typeof pid === "number" ? pid : undefined;
}

/**
 * The driver settles the query before a `COPY` is done. What comes in fails as a whole; of what follows a `COPY TO` no
 * error would be heard, so its outcome is unknown.
 */
function refuseCopy(stream: CopyStream): never {
  stream.on("error", () => {});
  if (stream.writable === true) {
    stream.destroy(new Error("COPY FROM STDIN is not supported"));
    throw new DatabaseError("server", "COPY FROM STDIN is not supported", { sqlstate: "0A000", severity: "ERROR" });
  }
  stream.resume?.();
  throw new DatabaseError("lost", "Lost the connection: COPY TO STDOUT is not supported");
}
