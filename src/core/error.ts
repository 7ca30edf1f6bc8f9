/**
 * The one error class of the package, matched by its `code`.
 *
 * @module
 */

import type { Problem } from "./problem.ts";

/** What went wrong; the stable part of a {@linkcode MigrationError}. */
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
 * An error of this package.
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
