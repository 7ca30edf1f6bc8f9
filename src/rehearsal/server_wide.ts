/**
 * Statements whose effect does not end with the database.
 *
 * @module
 */

import type { Migration } from "../core/migration.ts";
import { splitStatements, type Statement } from "../core/statements.ts";
import { TokenCursor } from "../core/token_cursor.ts";

const KINDS: ReadonlySet<string | undefined> = new Set([
  "alter-database-tablespace",
  "alter-system",
  "create-database",
  "create-subscription",
  "create-tablespace",
  "drop-database",
  "drop-tablespace",
]);

/**
 * Finds a statement of a migration that concerns more than its database.
 *
 * @param migration The migration.
 * @param roles Roles that may be altered and dropped: those that are made for it alone.
 * @returns The statement in short, as `DROP ROLE app`; `undefined` if there is none.
 */
export function findServerWide(
  { up, rollback }: Pick<Migration, "up" | "rollback">,
  roles: ReadonlySet<string>,
): string | undefined {
  const statements = [up, ...(rollback === undefined ? [] : [rollback])].flatMap(splitStatements);
  return statements.map((statement) => titleOf(statement, roles)).find((title) => title !== undefined);
}

function titleOf({ sql, alone }: Statement, roles: ReadonlySet<string>): string | undefined {
  if (alone !== undefined && KINDS.has(alone.type)) return alone.title;
  const cursor = new TokenCursor(sql);
  const verb = cursor.word;
  if (!cursor.accept("alter|drop")) return undefined;
  if (cursor.word === "database") return `${verb?.toUpperCase()} DATABASE`;
  if (!cursor.accept("role|user|group") || cursor.word === "mapping") return undefined;
  cursor.accept("if", "exists");
  const names: string[] = [];
  do {
    const name = cursor.identifier();
    if (name !== undefined) names.push(name);
  } while (cursor.acceptSymbol(","));
  const other = names.find((name) => !roles.has(name));
  return other === undefined ? undefined : `${verb?.toUpperCase()} ROLE ${other}`;
}
