/**
 * Looks at files and database, and writes nothing.
 *
 * @module
 */

import { compare, type ComparedFile, type Comparison } from "../core/compare.ts";
import type { Access } from "../core/database.ts";
import { DatabaseError } from "../core/database_error.ts";
import { MigrationError } from "../core/error.ts";
import type { Migration } from "../core/migration.ts";
import type { MigrationRecord } from "../core/record.ts";
import type { Context } from "./context.ts";
import { ownStatementError } from "./failure.ts";
import { readHistory, toRecords } from "./history.ts";
import { surveySql } from "./history_query.ts";
import type { HistoryTable } from "./history_table.ts";
import { type LoadedFiles, loadFiles } from "./load.ts";
import { completed, readOlderLayout } from "./older_layout.ts";
import { readServerAnd, readServerState, type ServerAnswer, type ServerState } from "./server.ts";
import { Session } from "./session.ts";

const NO_TRANSACTION = "25P01";

/** What a database says. */
export interface Survey {
  /** The server. */
  readonly server: ServerState;
  /** The rows of the history; empty if there is none. */
  readonly records: readonly MigrationRecord[];
  /** Where history and log are read: of an older layout, queries that complete them. */
  readonly readable: HistoryTable;
}

/**
 * Opens a session for the length of some work.
 *
 * @param context The database.
 * @param access Whether the work writes.
 * @param work What to do with it.
 * @param first What it asks first: to {@linkcode survey}, or `else`.
 * @returns What the work returns.
 * @throws A {@linkcode MigrationError} with code `LOCK_LOST`, `READ_ONLY` or `CONFIG` if a statement of the tool is
 * refused, and what the work throws.
 */
export async function withSession<T>(
  context: Context,
  access: Access,
  work: (session: Session) => Promise<T>,
  first: "survey" | "else" = "survey",
): Promise<T> {
  return await withOpened(openSession(context, access, first), access, work);
}

/**
 * Reads files while a session is opened and the database surveyed, and opens it for the length of some work. What is wrong
 * with the files is told before what is wrong with the connection.
 *
 * @param context The database.
 * @param access Whether the work writes.
 * @param load Reads the files, given the rows of the history as soon as they are known; without them if that is later.
 * @param work What to do with all of it.
 * @returns What the work returns.
 * @throws What reading throws, and as {@linkcode withSession} and {@linkcode survey} do.
 */
export async function withFiles<F, T>(
  context: Context,
  access: Access,
  load: (history?: Promise<readonly MigrationRecord[]>) => Promise<F>,
  work: (session: Session, files: F, found: Survey) => Promise<T>,
): Promise<T> {
  const { engine, capabilities } = context.database;
  // To open an embedded database is to create it; a client of the caller's may be closed as soon as this call fails.
  if (engine !== "postgres" || capabilities.sessions === "borrowed") {
    const files = await load();
    return await withSession(
      context,
      access,
      async (session) => await work(session, files, await survey(context, session)),
    );
  }
  let giveUp = () => {};
  const givenUp = new Promise<void>((resolve) => giveUp = resolve);
  const opening = openSession(context, access, "survey", givenUp);
  const surveyed = opening.then((session) => survey(context, session));
  // Without an answer all files are parsed, and then it is told why there is none.
  const history = surveyed.then(({ records }) => records, () => []);
  let files: F;
  try {
    files = await load(history);
  } catch (error) {
    giveUp();
    opening.then((session) => session.close(), () => undefined);
    throw error;
  }
  return await withOpened(opening, access, async (session) => await work(session, files, await surveyed));
}

async function openSession(
  context: Context,
  access: Access,
  first: "survey" | "else",
  givenUp?: Promise<void>,
): Promise<Session> {
  // A server may have something to say before the session is open.
  const opened: { session?: Session } = {};
  const session = await Session.open(context.database, {
    access,
    signal: context.signal,
    ...(first === "survey" ? { question: surveySql(context.table) } : {}),
    ...(givenUp === undefined ? {} : { givenUp }),
    onNotice: ({ severity, sqlstate, message }) => {
      // The ROLLBACK after a failure finds no transaction if it was the COMMIT that failed.
      if (sqlstate === NO_TRANSACTION && opened.session?.isRollingBack === true) return;
      context.emit({ type: "notice", severity, sqlstate, message, name: opened.session?.running() ?? null });
    },
  });
  opened.session = session;
  return session;
}

async function withOpened<T>(
  opening: Promise<Session>,
  access: Access,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const session = await opening;
  try {
    return await work(session);
  } catch (error) {
    throw error instanceof DatabaseError ? ownStatementError(error, access) : error;
  } finally {
    await session.close();
  }
}

/**
 * Reads server and history: in one question, unless an older release made the history.
 *
 * @param context The database.
 * @param session The session.
 * @returns What they say.
 * @throws A {@linkcode MigrationError} with code `CONFIG`, `HISTORY_FOREIGN` or `HISTORY_NEWER`.
 */
export async function survey({ table }: Context, session: Session): Promise<Survey> {
  const found = await askAtOnce(table, session);
  if (found === undefined || found.server.history === "older") return await askInTurn(table, session);
  const records = found.history === undefined ? [] : await toRecords(session, table, found.history);
  return { server: found.server, records, readable: table };
}

/** A server that refuses the one question may say of a simpler one why: it is another engine, a right is missing. */
async function askAtOnce(table: HistoryTable, session: Session): Promise<ServerAnswer | undefined> {
  try {
    return readServerAnd(await session.query(surveySql(table)), table);
  } catch (error) {
    if (error instanceof DatabaseError) return undefined;
    throw error;
  }
}

async function askInTurn(table: HistoryTable, session: Session): Promise<Survey> {
  const server = await readServerState(session, table);
  if (server.history === "absent") return { server, records: [], readable: table };
  const readable = server.history === "exists" ? table : completed(table, await readOlderLayout(session, table));
  return { server, records: await readHistory(session, readable), readable };
}

/**
 * Compares files with the history.
 *
 * @param context The database.
 * @param migrations The files.
 * @param records The history.
 * @param broken Names of files that cannot be used.
 * @returns The comparison.
 */
export function compareWith<F extends ComparedFile = Migration>(
  context: Context,
  migrations: readonly F[],
  records: readonly MigrationRecord[],
  broken: ReadonlySet<string> = new Set(),
): Comparison<F> {
  return compare({ dbName: context.dbName, migrations, records, broken });
}

/** Reads the files for a rollback, which runs from the history: what is broken or gone does not stand in its way. */
export async function loadForRollback(context: Context): Promise<LoadedFiles> {
  try {
    return await loadFiles(context);
  } catch (error) {
    if (error instanceof MigrationError && error.code === "CONFIG") {
      return { migrations: [], outlines: [], broken: [], problems: [] };
    }
    throw error;
  }
}
