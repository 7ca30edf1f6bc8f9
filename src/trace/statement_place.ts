/**
 * A statement of a migration, as a trace names it.
 *
 * @module
 */

import { maskSecrets } from "../core/mask.ts";
import type { Migration } from "../core/migration.ts";
import { Locator } from "../core/position.ts";
import type { Statement } from "../core/statements.ts";
import { TokenCursor } from "../core/token_cursor.ts";
import type { StatementNature } from "./observe.ts";
import type { StatementTrace } from "./trace.ts";

/** Words that begin what reads or changes rows, and what may do anything. */
const QUERIES: ReadonlySet<string> = new Set(
  ["select", "insert", "update", "delete", "merge", "with", "values", "table", "copy", "execute", "do", "call"],
);

/**
 * Says where statements stand.
 *
 * @param migration The file.
 * @returns A function from a statement to its line, its column and its SQL with secrets masked; asked in the order of the
 * file, it reads that once.
 */
export function placesIn({ text }: Pick<Migration, "text">): (statement: Pick<Statement, "start" | "sql">) => Place {
  const locator = new Locator(text);
  return ({ start, sql }) => ({ ...locator.at(start), sql: maskSecrets(sql) });
}

/** Where a statement stands, and what it is. */
export type Place = Pick<StatementTrace, "line" | "column" | "sql">;

/** Tells what a statement is to the rows. */
export function natureOf({ sql }: Pick<Statement, "sql">): StatementNature {
  const cursor = new TokenCursor(sql);
  while (cursor.acceptSymbol("("));
  if (cursor.word === "truncate") return "truncate";
  return QUERIES.has(cursor.word ?? "") ? "query" : "command";
}
