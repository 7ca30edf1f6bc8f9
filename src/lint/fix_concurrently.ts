/**
 * Makes the indexes of a file CONCURRENTLY.
 *
 * @module
 */

import { Lexer } from "../core/lexer.ts";
import { positionAt } from "../core/position.ts";
import type { LintFile } from "./lint_file.ts";
import type { LintStatement } from "./lint_statement.ts";
import { objectName } from "./names.ts";
import type { LintEdit, Mending } from "./rule.ts";
import { as } from "./tree.ts";

/**
 * Makes the rewrite of a file that does nothing but create and drop indexes: only there can the transaction be left out
 * without a thought.
 *
 * @param file The file.
 * @returns The rewrite; the reason if the file does something else, too, or if PostgreSQL could not do it so.
 */
export function fixConcurrently(file: LintFile): Mending {
  const edits: LintEdit[] = [];
  for (const statement of [...file.up, ...file.rollback]) {
    const made = editsOf(statement, file);
    if (typeof made === "string") {
      return { unfixed: `line ${positionAt(file.migration.text, statement.start).line} ${made}` };
    }
    edits.push(...made);
  }
  return { fix: { edits, transaction: "none" } };
}

const HEAD = /^(?:create\s+(?:unique\s+)?|drop\s+)index\b/i;

/** What changes in a statement, or why it cannot be made CONCURRENTLY. */
function editsOf({ node, sql, start }: LintStatement, { catalog }: LintFile): readonly LintEdit[] | string {
  const index = as(node, "IndexStmt");
  const drop = as(node, "DropStmt");
  if (index === undefined && drop?.removeType !== "OBJECT_INDEX") return "does more than make or drop an index";
  const names = (drop?.objects ?? []).map(objectName);
  const isPartitioned = index === undefined
    ? names.some((name) => catalog.isOnPartitioned(name))
    : index.relation?.inh !== true || catalog.table(index.relation)?.partitioned === true;
  if (isPartitioned) return "is about a partitioned table, where PostgreSQL refuses CONCURRENTLY";
  if (drop?.behavior === "DROP_CASCADE") return "has CASCADE, which PostgreSQL refuses with CONCURRENTLY";
  const head = HEAD.exec(sql)?.[0];
  if (head === undefined) return "has a comment between its first words";
  const likeHead = (words: string) => /\b[A-Z]/.test(head) ? words : words.toLowerCase();
  const at = start + head.length;
  const next = likeHead(`;\nDROP INDEX CONCURRENTLY ${drop?.missing_ok === true ? "IF EXISTS " : ""}`);
  return [
    ...(index?.concurrent ?? drop?.concurrent) === true
      ? []
      : [{ start: at, end: at, text: likeHead(" CONCURRENTLY") }],
    // PostgreSQL drops one index at a time so.
    ...names.length > 1
      ? commas(sql).map((one) => ({ start: start + one.start, end: start + one.end, text: next }))
      : [],
  ];
}

/** The commas of a list of names, each with the space behind it. */
function commas(sql: string): readonly { readonly start: number; readonly end: number }[] {
  const found = [];
  const lexer = new Lexer(sql);
  for (let token = lexer.next(); token !== undefined; token = lexer.next()) {
    if (token.kind !== "symbol" || sql[token.start] !== ",") continue;
    found.push({ start: token.start, end: token.end + sql.slice(token.end).search(/\S|$/) });
  }
  return found;
}
