/**
 * Sees who keeps a migration waiting for a lock, over a second connection.
 *
 * @module
 */

import type { Database } from "../core/database.ts";
import type { LockHolder } from "../core/event.ts";
import { readHolders } from "./holder.ts";
import { lockCondition } from "./lock.ts";
import { Session } from "./session.ts";

/** How long to wait for a second connection. */
const CONNECT_TIMEOUT_MS = 1000;

/** How often to look, at most and at least. */
const SHORTEST_INTERVAL_MS = 20;
const LONGEST_INTERVAL_MS = 1000;

/** How often in between it is seen whether it is time. */
const TICKS = 4;

/** How often to look while work goes on, and when next. */
interface Wait {
  readonly interval: number;
  next: number;
}

/** Which session is watched: one, or whichever has the lock in its transaction. */
export type Watched = { readonly pid: number } | { readonly key: bigint };

/** Looks at one session while it works. Where no second connection can be had, it sees nobody. */
export class BlockerWatch {
  readonly #database: Database;
  readonly #watched: Watched;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = () => void this.close();
  #session: Promise<Session | undefined> | undefined;
  #seen: readonly LockHolder[] = [];
  #wait: Wait | undefined;
  #ticking: { readonly interval: number; readonly timer: ReturnType<typeof setInterval> } | undefined;
  #looking: Promise<void> | undefined;

  /**
   * Makes a watch; nothing is opened before the session has worked for a while.
   *
   * @param database Where a second connection is had.
   * @param watched The session that is watched.
   * @param signal Aborting it ends the watch: the last connection of a pool may be needed to cancel with.
   */
  constructor(database: Database, watched: Watched, signal: AbortSignal | undefined) {
    this.#database = database;
    this.#watched = watched;
    this.#signal = signal;
    signal?.addEventListener("abort", this.#onAbort, { once: true });
  }

  /** Who was last seen to keep it waiting, while the work before was done. */
  get seen(): readonly LockHolder[] {
    return this.#seen;
  }

  /**
   * Looks again and again while work is done.
   *
   * @param lockTimeoutMs The `lock_timeout` of the work: it is looked at three times within it.
   * @param work The work.
   * @returns What it returns.
   */
  async during<T>(lockTimeoutMs: number | undefined, work: () => Promise<T>): Promise<T> {
    this.#seen = [];
    if (!this.#database.capabilities.concurrent || lockTimeoutMs === undefined || lockTimeoutMs === 0) {
      return await work();
    }
    const interval = Math.min(Math.max(lockTimeoutMs / 3, SHORTEST_INTERVAL_MS), LONGEST_INTERVAL_MS);
    const around = this.#wait;
    this.#begin({ interval, next: performance.now() + interval * (1 - 1 / TICKS) });
    try {
      return await work();
    } finally {
      // A unit is watched, and so is each entry of the journal that is written within it.
      if (around === undefined) this.#wait = undefined;
      else this.#begin(around);
      await this.#looking;
    }
  }

  #begin(wait: Wait): void {
    this.#wait = wait;
    this.#tickEvery(wait.interval / TICKS);
  }

  /** One timer serves many pieces of work: a runtime may keep one that was cleared, and all that it knows, until its time. */
  #tickEvery(interval: number): void {
    if (this.#ticking?.interval === interval) return;
    this.#stopTicking();
    this.#ticking = { interval, timer: setInterval(() => this.#tick(), interval) };
  }

  #stopTicking(): void {
    if (this.#ticking !== undefined) clearInterval(this.#ticking.timer);
    this.#ticking = undefined;
  }

  #tick(): void {
    const wait = this.#wait;
    if (wait === undefined || performance.now() < wait.next) return;
    wait.next = performance.now() + wait.interval;
    this.#looking ??= this.#look().finally(() => this.#looking = undefined);
  }

  /** Ends the second connection. Never rejects. */
  async close(): Promise<void> {
    this.#signal?.removeEventListener("abort", this.#onAbort);
    this.#stopTicking();
    const session = await this.#session;
    this.#session = undefined;
    await session?.close();
  }

  async #look(): Promise<void> {
    if (this.#signal?.aborted === true) return;
    this.#session ??= this.#open();
    const session = await this.#session;
    if (session === undefined) return;
    const seen = await readHolders({ query: (sql) => session.finish(sql) }, this.#blockers).catch(() => []);
    if (seen.length > 0) this.#seen = seen;
  }

  /** `pg_blocking_pids()` stops all locking for a moment: it is asked only while the session does wait. */
  get #blockers(): string {
    const watched = "pid" in this.#watched
      ? String(this.#watched.pid)
      : `(SELECT l.pid FROM pg_catalog.pg_locks l WHERE ${lockCondition(this.#watched.key)} LIMIT 1)`;
    return `a.pid = ANY (SELECT pg_catalog.unnest(CASE WHEN w.wait_event_type = 'Lock'
      THEN pg_catalog.pg_blocking_pids(w.pid) ELSE '{}' END) FROM pg_catalog.pg_stat_activity w WHERE w.pid = ${watched})`;
  }

  async #open(): Promise<Session | undefined> {
    const signal = AbortSignal.timeout(CONNECT_TIMEOUT_MS);
    return await Session.open(this.#database, { access: "read", signal }).catch(() => undefined);
  }
}
