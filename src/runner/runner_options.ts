/**
 * What a runner and its calls can be told.
 *
 * @module
 */

import type { Database } from "../core/database.ts";
import type { EventSink } from "../core/event.ts";
import type { FileReader } from "../core/reader.ts";

/** How a `MigrationRunner` works. Times are in milliseconds. */
export interface RunnerOptions {
  /**
   * Name of the database: lower-case letters, digits, `_` and `-`.
   *
   * @default {"default"}
   */
  readonly dbName?: string;
  /**
   * Folder of its migrations.
   *
   * @default {"migrations/" + dbName}
   */
  readonly migrationsDir?: string;
  /** Where migrations run, as an adapter makes it of a client; or what gives it at the first use. */
  readonly database: Database | (() => Database);
  /** Where files come from. */
  readonly reader: FileReader;
  /**
   * The history table, as `name` or `schema.name`.
   *
   * @default {"metapg_migrations"}
   */
  readonly table?: string;
  /**
   * Whether missing migrations (applied, and their file is gone) and late ones (pending, but before an applied one) are
   * errors instead of warnings.
   *
   * @default {false}
   */
  readonly strict?: boolean;
  /**
   * How runs exclude each other: by a lock of the session, or by a lease in a table, for connections behind a pooler that
   * changes sessions between transactions.
   *
   * @default {"lease" where the server shows that a pooler is between, else "session"}
   */
  readonly lock?: "session" | "lease";
  /**
   * How long a lease lasts unless it is renewed, in milliseconds: as long others wait for a run that was killed.
   *
   * @default {30_000}
   */
  readonly leaseMs?: number;
  /**
   * How long to wait for another runner, in milliseconds; 0 for not at all, `Infinity` for ever.
   *
   * @default {300_000}
   */
  readonly lockWaitMs?: number;
  /**
   * PostgreSQL's `lock_timeout` of transactional migrations, in milliseconds; 0 for none.
   *
   * @default {3000}
   */
  readonly lockTimeoutMs?: number;
  /**
   * How often a migration is tried again after a lock time-out, a deadlock or a serialization failure.
   *
   * @default {10}
   */
  readonly lockRetries?: number;
  /** PostgreSQL's `statement_timeout`, in milliseconds; 0 for none. The server's own if absent. */
  readonly statementTimeoutMs?: number;
  /** Role that migrations run as. The history is written by the user that connects. */
  readonly role?: string;
  /** Statements that run at the start of every migration, as `SET search_path = app`. */
  readonly session?: readonly string[];
  /** Receives the events of every call; it must not throw. */
  readonly onEvent?: EventSink;
  /** Aborting it cancels every call. */
  readonly signal?: AbortSignal;
}

/** What every call takes. */
export interface CallOptions {
  /** Aborting it cancels the running statement on the server, rolls back and releases the lock. */
  readonly signal?: AbortSignal;
  /** Receives the events of this call; it must not throw. */
  readonly onEvent?: EventSink;
}

/** How to apply pending migrations. */
export interface ApplyOptions extends CallOptions {
  /** Name of the last one to apply: everything pending up to and including it, in order. */
  readonly target?: string;
  /** How many to apply at most; has no effect beside `target`. */
  readonly count?: number;
}

/** How to roll back. */
export interface RollbackOptions extends CallOptions {
  /**
   * Whether applied migrations that depend on it are rolled back first.
   *
   * @default {false}
   */
  readonly cascade?: boolean;
}
