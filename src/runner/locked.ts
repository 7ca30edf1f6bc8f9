/**
 * Work under the lock.
 *
 * @module
 */

import { DatabaseError } from "../core/database_error.ts";
import { MigrationError } from "../core/error.ts";
import { BlockerWatch } from "./blocker_watch.ts";
import type { Context, Run } from "./context.ts";
import { sendTransaction } from "./execute.ts";
import { surveySql } from "./history_query.ts";
import { createHistorySql, type HistoryTable, lockKey } from "./history_table.ts";
import { acquireLease } from "./lease.ts";
import { acquireLock } from "./lock.ts";
import type { LockKind, RunLock } from "./run_lock.ts";
import type { ServerState } from "./server.ts";
import type { Session } from "./session.ts";
import { type Survey, survey } from "./survey.ts";
import { lockTimeoutSql, transactionMessage } from "./transaction.ts";
import { upgradeLayoutSql } from "./upgrade_layout.ts";

/**
 * Takes the lock, looks at the database again, does some work and releases the lock, whatever happens.
 *
 * @param context The database.
 * @param session The session that does the work.
 * @param server What its server says.
 * @param work What to do, with what the database says under the lock.
 * @returns What the work returns.
 * @throws A {@linkcode MigrationError} with code `LOCK_TIMEOUT`, and what {@linkcode survey} and the work throw.
 */
export async function withLock<T>(
  context: Context,
  session: Session,
  server: ServerState,
  work: (run: Run, found: Survey) => Promise<T>,
): Promise<T> {
  const key = await lockKey(context.table);
  const runId = crypto.randomUUID();
  const kind = chooseLock(context, session, server);
  const lock = await acquire(context, session, server, { kind, key, runId });
  const watched = kind === "session" ? { pid: server.pid } : { key };
  const watch = new BlockerWatch(context.database, watched, context.signal);
  try {
    return await work({ context, session, lock, runId, watch }, await survey(context, session));
  } finally {
    await watch.close();
    // A lost session has lost its locks, too, and a lease ends by itself.
    await lock.release().catch(() => undefined);
  }
}

/** Behind a pooler the session that answers is not the one that was announced. */
function chooseLock({ settings }: Context, session: Session, server: ServerState): LockKind {
  if (settings.lock !== undefined) return settings.lock;
  return session.announcedPid === undefined || session.announcedPid === server.pid ? "session" : "lease";
}

interface LockChoice {
  readonly kind: LockKind;
  readonly key: bigint;
  readonly runId: string;
}

async function acquire(
  context: Context,
  session: Session,
  server: ServerState,
  { kind, key, runId }: LockChoice,
): Promise<RunLock> {
  const { table, database, settings, emit, signal } = context;
  const wait = { waitMs: settings.lockWaitMs, emit, signal };
  if (kind === "session") return await acquireLock(session, { key, table, question: surveySql(table) }, wait);
  await session.prepare("transaction");
  const claim = { owner: runId, leaseMs: settings.leaseMs };
  return await acquireLease(session, { claim, key, table, database, server }, wait);
}

/**
 * Creates the history if it is not there; brings one that an older release made to the layout of this one.
 *
 * @param run The run.
 * @param server What the server says.
 * @throws A {@linkcode MigrationError} with code `HISTORY_FOREIGN`, or `LOCK_TIMEOUT` if another session uses an older
 * history for too long.
 */
export async function ensureHistory(run: Run, server: ServerState): Promise<void> {
  switch (server.history) {
    case "exists":
      return;
    case "absent":
      return await writeHistory(run, createHistorySql(run.context.table, server.schema));
    case "older":
      return await upgradeHistory(run);
  }
}

async function upgradeHistory(run: Run): Promise<void> {
  const { settings, table } = run.context;
  const timeout = lockTimeoutSql(settings.lockTimeoutMs);
  try {
    await writeHistory(run, `${timeout}\n${await upgradeLayoutSql(run.session, table)}`);
  } catch (error) {
    throw error instanceof DatabaseError ? upgradeError(table, error) : error;
  }
}

function upgradeError(table: HistoryTable, cause: DatabaseError): unknown {
  switch (cause.fields.sqlstate) {
    case "55P03":
      return new MigrationError("LOCK_TIMEOUT", `Cannot upgrade ${table.sql}: another session uses it`, {
        hint: "Nothing was run; run the same command again when that session is done",
        cause,
      });
    case "42501":
      return new MigrationError(
        "CONFIG",
        `Cannot upgrade ${table.sql} to the layout of this release: ${cause.message}`,
        {
          hint: "Nothing was run; run it once as the owner of the history and its log",
          cause,
        },
      );
    default:
      return cause;
  }
}

/** Writes the history in a transaction of its own. */
export async function writeHistory(run: Run, records: string): Promise<void> {
  await sendTransaction(run, transactionMessage({ before: run.lock.guards, records }));
}
