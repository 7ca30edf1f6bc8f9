/**
 * The one error class of the package, matched by its `code`.
 *
 * @module
 */

import type { Problem } from "./problem.ts";

/**
 * What went wrong; the stable part of a {@linkcode MigrationError}.
 *
 * Nothing was run:
 * - `USAGE`: the call contradicts itself, `CONFIG`: an option, a URL, a folder or a package is not as it must be
 * - `CONNECTION_FAILED`: no session could be had, `READ_ONLY`: it cannot write
 * - `FILES_INVALID`: see `problems`, `UNKNOWN_MIGRATION`: no file and no row has that name
 * - `CHANGED`, `RENAMED`: applied files were edited or renamed; with `strict` also `MISSING`: they are gone, `LATE`: pending
 *   ones come before applied ones
 * - `DEPENDENTS`: applied migrations depend on what is to be rolled back, `DEPENDENCY_NOT_APPLIED`, `NOT_APPLIED`,
 *   `NO_ROLLBACK`: the stored file has no rollback section
 * - `HISTORY_FOREIGN`: the table is not this tool's, `HISTORY_NEWER`: a later release made it
 * - `LOCK_TIMEOUT`: another run has the lock, `PLAN_CHANGED`: not what was agreed to any more
 *
 * Something was, see `applied` and `rolledBack`:
 * - `SQL_FAILED`: the server refused a migration, and nothing of it is left
 * - `PARTIAL`: it refused one without a transaction, which is part-way; the next run goes on
 * - `LOCK_LOST`, `CONNECTION_LOST`: the run ended between migrations
 * - `OUTCOME_UNKNOWN`: the connection was lost inside one: it is applied as a whole or not at all, and the history knows
 * - `ABORTED`: by the `AbortSignal`; the running migration was rolled back
 */
export type ErrorCode =
  | "USAGE"
  | "CONFIG"
  | "CONNECTION_FAILED"
  | "CONNECTION_LOST"
  | "FILES_INVALID"
  | "UNKNOWN_MIGRATION"
  | "CHANGED"
  | "MISSING"
  | "LATE"
  | "RENAMED"
  | "DEPENDENTS"
  | "DEPENDENCY_NOT_APPLIED"
  | "NOT_APPLIED"
  | "NO_ROLLBACK"
  | "HISTORY_FOREIGN"
  | "HISTORY_NEWER"
  | "READ_ONLY"
  | "LOCK_TIMEOUT"
  | "LOCK_LOST"
  | "SQL_FAILED"
  | "PARTIAL"
  | "OUTCOME_UNKNOWN"
  | "PLAN_CHANGED"
  | "ABORTED";

/** What a {@linkcode MigrationError} carries beside its code and message. */
export interface MigrationErrorOptions {
  /** Advice: what to do about it. */
  readonly hint?: string | undefined;
  /** The findings, where there can be several. */
  readonly problems?: readonly Problem[] | undefined;
  /** The error underneath. */
  readonly cause?: unknown;
}

/**
 * An error of this package. Match it by `code`; `message` is one line for people and may change.
 *
 * @example Match by code
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { MigrationError } from "@metapg/migration";
 *
 * const error = new MigrationError("NO_ROLLBACK", 'Cannot roll back "001_users": it has no rollback section', {
 *   hint: "Add a line -- ROLLBACK and the statements that undo it",
 * });
 * assertEquals(error.code, "NO_ROLLBACK");
 * ```
 */
export class MigrationError extends Error {
  /** The class name, for logs. */
  override name = "MigrationError";
  /** What went wrong. */
  readonly code: ErrorCode;
  /** Advice: what to do about it. */
  readonly hint: string | undefined;
  /** The findings, where there can be several; else empty. */
  readonly problems: readonly Problem[];
  /** Names applied by the run that failed, in order. */
  applied: readonly string[] = [];
  /** Names rolled back by the run that failed, in order. */
  rolledBack: readonly string[] = [];
  /** Names of which the run that failed cannot tell whether they are done, in order; the history knows. */
  unknown: readonly string[] = [];

  /**
   * Makes the error.
   *
   * @param code What went wrong.
   * @param message One line, without colour, advice or a final period.
   * @param options Hint, findings and cause.
   */
  constructor(code: ErrorCode, message: string, options: MigrationErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.problems = options.problems ?? [];
  }
}
