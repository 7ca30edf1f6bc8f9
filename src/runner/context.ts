/**
 * What the parts of a run share.
 *
 * @module
 */

import type { Database } from "../core/database.ts";
import type { Step, Strictness } from "../core/plan.ts";
import type { FileReader } from "../core/reader.ts";
import type { BlockerWatch } from "./blocker_watch.ts";
import type { Emit } from "./emit.ts";
import type { HistoryTable } from "./history_table.ts";
import type { LockKind, RunLock } from "./run_lock.ts";
import { type RowCheck, rowGuard } from "./transaction.ts";
import type { Session } from "./session.ts";

/** How migrations are run. */
export interface RunSettings {
  /** `lock_timeout` of transactional migrations, in milliseconds. */
  readonly lockTimeoutMs: number | undefined;
  /** `statement_timeout`, in milliseconds. */
  readonly statementTimeoutMs: number | undefined;
  /** How often a transaction is tried again after a lock time-out, a deadlock or a serialization failure. */
  readonly lockRetries: number;
  /** How runs exclude each other; without it, by what the connection is. */
  readonly lock: LockKind | undefined;
  /** How long a lease lasts unless it is renewed, in milliseconds. */
  readonly leaseMs: number;
  /** How long to wait for the tool's own lock, in milliseconds. */
  readonly lockWaitMs: number;
  /** Role that migrations run as. */
  readonly role: string | undefined;
  /** Statements that run at the start of every migration. */
  readonly session: readonly string[];
}

/** A folder of migrations. */
export interface Folder {
  /** Its path. */
  readonly directory: string;
  /** Where files come from. */
  readonly reader: FileReader;
}

/** A folder, and how its migrations are run, whatever the database. */
export interface Terms extends Folder {
  /** Name of the database. */
  readonly dbName: string;
  /** The history table. */
  readonly table: HistoryTable;
  /** Whether missing and late migrations are errors. */
  readonly strictness: Strictness;
  /** How migrations are run. */
  readonly settings: RunSettings;
  /** Sends an event. */
  readonly emit: Emit;
  /** Aborting it cancels. */
  readonly signal: AbortSignal | undefined;
}

/** One database and its folder. */
export interface Context extends Terms {
  /** Where migrations run. */
  readonly database: Database;
}

/** A run under the lock. */
export interface Run {
  /** The database and its folder. */
  readonly context: Context;
  /** The session that holds the lock. */
  readonly session: Session;
  /** The lock. */
  readonly lock: RunLock;
  /** The same in all entries of the log. */
  readonly runId: string;
  /** Sees who keeps the session waiting. */
  readonly watch: BlockerWatch;
}

/**
 * The statements that every transaction of the tool begins with: the lock is had, and the row is as expected.
 *
 * @param run The run.
 * @param row The row.
 * @param chain The row of the step before, where that one may have failed without anybody having looked.
 * @returns The statements.
 */
export function guards(run: Run, row: RowCheck, chain?: RowCheck): string[] {
  return [...run.lock.guards, rowGuard(run.context.table, row, chain)];
}

/** What a migration runs under: its header goes before the options. */
export function settingsOf(step: Step, settings: RunSettings): {
  readonly lockTimeoutMs: number | undefined;
  readonly statementTimeoutMs: number | undefined;
} {
  return {
    lockTimeoutMs: step.migration.lockTimeoutMs ?? settings.lockTimeoutMs,
    statementTimeoutMs: step.migration.statementTimeoutMs ?? settings.statementTimeoutMs,
  };
}
