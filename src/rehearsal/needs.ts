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

/** Names the extensions that a migration creates, also inside of `DO`. */
export function findExtensions({ upSql }: Pick<Migration, "upSql">): readonly string[] {
  const names = new Set<string>();
  scan(upSql, names, "statements");
  return [...names];
}

function scan(sql: string, names: Set<string>, where: "statements" | "body"): void {
  const cursor = new TokenCursor(sql);
  while (cursor.token !== undefined) {
    if (cursor.accept("create", "extension")) {
      cursor.accept("if", "not", "exists");
      const name = cursor.identifier();
      if (name !== undefined) names.add(name);
    } else {
      const isText = cursor.token.kind === "string" || cursor.token.kind === "dollar";
      if (where === "statements" && isText) scan(decodeLiteral(cursor.text), names, "body");
      cursor.next();
    }
  }
}

/** Puts together what databases for migrations are made for. */
export function requestOf(migrations: readonly Migration[]): ShadowRequest {
  return {
    extensions: [...new Set(migrations.flatMap(findExtensions))],
    mentions: mentionsIn(migrations.map(({ text }) => text)),
  };
}
