/**
 * What tracing finds out, as values that print as JSON.
 *
 * @module
 */

import type { Direction } from "../core/event.ts";
import type { LockHolder } from "../core/lock_holder.ts";
import type { TransactionMode } from "../core/migration.ts";
import type { Blocked, LockMode } from "./lock_mode.ts";

export type { Blocked, LockMode };

/** What can be locked. */
export type ObjectKind =
  | "table"
  | "partitioned table"
  | "foreign table"
  | "view"
  | "materialized view"
  | "index"
  | "sequence"
  | "type"
  | "function"
  | "schema";

/** A lock on an object that was there before the migration. */
export interface TracedLock {
  /** The object with its schema, quoted where SQL needs it. */
  readonly object: string;
  /** What it is. */
  readonly kind: ObjectKind;
  /** Of an index its table, else `null`. */
  readonly table: string | null;
  /** The strongest mode in which it is held. */
  readonly mode: LockMode;
  /** What has to wait for as long as it is held, what hurts most first. */
  readonly blocks: readonly Blocked[];
  /** The line of the statement that took it. */
  readonly line: number;
}

/** Work whose length depends on how large the data is. */
export type TracedWork =
  /** A table is written anew, with these indexes. */
  | { readonly type: "rewrite"; readonly table: string; readonly indexes: readonly string[] }
  /** Every row is read, for these constraints where it is known for which. */
  | { readonly type: "scan"; readonly table: string; readonly constraints: readonly string[] }
  /** Every row is read, and looked up in another table. */
  | { readonly type: "foreign-key"; readonly table: string; readonly references: string; readonly constraint: string }
  /** An index is built, or built anew. */
  | { readonly type: "index-build" | "index-rebuild"; readonly table: string; readonly index: string }
  /** A materialized view is filled by its query, which reads these tables. */
  | { readonly type: "refresh"; readonly table: string; readonly reads: readonly string[] }
  /** What the statement makes is filled by a query, which was seen to read these tables. */
  | { readonly type: "fill"; readonly reads: readonly string[] }
  /** Some rows are read for the planner: how many the statistics target says, however large the table is. */
  | { readonly type: "sample"; readonly table: string }
  /** Every row is read to find what is dead. */
  | { readonly type: "vacuum"; readonly table: string }
  /** Rows of tables are changed, and others were seen to be read: how many the statement decides. */
  | { readonly type: "rows"; readonly tables: readonly string[]; readonly reads: readonly string[] };

/** Rows of a table that stay locked until the transaction ends. `pg_locks` does not show them. */
export interface TracedRowLock {
  /** The table. */
  readonly table: string;
  /**
   * `changed`: those that are updated or deleted, and `locked`: those of `SELECT … FOR UPDATE` and its kin, for which other
   * writers of the same rows wait. `referenced`: those that new rows refer to; who deletes them or changes their key waits.
   */
  readonly rows: "changed" | "locked" | "referenced";
}

/** `instant`: once the locks are had. `rows`: grows with the rows that it touches. `size`: grows with a table. */
export type TracedDuration = "instant" | "rows" | "size" | "unknown";

/** Where a statement's locks are known from: seen in `pg_locks`, from PostgreSQL's manual, or not at all. */
export type TraceSource = "observed" | "manual" | "unknown";

/**
 * How much a statement hurts. `high`: reads or writes wait for as long as a table is worked on. `medium`: they wait for a
 * moment, or for as long as rows are changed. `low`: neither waits. `none`: nothing is locked that others know.
 */
export type Danger = "high" | "medium" | "low" | "none";

/** What one statement does to what was there before the migration. */
export interface StatementTrace {
  /** Line of its first token, from 1. */
  readonly line: number;
  /** Column of it in code points, from 1. */
  readonly column: number;
  /** Its SQL, with secrets masked. */
  readonly sql: string;
  /** Where the rest is known from. */
  readonly source: TraceSource;
  /** Locks that it takes, or makes stronger; the strongest first. All are held until its transaction ends. */
  readonly locks: readonly TracedLock[];
  /** Locks that statements before it took, and that are still held while it works. */
  readonly held: readonly TracedLock[];
  /** Rows that it locks, too, as far as can be told without any. */
  readonly rowLocks: readonly TracedRowLock[];
  /** Objects that it locks, too, and that the same migration made: nobody else knows them. */
  readonly exempt: readonly string[];
  /** Work that takes time. */
  readonly work: readonly TracedWork[];
  /** How long it takes. */
  readonly duration: TracedDuration;
  /** How much it hurts. */
  readonly danger: Danger;
  /** Tables that are emptied. */
  readonly truncated: readonly string[];
  /** Constraints that it adds and that are not checked for the rows that are there. */
  readonly unchecked: readonly string[];
  /** What else is to be said. */
  readonly note: string | null;
}

/** What one section of a migration does. */
export interface MigrationTrace {
  /** Name of the migration. */
  readonly name: string;
  /** Which section. */
  readonly direction: Direction;
  /** Whether it runs in one transaction, and so holds all its locks to the end. */
  readonly transaction: TransactionMode;
  /** The file. */
  readonly path: string;
  /** Its statements, in order. */
  readonly statements: readonly StatementTrace[];
}

/** A session that holds a lock which a traced statement would have to wait for. */
export interface CurrentHolder extends LockHolder {
  /** The modes that it holds. */
  readonly modes: readonly LockMode[];
  /** The modes that have to wait for it. */
  readonly keepsWaiting: readonly LockMode[];
  /** When its transaction began, ISO 8601; `null` where the role may not see it. */
  readonly transactionSince: string | null;
  /** How long that transaction has been open, in milliseconds; `null` where the role may not see it. */
  readonly transactionMs: number | null;
}

/** An object as it is in the database where the migrations are to run. */
export interface LiveObject {
  /** The object. */
  readonly object: string;
  /** What it takes on disk, with indexes and TOAST; `null` if that cannot be had now. */
  readonly bytes: number | null;
  /** How many rows it is estimated to have; `null` if there is no estimate. */
  readonly rows: number | null;
  /** Who holds locks on it that the traced ones would wait for. */
  readonly holders: readonly CurrentHolder[];
}

/** The statement that hurts most. */
export interface WorstStatement {
  /** Its migration. */
  readonly name: string;
  /** The file. */
  readonly path: string;
  /** Its line. */
  readonly line: number;
  /** How much it hurts. */
  readonly danger: Danger;
  /** The lock that keeps most waiting while it works. */
  readonly lock: TracedLock;
  /** The statement. */
  readonly statement: StatementTrace;
}

/** What migrations do, and where it matters. */
export interface Trace {
  /** Each section that was traced, in order. */
  readonly migrations: readonly MigrationTrace[];
  /** The statement that hurts most, of several such the first; `undefined` if nothing is locked that others know. */
  readonly worst: WorstStatement | undefined;
  /** The objects that they lock, as they are live; `undefined` if no database was looked at. */
  readonly objects?: readonly LiveObject[];
}
