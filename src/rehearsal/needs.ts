/**
 * What migrations need that is not theirs to bring: extensions of the server, and roles, which are no part of a database.
 *
 * @module
 */

import { decodeLiteral } from "../core/literal.ts";
import type { Migration } from "../core/migration.ts";
import type { ShadowRequest } from "../core/shadow.ts";
import { TokenCursor } from "../core/token_cursor.ts";
import { mentionsIn } from "./mentions.ts";

/** What a migration creates beyond its database. */
export interface Needs {
  /** Extensions. */
  readonly extensions: readonly string[];
  /** Roles. */
  readonly roles: readonly string[];
}

/**
 * Finds what a migration creates beyond its database, also inside of `DO`.
 *
 * @param migration The migration.
 * @returns Names, each once.
 */
export function findNeeds({ upSql }: Pick<Migration, "upSql">): Needs {
  const found = { extensions: new Set<string>(), roles: new Set<string>() };
  scan(upSql, found, "statements");
  return { extensions: [...found.extensions], roles: [...found.roles] };
}

function scan(
  sql: string,
  found: { readonly extensions: Set<string>; readonly roles: Set<string> },
  where: "statements" | "body",
): void {
  const cursor = new TokenCursor(sql);
  while (cursor.token !== undefined) {
    if (cursor.accept("create", "extension")) note(cursor, found.extensions);
    else if (cursor.accept("create", "role|user|group")) {
      if (cursor.word !== "mapping") note(cursor, found.roles);
    } else {
      const isText = cursor.token.kind === "string" || cursor.token.kind === "dollar";
      if (where === "statements" && isText) scan(decodeLiteral(cursor.text), found, "body");
      cursor.next();
    }
  }
}

function note(cursor: TokenCursor, names: Set<string>): void {
  cursor.accept("if", "not", "exists");
  const name = cursor.identifier();
  if (name !== undefined) names.add(name);
}

/**
 * Puts together what databases for migrations are made for.
 *
 * @param migrations The migrations.
 * @returns What all of them need.
 */
export function requestOf(migrations: readonly Migration[]): ShadowRequest {
  const needs = migrations.map(findNeeds);
  return {
    extensions: [...new Set(needs.flatMap(({ extensions }) => extensions))],
    roles: [...new Set(needs.flatMap(({ roles }) => roles))],
    mentions: mentionsIn(migrations.map(({ text }) => text)),
  };
}
