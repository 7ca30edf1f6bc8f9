/**
 * What migrations say about the objects that they make.
 *
 * @module
 */

import type { TypeFacts } from "./tree.ts";

/** A column. */
export interface ColumnFacts {
  /** Its type, where a file names it. */
  type: TypeFacts | undefined;
  /** Whether it is known to hold no null. */
  notNull: boolean;
}

/** A check constraint. */
export interface CheckFacts {
  /** Whether all rows are known to obey it. */
  valid: boolean;
  /** The column that it keeps from null, if it does nothing else. */
  readonly notNull: string | undefined;
  /** The columns that it is about. */
  readonly columns: ReadonlySet<string>;
}

/** A table. One that no file makes has no `by`. */
export interface TableFacts {
  /** The migration that makes it. */
  readonly by: string | undefined;
  /** Its columns, as far as files name them. */
  readonly columns: Map<string, ColumnFacts>;
  /** Its check constraints, by name; one without is known by the name that PostgreSQL gives it. */
  readonly checks: Map<string, CheckFacts>;
  /** Whether it has partitions. */
  readonly partitioned: boolean;
}

/** An index, also that of a constraint. */
export interface IndexFacts {
  /** The migration that makes it. */
  readonly by: string;
  /** Its table, by the name that is compared. */
  readonly table: string;
  /** Its columns in order; an empty name for an expression. */
  readonly columns: readonly string[];
  /** Whether it holds all rows. */
  readonly whole: boolean;
}
