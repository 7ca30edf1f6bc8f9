/**
 * Makes the indexes of a file CONCURRENTLY.
 *
 * @module
 */

import type { LintFile } from "./lint_file.ts";
import type { LintStatement } from "./lint_statement.ts";
import { objectName } from "./names.ts";
import type { LintEdit, LintFix } from "./rule.ts";
import { as } from "./tree.ts";

/**
 * Makes the rewrite of a file that does nothing but create and drop indexes: only there can the transaction be left out
 * without a thought.
 *
 * @param file The file.
 * @returns The rewrite; `undefined` if the file does something else, too, or if PostgreSQL could not do it so.
 */
export function fixConcurrently(file: LintFile): LintFix | undefined {
  const edits: LintEdit[] = [];
  for (const statement of [...file.up, ...file.rollback]) {
    const edit = editOf(statement, file);
    if (edit === "impossible") return undefined;
    if (edit !== undefined) edits.push(edit);
  }
  return { edits, transaction: "none" };
}

function editOf(statement: LintStatement, file: LintFile): LintEdit | "impossible" | undefined {
  const { node, sql, start } = statement;
  const index = as(node, "IndexStmt");
  const drop = as(node, "DropStmt");
  const isPartitioned = file.catalog.table(index?.relation)?.partitioned === true || index?.relation?.inh !== true;
  if (index !== undefined && isPartitioned) return "impossible";
  if (index === undefined && (drop?.removeType !== "OBJECT_INDEX" || drop.behavior === "DROP_CASCADE")) {
    return "impossible";
  }
  if ((drop?.objects ?? []).some((object) => file.catalog.isOnPartitioned(objectName(object)))) return "impossible";
  // PostgreSQL drops one index at a time so.
  if ((drop?.objects?.length ?? 1) > 1) return "impossible";
  if (index?.concurrent === true || drop?.concurrent === true) return undefined;
  const keyword = /^(?:create\s+(?:unique\s+)?|drop\s+)index\b/i.exec(sql);
  if (keyword === null) return "impossible";
  const at = start + keyword[0].length;
  return { start: at, end: at, text: / [A-Z]/.test(` ${keyword[0]}`) ? " CONCURRENTLY" : " concurrently" };
}
