/**
 * A finding about a file or a database: what `validate`, `check` and errors list.
 *
 * @module
 */

/**
 * What a {@linkcode Problem} is about; the stable part of it.
 *
 * - of a file: `file-name`, `file-unreadable`, `file-encoding`, `duplicate-version`, `header`, `marker`, `syntax`,
 *   `refused-statement` (cannot run as the file is), `dependency` (unknown, itself or a cycle), `rollback`, `secret` (a
 *   password, which the history would store)
 * - of a file and its row in the history: `changed`, `reformatted`, `missing`, `renamed`, `late`, `partial`, `failed`
 * - of a connection: `url`, `server`
 */
export type ProblemCode =
  | "file-name"
  | "file-unreadable"
  | "file-encoding"
  | "duplicate-version"
  | "header"
  | "marker"
  | "syntax"
  | "refused-statement"
  | "dependency"
  | "secret"
  | "changed"
  | "reformatted"
  | "missing"
  | "renamed"
  | "late"
  | "partial"
  | "failed"
  | "url"
  | "server"
  | "rollback";

/** Whether a {@linkcode Problem} stops a run. */
export type Severity = "error" | "warning";

/** One finding. */
export interface Problem {
  /** What it is about. */
  readonly code: ProblemCode;
  /** Whether it stops a run. */
  readonly severity: Severity;
  /** One line, without a final period. */
  readonly message: string;
  /** The file, as it was given; absent for what concerns no file. */
  readonly path?: string;
  /** The migration, where one is meant. */
  readonly name?: string;
  /** Line in the file, from 1. */
  readonly line?: number;
  /** Column in the line, in code points, from 1. */
  readonly column?: number;
  /** The fix, where there is one. */
  readonly hint?: string;
}

/**
 * Prints a problem as `path:line:column: message`.
 *
 * @param problem The finding.
 * @returns One line, without the hint.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { formatProblem } from "@metapg/migration/core";
 *
 * const line = formatProblem({
 *   code: "marker",
 *   severity: "error",
 *   message: "Second rollback marker",
 *   path: "migrations/main/001_users.sql",
 *   line: 7,
 *   column: 1,
 * });
 * assertEquals(line, "migrations/main/001_users.sql:7:1: Second rollback marker");
 * ```
 */
export function formatProblem(problem: Problem): string {
  const place = [problem.path, problem.line, problem.column].filter((part) => part !== undefined).join(":");
  return place === "" ? problem.message : `${place}: ${problem.message}`;
}

/**
 * Orders problems by file, line and column, comparing text by code unit.
 *
 * @param problems The findings, in any order.
 * @returns A new, sorted list.
 */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  return problems.toSorted((a, b) =>
    compareText(a.path ?? "", b.path ?? "") || (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
