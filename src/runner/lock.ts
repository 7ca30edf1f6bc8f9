/**
 * The advisory lock that keeps runners apart. It is polled: a runner that blocked inside a lock call would deadlock with
 * `CREATE INDEX CONCURRENTLY`.
 *
 * @module
 */

import { MigrationError } from "../core/error.ts";
import { describeHolder, type LockHolder } from "../core/lock_holder.ts";
import type { Emit } from "./emit.ts";
import { readHolders } from "./holder.ts";
import { pause } from "./pause.ts";
import type { Session } from "./session.ts";

const FIRST_POLL_MS = 50;
const LAST_POLL_MS = 1000;

/** How to wait for the lock. */
export interface LockOptions {
  /** The key. */
  readonly key: bigint;
  /** How long to wait; 0 for not at all, `Infinity` for ever. */
  readonly waitMs: number;
  /** Receives `lock:wait` and `lock:got`. */
  readonly emit: Emit;
  /** Aborting it ends the wait. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Takes the lock on a session, polling with jitter.
 *
 * @param session The session that runs the migrations.
 * @param options Key and patience.
 * @throws A {@linkcode MigrationError} with code `LOCK_TIMEOUT` that names the holder.
 */
export async function acquireLock(session: Session, options: LockOptions): Promise<void> {
  const start = performance.now();
  let poll = FIRST_POLL_MS;
  let told = -Infinity;
  while (true) {
    const [row] = await session.query(
      `SELECT pg_catalog.pg_try_advisory_lock(${options.key})::pg_catalog.text AS value`,
    );
    const waitedMs = performance.now() - start;
    if (row?.value === "true") {
      if (told > -Infinity) options.emit({ type: "lock:got", waitedMs });
      return;
    }
    if (waitedMs >= options.waitMs) throw await lockTimeout(session, options.key, waitedMs);
    if (waitedMs - told >= 10_000) {
      told = waitedMs;
      options.emit({ type: "lock:wait", holder: await readLockHolder(session, options.key), waitedMs });
    }
    await pause(Math.min(poll * (0.5 + Math.random()), Math.max(1, options.waitMs - waitedMs)), options.signal);
    poll = Math.min(poll * 1.5, LAST_POLL_MS);
  }
}

async function lockTimeout(session: Session, key: bigint, waitedMs: number): Promise<MigrationError> {
  const holder = await readLockHolder(session, key);
  const by = holder === null ? "another session" : describeHolder(holder);
  return new MigrationError("LOCK_TIMEOUT", `Cannot get the lock after ${Math.round(waitedMs)} ms: ${by} holds it`, {
    hint: "Wait longer with --lock-wait, or look at lock status",
  });
}

/** Where a lock of this key is in `pg_locks`. */
function lockCondition(key: bigint): string {
  const bits = BigInt.asUintN(64, key);
  return `l.locktype = 'advisory' AND l.objsubid = 1 AND l.classid = ${bits >> 32n}::pg_catalog.oid AND l.objid = ${
    bits & 0xffffffffn
  }::pg_catalog.oid AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())`;
}

/**
 * Asks who holds the lock.
 *
 * @param session Any session on the database.
 * @param key The key.
 * @returns The holder, or `null` if it is free.
 */
export async function readLockHolder(session: Session, key: bigint): Promise<LockHolder | null> {
  const held = `SELECT l.pid FROM pg_catalog.pg_locks l WHERE l.granted AND ${lockCondition(key)}`;
  return (await readHolders(session, `a.pid IN (${held})`))[0] ?? null;
}

/**
 * Releases the lock. Runs even after an abort.
 *
 * @param session The session that took it.
 * @param key The key.
 */
export async function releaseLock(session: Session, key: bigint): Promise<void> {
  await session.finish(`SELECT pg_catalog.pg_advisory_unlock(${key})`);
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
  const rows = await session.query(`SELECT pg_catalog.pg_terminate_backend(l.pid)::pg_catalog.text AS value
FROM pg_catalog.pg_locks l WHERE l.granted AND l.pid = ${pid} AND ${lockCondition(key)}`);
  return rows[0]?.value === "true";
}
