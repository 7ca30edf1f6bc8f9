/**
 * The one session that a run speaks over.
 *
 * @module
 */

import type { Access, Capabilities, Connection, Database, Notice, Row } from "../core/database.ts";
import { DatabaseError } from "../core/database_error.ts";
import { MigrationError } from "../core/error.ts";
import { cancellable } from "./cancellable.ts";
import { dropPrepared, mayPrepare, releaseAdvisoryLocks } from "./leavings.ts";
import {
  OWN_START_STATE,
  PREPARE_SQL,
  readPooledState,
  readStartState,
  RESET_SQL,
  type StartState,
} from "./start_state.ts";

/** What helps where the server refuses a session, by SQLSTATE. */
const CONNECT_HINTS: Readonly<Record<string, string>> = {
  "28P01": "Check user and password; in a URL, special characters of both are percent-encoded",
  "3D000": "Create the database first, or correct its name in the URL",
  "53300": "Wait until other sessions end, or raise max_connections",
};

/**
 * How long what is set in a session holds: as long as it is open, or, behind a pooler, no longer than a transaction, since
 * the next one may be run by another session of the server.
 */
export type SessionScope = "session" | "transaction";

/** How to open a {@linkcode Session}. */
export interface SessionOptions {
  /** What it is for. */
  readonly access: Access;
  /** Aborting it cancels the running statement. */
  readonly signal?: AbortSignal | undefined;
  /** Receives what the server says beside results. */
  readonly onNotice?: (notice: Notice) => void;
  /** What it will be asked first; where the driver can, it goes out with the connection. */
  readonly question?: string;
  /** When it resolves nobody needs the session any more. */
  readonly givenUp?: Promise<void>;
}

/** A connection with its start state: what every migration finds, and what a caller's session gets back. */
export class Session {
  readonly #connection: Connection;
  readonly #signal: AbortSignal | undefined;
  readonly #ownership: Capabilities["sessions"];
  readonly #start: "known" | "to-be-read";
  /** A message that went out with the connection or behind another one, and its answer. */
  #asked: { readonly sql: string; readonly answer: Promise<readonly Row[]> } | undefined;
  #startState: StartState | undefined;
  #scope: SessionScope = "session";
  #roundTripMs = Infinity;
  /** Tells the name of the migration that runs, for what the server says meanwhile. */
  running: () => string | null = () => null;
  /** Whether it is leaving a failed transaction. */
  isRollingBack = false;

  private constructor(connection: Connection, { capabilities, engine }: Database, signal: AbortSignal | undefined) {
    this.#connection = connection;
    this.#ownership = capabilities.sessions;
    this.#start = capabilities.sessions === "owned" && engine === "postgres" ? "known" : "to-be-read";
    this.#signal = signal;
  }

  /**
   * Opens a session.
   *
   * @param database Where to.
   * @param options Signal and notices.
   * @returns The session; close it.
   * @throws A {@linkcode MigrationError} with code `CONNECTION_FAILED` or `ABORTED`.
   */
  static async open(database: Database, options: SessionOptions): Promise<Session> {
    throwIfAborted(options.signal);
    const connection = await connect(database, options);
    const session = new Session(connection, database, options.signal);
    const { question: sql } = options;
    const { answer } = connection;
    if (sql !== undefined && answer !== undefined) session.#asked = { sql, answer };
    answer?.catch(() => undefined);
    return session;
  }

  /** The backend's pid as announced at connect, where the driver tells it. */
  get announcedPid(): number | undefined {
    return this.#connection.pid;
  }

  /** Whether a message goes to the server before those before it are answered. */
  get pipeline(): boolean {
    return this.#connection.pipeline === true;
  }

  /** How long what is set in it holds. */
  get scope(): SessionScope {
    return this.#scope;
  }

  /**
   * Makes it ready for migrations. Until then nothing of it is changed.
   *
   * @param scope How long what is set in it holds.
   */
  async prepare(scope: SessionScope): Promise<void> {
    const sql = await this.enter(scope);
    if (sql !== "") await this.query(sql);
  }

  /**
   * Learns what every migration finds in it.
   *
   * @param scope As of {@linkcode prepare}.
   * @returns SQL that makes it ready, for the next message to begin with; empty behind a pooler.
   */
  async enter(scope: SessionScope): Promise<string> {
    throwIfAborted(this.#signal);
    this.#scope = scope;
    if (scope === "transaction") {
      this.#startState = await readPooledState(this);
      return "";
    }
    this.#startState ??= this.#start === "known" ? OWN_START_STATE : await readStartState(this);
    return PREPARE_SQL;
  }

  /**
   * Sends what will be asked next, if the driver sends it before what is on its way is answered.
   *
   * @param sql The next message of {@linkcode query}; after any other message it is asked again.
   */
  askAhead(sql: string): void {
    if (!this.pipeline) return;
    const answer = this.#connection.query(sql);
    answer.catch(() => undefined);
    this.#asked = { sql, answer };
  }

  /** Waits until what was asked ahead is over, for it may wait for others, and an abort must end that. */
  async #forgetAsked(): Promise<void> {
    const asked = this.#asked;
    this.#asked = undefined;
    if (asked !== undefined) await cancellable(this.#connection, asked.answer, this.#signal).catch(() => undefined);
  }

  /** SQL that brings a session that was made ready back to what every migration finds. */
  get resetSql(): string {
    return `${RESET_SQL}\n${this.#startState!.migrationSql}`;
  }

  /** The same without what every session of the tool has. */
  get callerResetSql(): string {
    return `${RESET_SQL}\n${this.#startState!.callerSql}`;
  }

  /** SQL that takes the session user and the role that the history is written by. */
  get loginSql(): string {
    return `RESET SESSION AUTHORIZATION; RESET ROLE;\n${this.#startState!.rolesSql}`;
  }

  /**
   * Sends one message, which may hold several statements.
   *
   * @param sql The message.
   * @param onCompleted Called with the number of its statements that completed, where the driver tells.
   * @returns The rows of its last statement.
   * @throws {DatabaseError} As the server refused it.
   * @throws A {@linkcode MigrationError} with code `CONNECTION_LOST` or `ABORTED`.
   */
  async query(sql: string, onCompleted?: (count: number) => void): Promise<readonly Row[]> {
    throwIfAborted(this.#signal);
    const asked = this.#asked;
    this.#asked = undefined;
    try {
      const answer = asked?.sql === sql ? asked.answer : this.#measured(sql, onCompleted);
      return await cancellable(this.#connection, answer, this.#signal);
    } catch (error) {
      if (this.#signal?.aborted === true && isCanceled(error)) throw abortError(this.#signal);
      throw sessionError(error);
    }
  }

  async #measured(sql: string, onCompleted?: (count: number) => void): Promise<readonly Row[]> {
    const start = performance.now();
    try {
      return await this.#connection.query(sql, onCompleted);
    } finally {
      this.#roundTripMs = Math.min(this.#roundTripMs, performance.now() - start);
    }
  }

  /** How long the quickest answer to a message took. */
  get roundTripMs(): number {
    return this.#roundTripMs;
  }

  /** Sends a message that must run even after an abort: a rollback, the record of a failure, an unlock. */
  async finish(sql: string): Promise<readonly Row[]> {
    // Else it is sent at once: what is asked ahead comes right behind it.
    if (this.#asked !== undefined) await this.#forgetAsked();
    try {
      return await this.#measured(sql);
    } catch (error) {
      throw sessionError(error);
    }
  }

  /** Leaves a failed transaction. Runs even after an abort. */
  async rollback(): Promise<void> {
    this.isRollingBack = true;
    try {
      await this.finish("ROLLBACK");
    } finally {
      this.isRollingBack = false;
    }
  }

  /**
   * Drops the statements that a section prepared, which stay for the next one otherwise. Runs even after an abort. Behind a
   * pooler nobody knows which session has them.
   *
   * @param section SQL of the section: without the word in it nothing is asked.
   */
  async forgetPrepared(section: string): Promise<void> {
    if (this.#scope === "transaction" || !mayPrepare(section)) return;
    await dropPrepared(this.#connection, this.#startState!.prepared).catch(() => undefined);
  }

  /** Ends the session, or gives it back as it came. Never rejects. */
  async close(): Promise<void> {
    if (this.#scope === "session" && this.#ownership === "borrowed" && this.#startState !== undefined) {
      await this.#forgetAsked();
      await giveBack(this.#connection, this.#startState).catch(() => undefined);
    }
    await this.#connection.close();
  }
}

/** Brings a caller's session to what it was, outside a transaction. */
async function giveBack(connection: Connection, { callerSql, prepared, locks }: StartState): Promise<void> {
  await connection.query(`${RESET_SQL}\n${callerSql}`);
  await dropPrepared(connection, prepared);
  await releaseAdvisoryLocks(connection, locks);
}

async function connect(
  database: Database,
  { access, onNotice, question, givenUp, signal }: SessionOptions,
): Promise<Connection> {
  try {
    const opening = database.connect({
      access,
      ...(onNotice === undefined ? {} : { onNotice }),
      ...(question === undefined ? {} : { question }),
      ...(givenUp === undefined ? {} : { givenUp }),
    });
    return await unlessAborted(opening, signal);
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    const hint = CONNECT_HINTS[error.fields.sqlstate ?? ""];
    throw new MigrationError("CONNECTION_FAILED", error.message, { hint, cause: error });
  }
}

/** A server that does not answer must not keep a person who gave up waiting; what opens later is closed. */
async function unlessAborted(opening: Promise<Connection>, signal: AbortSignal | undefined): Promise<Connection> {
  if (signal === undefined) return await opening;
  let onAbort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(abortError(signal));
    signal.addEventListener("abort", onAbort, { once: true });
  });
  try {
    return await Promise.race([opening, aborted]);
  } catch (error) {
    opening.then((connection) => connection.close(), () => undefined);
    throw error;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

/** A lost connection as an error of the package; everything else as it is. */
function sessionError(error: unknown): unknown {
  if (!(error instanceof DatabaseError) || error.kind === "server") return error;
  return new MigrationError("CONNECTION_LOST", error.message, { cause: error });
}

function isCanceled(error: unknown): boolean {
  return error instanceof DatabaseError && (error.kind === "lost" || error.fields.sqlstate === "57014");
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw abortError(signal);
}

/** The error of a run that was cancelled. */
export function abortError(signal: AbortSignal): MigrationError {
  return new MigrationError("ABORTED", "Cancelled", { cause: signal.reason });
}

/** Whether an error says that the session is gone. */
export function isLost(error: unknown): boolean {
  return error instanceof MigrationError && error.code === "CONNECTION_LOST";
}
