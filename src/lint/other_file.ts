/**
 * Where a step goes that must not be in the same transaction: rollbacks run in the opposite order of files.
 *
 * @module
 */

import type { LintStatement } from "./lint_statement.ts";

/**
 * Names the place of what has to come after a statement.
 *
 * @param statement The statement.
 * @returns `a later file`; for a rollback that of an earlier one.
 */
export function laterFile({ section }: Pick<LintStatement, "section">): string {
  return section === "up" ? "a later file" : "the rollback of an earlier file";
}

/**
 * Names the place of what has to come before a statement.
 *
 * @param statement The statement.
 * @returns `an earlier file`; for a rollback that of a later one.
 */
export function earlierFile({ section }: Pick<LintStatement, "section">): string {
  return section === "up" ? "an earlier file" : "the rollback of a later file";
}
