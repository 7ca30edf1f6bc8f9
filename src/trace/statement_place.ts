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

/** What the first word says of a statement. `query` may do anything. */
const NATURES: Readonly<Record<string, StatementNature>> = {
  select: "select",
  values: "select",
  table: "select",
  insert: "insert",
  copy: "insert",
  update: "query",
  delete: "query",
  merge: "query",
  with: "query",
  execute: "query",
  do: "query",
  call: "query",
  truncate: "truncate",
  refresh: "refresh",
  analyze: "sample",
  analyse: "sample",
};

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
  const first = cursor.word ?? "";
  const nature = NATURES[first] ?? "command";
  if (nature === "insert" && /\bdo\s+update\b/i.test(sql)) return "query";
  if (nature !== "refresh" && first !== "create") return nature;
  const isEmpty = /\bwith\s+no\s+data\s*$/i.test(sql);
  if (nature === "refresh") {
    const isConcurrent = cursor.accept("refresh", "materialized", "view", "concurrently");
    return isEmpty ? "truncate" : isConcurrent ? "concurrent-refresh" : "refresh";
  }
  return !isEmpty && isFilled(cursor) ? "fill" : "command";
}

/** Whether `CREATE` makes something of a query: of tables and materialized views only that has an `AS` of its own. */
function isFilled(cursor: TokenCursor): boolean {
  cursor.accept("create");
  cursor.accept("global|local");
  cursor.accept("temp|temporary|unlogged");
  if (!cursor.accept("table") && !cursor.accept("materialized", "view")) return false;
  for (let depth = 0; cursor.token !== undefined; cursor.next()) {
    if (cursor.text === "(") depth++;
    else if (cursor.text === ")") depth--;
    else if (depth === 0 && cursor.word === "as") return true;
  }
  return false;
}
