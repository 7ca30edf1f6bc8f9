/**
 * What a lint found.
 *
 * @module
 */

import type { LintFix, LintSeverity } from "./rule.ts";

/** A rule that is broken, with its place. */
export interface LintFinding {
  /** The rule, or what the file format calls the problem. */
  readonly rule: string;
  /** How much it weighs. */
  readonly severity: LintSeverity;
  /** One line, without a final period. */
  readonly message: string;
  /** What to do instead. */
  readonly hint: string | undefined;
  /** The file, as it was given. */
  readonly path: string;
  /** The migration. */
  readonly name: string;
  /** Line of the place, from 1. */
  readonly line: number;
  /** Column of the place, in code points, from 1. */
  readonly column: number;
  /** Line of the end of the statement. */
  readonly endLine: number;
  /** Column after the end of the statement. */
  readonly endColumn: number;
  /** The line of the place; `undefined` if it is not at hand. */
  readonly text: string | undefined;
  /** How it can be mended without a person. */
  readonly fix: LintFix | undefined;
  /** Why it is left to a person, where others like it are mended without one. */
  readonly unfixed?: string | undefined;
}

/** What linting came to. */
export interface LintReport {
  /** What was found, by file and place. */
  readonly findings: readonly LintFinding[];
  /** How many files were looked at. */
  readonly files: number;
  /** How many findings are excused by comments. */
  readonly ignored: number;
}
