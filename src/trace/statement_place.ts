/**
 * A statement of a migration, as a trace names it.
 *
 * @module
 */

import { maskSecrets } from "../core/mask.ts";
import type { Migration } from "../core/migration.ts";
import { positionAt } from "../core/position.ts";
import type { Statement } from "../core/statements.ts";
import { TokenCursor } from "../core/token_cursor.ts";
import type { StatementNature } from "./observe.ts";
import type { StatementTrace } from "./trace.ts";

/** Words that begin what reads or changes rows, and what may do anything. */
const QUERIES: ReadonlySet<string> = new Set(
  ["select", "insert", "update", "delete", "merge", "with", "values", "table", "copy", "execute", "do", "call"],
);

/**
 * Says where a statement stands.
 *
 * @param migration The file.
 * @param statement The statement.
 * @returns Line, column and SQL with secrets masked.
 */
export function placeOf(
  { text }: Migration,
  { start, sql }: Pick<Statement, "start" | "sql">,
): Pick<StatementTrace, "line" | "column" | "sql"> {
  return { ...positionAt(text, start), sql: maskSecrets(sql) };
}

/** Tells what a statement is to the rows. */
export function natureOf({ sql }: Pick<Statement, "sql">): StatementNature {
  const cursor = new TokenCursor(sql);
  while (cursor.acceptSymbol("("));
  if (cursor.word === "truncate") return "truncate";
  return QUERIES.has(cursor.word ?? "") ? "query" : "command";
}
