/**
 * The wait for the tool's lock, of whichever kind. It is polled: a runner that blocked inside a lock call would deadlock
 * with `CREATE INDEX CONCURRENTLY`.
 *
 * @module
 */

import { MigrationError } from "../core/error.ts";
import { describeHolder, type LockHolder } from "../core/lock_holder.ts";
import type { Emit } from "./emit.ts";
import { pause } from "./pause.ts";

const FIRST_POLL_MS = 50;
const LAST_POLL_MS = 1000;
const TELL_EVERY_MS = 10_000;

/** How to wait for the lock. */
export interface LockWait {
  /** How long to wait; 0 for not at all, `Infinity` for ever. */
  readonly waitMs: number;
  /** Receives `lock:wait` and `lock:got`. */
  readonly emit: Emit;
  /** Aborting it ends the wait. */
  readonly signal: AbortSignal | undefined;
}

/** What is polled. */
export interface LockSource {
  /** Tries once. */
  attempt(): Promise<"got" | "held">;
  /** Asks who has it. */
  readHolder(): Promise<LockHolder | null>;
}

/**
 * Tries to take the lock until it is had, with jitter.
 *
 * @param source The lock.
 * @param wait How long to wait, and who is told.
 * @throws A {@linkcode MigrationError} with code `LOCK_TIMEOUT` that names the holder, or `ABORTED`.
 */
export async function pollLock(source: LockSource, wait: LockWait): Promise<void> {
  const start = performance.now();
  let poll = FIRST_POLL_MS;
  let told = -Infinity;
  while (await source.attempt() === "held") {
    const waitedMs = performance.now() - start;
    if (waitedMs >= wait.waitMs) throw lockTimeout(await source.readHolder(), waitedMs);
    if (waitedMs - told >= TELL_EVERY_MS) {
      told = waitedMs;
      wait.emit({ type: "lock:wait", holder: await source.readHolder(), waitedMs });
    }
    await pause(Math.min(poll * (0.5 + Math.random()), Math.max(1, wait.waitMs - waitedMs)), wait.signal);
    poll = Math.min(poll * 1.5, LAST_POLL_MS);
  }
  if (told > -Infinity) wait.emit({ type: "lock:got", waitedMs: performance.now() - start });
}

function lockTimeout(holder: LockHolder | null, waitedMs: number): MigrationError {
  const by = holder === null ? "another session" : describeHolder(holder);
  return new MigrationError("LOCK_TIMEOUT", `Cannot get the lock after ${Math.round(waitedMs)} ms: ${by} holds it`, {
    hint: "Wait longer with --lock-wait, or look at lock status",
  });
}
