/**
 * What a rule is.
 *
 * @module
 */

import type { LintFile } from "./lint_file.ts";
import type { LintStatement } from "./lint_statement.ts";

/** How much a finding weighs. */
export type LintSeverity = "error" | "warning" | "note";

/** The weights, from the heaviest. */
export const SEVERITIES: readonly LintSeverity[] = ["error", "warning", "note"];

/** What a project makes of a rule. */
export type LintLevel = LintSeverity | "off";

/** A piece of a file that is replaced. */
export interface LintEdit {
  /** Where it begins, in UTF-16 units of the file's text. */
  readonly start: number;
  /** Where it ends. */
  readonly end: number;
  /** What takes its place. */
  readonly text: string;
}

/** A rewrite that does the same without the hazard. */
export interface LintFix {
  /** What changes in the file. */
  readonly edits: readonly LintEdit[];
  /** Whether the file has to be without a transaction then. */
  readonly transaction?: "none";
  /** What a file of its own, which depends on this one, has to do afterwards. */
  readonly followUp?: FollowUpStep;
}

/** The rewrite of what others like it are mended by, or why this is left to a person. */
export type Mending = Pick<Violation, "fix" | "unfixed">;

/** What a file of its own does after a rewritten one. */
export interface FollowUpStep {
  /** The words of its name. */
  readonly slug: string;
  /** What it does. */
  readonly sql: string;
  /** What undoes that, for its rollback section. */
  readonly undo: string;
}

/** A rule that is broken. */
export interface Violation {
  /** One line, without a final period: what happens, and to what. */
  readonly message: string;
  /** What to do instead. */
  readonly hint?: string;
  /** Where, in UTF-16 units of the file's text. @default the statement, else the beginning of the file */
  readonly offset?: number;
  /** How it can be mended without a person. */
  readonly fix?: LintFix | undefined;
  /** Why it is left to a person, where others like it are mended without one. */
  readonly unfixed?: string | undefined;
}

/** A rule. */
export interface Rule {
  /** Its name, in words with hyphens between them. */
  readonly id: string;
  /** What becomes of it unless the project says otherwise. */
  readonly level: LintLevel;
  /** What it finds, in a few words. */
  readonly summary: string;
  /** Whether it looks into the rollback section, too. @default "up" */
  readonly sections?: "up" | "both";
  /** Looks at one statement; what came before it in this and in earlier files is in the catalog of the file. */
  readonly statement?: (statement: LintStatement, file: LintFile) => Iterable<Violation>;
  /** Begins with a file, and looks at its statements one after another: for what depends on those before. */
  readonly follow?: (file: LintFile) => (statement: LintStatement) => Iterable<Violation>;
  /** Looks at a whole file, after its statements. */
  readonly file?: (file: LintFile) => Iterable<Violation>;
}
