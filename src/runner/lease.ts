/**
 * The lock of a run behind a pooler: a lease, taken under the advisory lock and renewed while the run goes on.
 *
 * @module
 */

import type { Database } from "../core/database.ts";
import { DatabaseError } from "../core/database_error.ts";
import { Heartbeat } from "./heartbeat.ts";
import type { HistoryTable } from "./history_table.ts";
import {
  createLeaseSql,
  hasLeaseTable,
  isLeasedSql,
  type LeaseClaim,
  leaseGuard,
  releaseLeaseSql,
  renewalGuard,
  renewLeaseSql,
  takeLeaseSql,
} from "./lease_table.ts";
import { lockCondition, readLockHolder } from "./lock.ts";
import { type LockWait, pollLock } from "./poll_lock.ts";
import type { RunLock } from "./run_lock.ts";
import type { ServerState } from "./server.ts";
import type { Session } from "./session.ts";
import { failedGuard, lockGuard, STRINGS_GUARD, transactionMessage } from "./transaction.ts";

/** What a lease is for. */
export interface LeaseRequest {
  /** Who takes it, and for how long. */
  readonly claim: LeaseClaim;
  /** Key of the advisory lock. */
  readonly key: bigint;
  /** The history table. */
  readonly table: HistoryTable;
  /** Where a second connection is had, for the heartbeat. */
  readonly database: Database;
  /** What the server says. */
  readonly server: ServerState;
}

/**
 * Takes the lease. It is not had while another session has the advisory lock.
 *
 * @param session The session that runs the migrations.
 * @param request What it is for.
 * @param wait How long to wait, and who is told.
 * @returns The lock.
 * @throws A {@linkcode MigrationError} with code `LOCK_TIMEOUT` that names the holder.
 */
export async function acquireLease(session: Session, request: LeaseRequest, wait: LockWait): Promise<RunLock> {
  const { claim, key, table, database } = request;
  await pollLock({
    attempt: async () => await isHeld(session, request) ? "held" : await take(session, request),
    readHolder: () => readLockHolder(session, key, table),
  }, wait);
  const heartbeat = new Heartbeat(database, renewLeaseSql(table, claim), claim.leaseMs / 6);
  return {
    kind: "lease",
    guards: [STRINGS_GUARD, lockGuard(key), leaseGuard(table, claim.owner)],
    renewSql: renewalGuard(table, claim),
    release: async () => {
      await heartbeat.close();
      await session.finish(releaseLeaseSql(table, claim.owner));
    },
  };
}

/** Looks before it tries: the look takes no lock that a holder's next transaction could miss. */
async function isHeld(session: Session, { key, table }: LeaseRequest): Promise<boolean> {
  const leased = await hasLeaseTable(session, table) ? isLeasedSql(table) : "false";
  const [row] = await session.query(
    `SELECT (${leased} OR EXISTS (SELECT FROM pg_catalog.pg_locks l WHERE ${
      lockCondition(key)
    }))::pg_catalog.text AS held`,
  );
  return row?.held === "true";
}

async function take(session: Session, { claim, key, table, server }: LeaseRequest): Promise<"got" | "held"> {
  const create = await hasLeaseTable(session, table) ? "" : createLeaseSql(table, server.schema);
  const message = transactionMessage({
    before: [lockGuard(key)],
    records: `${create}\n${takeLeaseSql(table, claim)}`,
  });
  try {
    await session.finish(message.sql);
    return "got";
  } catch (error) {
    if (error instanceof DatabaseError) await session.rollback();
    if (error instanceof DatabaseError && failedGuard(error.message) !== undefined) return "held";
    throw error;
  }
}
