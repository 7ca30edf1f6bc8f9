/**
 * Queries of postgres.js.
 *
 * @module
 */

import type { Row } from "../core/database.ts";
import { DatabaseError } from "../core/database_error.ts";

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

/** A query that {@linkcode answerTo} sends; nobody else waits for it. Parts that the types of postgres.js leave out may be absent. */
export interface DriverQuery extends Pick<PostgresQueryLike, "cancel"> {
  /** What it was made with. */
  readonly options?: object;
  /** Cancels a query on the server, over a connection of its own. */
  readonly canceller?: ((query: DriverQuery) => Promise<void>) | null;
}

/** A query whose parts are those of the driver that they were written for. */
interface OpenQuery extends DriverQuery {
  options: object;
  strings: readonly string[];
  executed: boolean;
  active: boolean;
  resolve: (result: unknown) => void;
  reject: (error: unknown) => void;
  execute(): unknown;
}

/**
 * Makes queries. To those of the driver functions belong that know them, and what V8 (13 and newer) once took for such a
 * function's it keeps until it collects everything: a run of 10,000 migrations took 40 MB more. So each is a copy of one of
 * them, which is no promise, and is settled by the promise that is waited for.
 */
export class Queries {
  readonly #handle: PostgresHandle;
  #model: OpenQuery | undefined;

  /** @param handle What they are sent on. */
  constructor(handle: PostgresHandle) {
    this.#handle = handle;
  }

  /**
   * Makes a query of one simple-query message.
   *
   * @param sql The message.
   * @param onCompleted Called with the number of its statements that completed, where the driver tells.
   * @returns The query, to be sent by {@linkcode answerTo}.
   */
  make(sql: string, onCompleted: (count: number) => void): DriverQuery {
    const query = this.#next(sql);
    countCompleted(query, onCompleted);
    return query;
  }

  #next(sql: string): DriverQuery {
    const model = this.#model ?? this.#handle.unsafe(sql).simple() as DriverQuery;
    if (!isOpen(model)) return model;
    this.#model = model;
    const own = { strings: [sql], options: { ...model.options } };
    return Object.assign(Object.create(Object.getPrototypeOf(model)), model, own) as OpenQuery;
  }
}

function isOpen(query: DriverQuery): query is OpenQuery {
  const { strings, options, executed, active, resolve, reject, execute } = query as Partial<OpenQuery>;
  return Array.isArray(strings) && typeof options === "object" && typeof executed === "boolean" &&
    typeof active === "boolean" && [resolve, reject, execute].every((part) => typeof part === "function");
}

/** The driver does not tell how many statements completed, but looks at this option when it sends and after each one. */
function countCompleted({ options }: DriverQuery, onCompleted: (count: number) => void): void {
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
export interface Answer {
  /** The pid of the backend, where the driver tells it. */
  readonly pid: number | undefined;
  /** The rows of its last statement that returns any. */
  readonly rows: readonly Row[];
}

/**
 * Sends a query and waits.
 *
 * @param query The query.
 * @returns The answer. What other statements of it returned is let go at once.
 * @throws What the driver said.
 */
export async function answerTo(query: DriverQuery): Promise<Answer> {
  if (!isOpen(query)) return toAnswer(await (query as PostgresQueryLike));
  const settled = new Promise((resolve, reject) => Object.assign(query, { resolve, reject }));
  query.execute();
  try {
    return toAnswer(await settled);
  } finally {
    query.active = false;
  }
}

function toAnswer(result: unknown): Answer {
  if (!Array.isArray(result)) refuseCopy(result as CopyStream);
  const last = (result.every(Array.isArray) ? result.at(-1) : undefined) as readonly Row[] | undefined ?? result;
  // Behind an error among rows the driver counts on, and leaves holes.
  return { pid: pidOf(last), rows: last.filter(() => true) };
}

/** A `COPY` that waits for data from, or has data for, this side. */
interface CopyStream {
  readonly writable?: boolean;
  on(event: "error", listener: () => void): unknown;
  resume?(): unknown;
  destroy(error: Error): unknown;
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
