/**
 * What a run tells while it goes on: plain values that print as JSON.
 *
 * @module
 */

import type { ErrorCode } from "./error.ts";
import type { LockHolder } from "./lock_holder.ts";
import type { Problem } from "./problem.ts";
import type { Durations, Verdict } from "./verdict.ts";

export type { LeaseTerm, LockHolder } from "./lock_holder.ts";

/** Which section of a migration runs. */
export type Direction = "up" | "down";

/** One migration that a run finished. */
export interface Done {
  /** Its name. */
  readonly name: string;
  /** Which section ran. */
  readonly direction: Direction;
  /** How long it ran, in milliseconds. */
  readonly durationMs: number;
}

/** What every event has. */
export interface EventBase {
  /** Name of the database. */
  readonly db: string;
  /** When it happened, ISO 8601 UTC, by the clock of the runner. */
  readonly at: string;
}

/** What happened, without {@linkcode EventBase}. */
export type EventBody =
  | { readonly type: "run:start"; readonly steps: readonly { readonly name: string; readonly direction: Direction }[] }
  | { readonly type: "lock:wait"; readonly holder: LockHolder | null; readonly waitedMs: number }
  | { readonly type: "lock:got"; readonly waitedMs: number }
  | {
    readonly type: "migration:start";
    readonly name: string;
    readonly direction: Direction;
    readonly index: number;
    readonly total: number;
  }
  | {
    readonly type: "migration:retry";
    readonly name: string;
    readonly direction: Direction;
    readonly attempt: number;
    readonly delayMs: number;
    readonly sqlstate: string;
    readonly message: string;
    /** Sessions that were seen to keep it waiting. */
    readonly blockers: readonly LockHolder[];
  }
  | {
    readonly type: "migration:done";
    readonly name: string;
    readonly direction: Direction;
    readonly durationMs: number;
  }
  | {
    readonly type: "migration:failed";
    readonly name: string;
    readonly direction: Direction;
    readonly code: ErrorCode;
    readonly message: string;
  }
  | {
    readonly type: "migration:rehearsed";
    readonly name: string;
    readonly verdict: Verdict;
    readonly durations: Durations;
  }
  | {
    readonly type: "unit:done";
    readonly name: string;
    readonly direction: Direction;
    readonly unit: number;
    readonly units: number;
    readonly durationMs: number;
  }
  | {
    readonly type: "notice";
    readonly severity: string;
    readonly sqlstate: string;
    readonly message: string;
    readonly name: string | null;
  }
  | { readonly type: "warning"; readonly problem: Problem }
  | { readonly type: "run:done"; readonly ok: boolean; readonly done: readonly Done[]; readonly durationMs: number };

/** One event of a run. Durations are in milliseconds, units count from 1. */
export type MigrationEvent = EventBase & EventBody;

/** Receives events, one after the other; it must not throw. */
export type EventSink = (event: MigrationEvent) => void;
