/**
 * Exit codes: what a calling script learns.
 *
 * @module
 */

import { type ErrorCode, MigrationError } from "../core/error.ts";
import { SqlError } from "../core/sql_error.ts";

/** A signal that ends a run. */
export type StopSignal = "SIGINT" | "SIGTERM";

/** Exit code for a fault of the program itself, as `sysexits.h` has it. */
export const INTERNAL_EXIT_CODE = 70;

const EXIT_CODES: Readonly<Record<Exclude<ErrorCode, "ABORTED">, number>> = {
  USAGE: 2,
  CONFIG: 2,
  UNKNOWN_MIGRATION: 2,
  CONNECTION_FAILED: 3,
  CONNECTION_LOST: 3,
  OUTCOME_UNKNOWN: 3,
  SQL_FAILED: 4,
  PARTIAL: 5,
  LOCK_TIMEOUT: 6,
  LOCK_LOST: 6,
  FILES_INVALID: 7,
  CHANGED: 7,
  MISSING: 7,
  LATE: 7,
  RENAMED: 7,
  DEPENDENTS: 7,
  DEPENDENCY_NOT_APPLIED: 7,
  NOT_APPLIED: 7,
  NO_ROLLBACK: 7,
  HISTORY_FOREIGN: 7,
  HISTORY_NEWER: 7,
  READ_ONLY: 7,
  PLAN_CHANGED: 7,
};

/** Which code counts when several databases end differently. */
const PRECEDENCE: readonly number[] = [130, 143, 5, INTERNAL_EXIT_CODE, 4, 3, 6, 7, 2, 1, 0];

/**
 * Finds the exit code for an error.
 *
 * @param error What was thrown.
 * @param signal The signal that ended the run, if one did.
 * @returns The code.
 */
export function exitCodeOf(error: unknown, signal?: StopSignal): number {
  if (!(error instanceof MigrationError)) return INTERNAL_EXIT_CODE;
  if (error.code === "ABORTED") return signal === "SIGTERM" ? 143 : 130;
  if (error.code === "PARTIAL" && isRefusal(error)) return EXIT_CODES.CHANGED;
  return EXIT_CODES[error.code];
}

/** Whether a part-way migration was only found, before anything ran. */
function isRefusal(error: MigrationError): boolean {
  return !(error instanceof SqlError) && error.problems.some((problem) => problem.code === "partial");
}

/**
 * Picks the exit code of a run over several databases.
 *
 * @param codes The codes of each.
 * @returns The one that matters most; 0 for none.
 */
export function combineExitCodes(codes: readonly number[]): number {
  return PRECEDENCE.find((code) => codes.includes(code)) ?? 0;
}
