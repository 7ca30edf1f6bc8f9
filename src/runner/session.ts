/**
 * The one session that a run speaks over.
 *
 * @module
 */

import type { Access, Connection, Database, Notice, Row } from "../core/database.ts";
import { DatabaseError } from "../core/database_error.ts";
import { MigrationError } from "../core/error.ts";
import { quoteIdentifier, quoteLiteral } from "../core/quote.ts";

/** What every session of the tool has; the lexer relies on it. */
const BASE_SETTINGS = "SET SESSION standard_conforming_strings = on;";

/** Undoes what a migration may have done to its session. */
const RESET_SQL =
  "RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL; DISCARD TEMP; DISCARD SEQUENCES; CLOSE ALL; UNLISTEN *;";

/** How to open a {@linkcode Session}. */
export interface SessionOptions {
  /** What it is for. */
  readonly access: Access;
  /** Aborting it cancels the running statement. */
  readonly signal?: AbortSignal | undefined;
  /** Receives what the server says beside results. */
  readonly onNotice?: (notice: Notice) => void;
}

/** A connection with its start state: what every migration finds, and what a caller's session gets back. */
export class Session {
  readonly #connection: Connection;
  readonly #signal: AbortSignal | undefined;
  /** Name of the migration that runs, for what the server says meanwhile. */
  migration: string | null = null;
  /** SQL that brings a session back to its start state. */
  readonly resetSql: string;

  private constructor(connection: Connection, startSql: string, signal: AbortSignal | undefined) {
    this.#connection = connection;
    this.#signal = signal;
    this.resetSql = `${RESET_SQL}\n${startSql}`;
  }

  /**
   * Opens a session.
   *
   * @param database Where to.
   * @param options Signal and notices.
   * @returns The session; close it.
   * @throws A {@linkcode MigrationError} with code `CONNECTION_FAILED`, `CONNECTION_LOST` or `ABORTED`.
   */
  static async open(database: Database, options: SessionOptions): Promise<Session> {
    throwIfAborted(options.signal);
    const connection = await connect(database, options);
    try {
      const startSql = database.capabilities.sessions === "borrowed" ? await readStartState(connection) : BASE_SETTINGS;
      return new Session(connection, startSql, options.signal);
    } catch (error) {
      await connection.close();
      throw sessionError(error);
    }
  }

  /**
   * Sends one message, which may hold several statements.
   *
   * @param sql The message.
   * @returns The rows of its last statement.
   * @throws {DatabaseError} As the server refused it.
   * @throws A {@linkcode MigrationError} with code `CONNECTION_LOST` or `ABORTED`.
   */
  async query(sql: string): Promise<readonly Row[]> {
    throwIfAborted(this.#signal);
    const cancel = () => void this.#connection.cancel();
    this.#signal?.addEventListener("abort", cancel, { once: true });
    try {
      return await this.#connection.query(sql);
    } catch (error) {
      if (this.#signal?.aborted === true && isCanceled(error)) throw abortError(this.#signal);
      throw sessionError(error);
    } finally {
      this.#signal?.removeEventListener("abort", cancel);
    }
  }

  /** Sends a message that must run even after an abort: a rollback, the record of a failure, an unlock. */
  async finish(sql: string): Promise<readonly Row[]> {
    try {
      return await this.#connection.query(sql);
    } catch (error) {
      throw sessionError(error);
    }
  }

  /** Ends the session, or gives it back as it came. Never rejects. */
  async close(give: "as it is" | "reset" = "as it is"): Promise<void> {
    if (give === "reset") await this.#connection.query(this.resetSql).catch(() => undefined);
    await this.#connection.close();
  }
}

async function connect(database: Database, { access, onNotice }: SessionOptions): Promise<Connection> {
  try {
    return await database.connect({ access, ...(onNotice === undefined ? {} : { onNotice }) });
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    throw new MigrationError("CONNECTION_FAILED", error.message, { cause: error });
  }
}

/** A lost connection as an error of the package; everything else as it is. */
function sessionError(error: unknown): unknown {
  if (!(error instanceof DatabaseError) || error.kind === "server") return error;
  return new MigrationError("CONNECTION_LOST", `Connection lost: ${error.message}`, { cause: error });
}

/** Reads what a caller's session is set to, as SQL that sets it so again. */
async function readStartState(connection: Connection): Promise<string> {
  const [row] = await connection.query(`SELECT pg_catalog.json_build_object(
  'sessionUser', session_user,
  'loginUser', (SELECT a.usename FROM pg_catalog.pg_stat_activity a WHERE a.pid = pg_catalog.pg_backend_pid()),
  'role', pg_catalog.current_setting('role'),
  'channels', (SELECT coalesce(pg_catalog.json_agg(c), '[]') FROM pg_catalog.pg_listening_channels() AS c),
  'settings', (SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_array(s.name, pg_catalog.current_setting(s.name))), '[]')
    FROM pg_catalog.pg_settings s WHERE s.source = 'session' AND s.context IN ('user', 'superuser'))
)::pg_catalog.text AS value`);
  const state = JSON.parse(String(row?.value)) as StartState;
  const settings = state.settings.filter(([name]) => name !== "standard_conforming_strings");
  const startSql = [
    ...(state.loginUser === null || state.loginUser === state.sessionUser
      ? []
      : [`SET SESSION AUTHORIZATION ${quoteIdentifier(state.sessionUser)};`]),
    ...(state.role === "none" ? [] : [`SET ROLE ${quoteIdentifier(state.role)};`]),
    ...settings.map(([name, value]) =>
      `SELECT pg_catalog.set_config(${quoteLiteral(name)}, ${quoteLiteral(value)}, false);`
    ),
    ...state.channels.map((channel) => `LISTEN ${quoteIdentifier(channel)};`),
    BASE_SETTINGS,
  ].join("\n");
  await connection.query(BASE_SETTINGS);
  return startSql;
}

interface StartState {
  readonly sessionUser: string;
  readonly loginUser: string | null;
  readonly role: string;
  readonly channels: readonly string[];
  readonly settings: readonly (readonly [string, string])[];
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
