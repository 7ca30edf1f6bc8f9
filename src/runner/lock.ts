/**
 * The advisory lock of a session.
 *
 * @module
 */

import type { Row } from "../core/database.ts";
import type { LockHolder } from "../core/lock_holder.ts";
import { quoteLiteral } from "../core/quote.ts";
import type { HistoryTable } from "./history_table.ts";
import { readHolders } from "./holder.ts";
import { isLeasedSql, readLeaseHolder } from "./lease_table.ts";
import { type LockWait, pollLock } from "./poll_lock.ts";
import type { RunLock } from "./run_lock.ts";
import type { Session } from "./session.ts";
import { lockGuard } from "./transaction.ts";

/** How long a session may take to end. */
const END_WAIT_MS = 5_000;

/** Which lock a session takes. */
export interface LockRequest {
  /** The key. */
  readonly key: bigint;
  /** The history table. */
  readonly table: HistoryTable;
  /** What is asked first under the lock. It goes out with the first try. */
  readonly question: string;
}

/**
 * Takes the lock on a session, and makes that ready. It is not had while another runner has a lease.
 *
 * @param session The session that runs the migrations.
 * @param request The lock.
 * @param wait How long to wait, and who is told.
 * @returns The lock.
 * @throws A {@linkcode MigrationError} with code `LOCK_TIMEOUT` that names the holder.
 */
export async function acquireLock(session: Session, request: LockRequest, wait: LockWait): Promise<RunLock> {
  const { key, table, question } = request;
  const prepareSql = await session.enter("session");
  const release = async () => void await session.finish(`SELECT pg_catalog.pg_advisory_unlock(${key})`);
  // Cancelled half-way it could leave the lock to a session that somebody else uses on. Under the lock nobody takes a
  // lease: the table is looked for after the lock was tried.
  const trySql = `SELECT pg_catalog.pg_try_advisory_lock(${key})::pg_catalog.text AS got, pg_catalog.to_regclass(${
    quoteLiteral(table.leaseSql)
  })::pg_catalog.text AS leases`;
  const settle = async ([row]: readonly Row[]): Promise<"got" | "held"> => {
    if (row?.got !== "true") return "held";
    if (row.leases === null) return "got";
    const [lease] = await session.finish(`SELECT (${isLeasedSql(table)})::pg_catalog.text AS leased`);
    if (lease?.leased !== "true") return "got";
    await release();
    return "held";
  };
  const tryFirst = async (): Promise<"got" | "held"> => {
    const trying = session.finish(`${prepareSql} ${trySql}`);
    session.askAhead(question);
    return await settle(await trying);
  };
  let tries = 0;
  await pollLock({
    attempt: async () => tries++ === 0 ? await tryFirst() : await settle(await session.finish(trySql)),
    readHolder: () => readLockHolder(session, key, table),
  }, wait);
  return { kind: "session", guards: [lockGuard(key)], renewSql: "", release };
}

/** Where a lock of this key is in `pg_locks`. */
export function lockCondition(key: bigint): string {
  const bits = BigInt.asUintN(64, key);
  return `l.granted AND l.locktype = 'advisory' AND l.objsubid = 1 AND l.classid = ${
    bits >> 32n
  }::pg_catalog.oid AND l.objid = ${
    bits & 0xffffffffn
  }::pg_catalog.oid AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())`;
}

/**
 * Asks who holds the lock, of whichever kind.
 *
 * @param session Any session on the database.
 * @param key The key.
 * @param table The history table.
 * @returns The holder, or `null` if it is free.
 */
export async function readLockHolder(session: Session, key: bigint, table: HistoryTable): Promise<LockHolder | null> {
  const leaseHolder = await readLeaseHolder(session, table);
  if (leaseHolder !== null) return leaseHolder;
  const held = `SELECT l.pid FROM pg_catalog.pg_locks l WHERE ${lockCondition(key)}`;
  return (await readHolders(session, `a.pid IN (${held})`))[0] ?? null;
}

/**
 * Ends the session that holds the lock, if it is still that one.
 *
 * @param session Any session on the database.
 * @param key The key.
 * @param pid The holder as it was seen.
 * @returns Whether it was ended.
 */
export async function terminateHolder(session: Session, key: bigint, pid: number): Promise<boolean> {
  // It waits until the session has ended, for the lock is free only then. It says false if that takes longer.
  const rows = await session.query(
    `SELECT pg_catalog.count(pg_catalog.pg_terminate_backend(l.pid, ${END_WAIT_MS}))::pg_catalog.text AS ended
FROM pg_catalog.pg_locks l WHERE l.pid = ${pid} AND ${lockCondition(key)}`,
  );
  return rows[0]?.ended !== "0";
}
