/**
 * `COPY` to and from the client.
 *
 * @module
 */

import { TokenCursor } from "./token_cursor.ts";

/**
 * Tells whether a statement copies from or to the client.
 *
 * @param sql The statement.
 * @returns `in` from it, `out` to it, `undefined` for everything else.
 */
export function copyDirection(sql: string): "in" | "out" | undefined {
  if (!/^copy\b/i.test(sql)) return undefined;
  const cursor = new TokenCursor(sql);
  if (!cursor.accept("copy")) return undefined;
  let depth = 0;
  for (; cursor.token !== undefined; cursor.next()) {
    if (cursor.text === "(") depth++;
    if (cursor.text === ")") depth--;
    const direction = depth === 0 ? cursor.word : undefined;
    if (direction !== "from" && direction !== "to") continue;
    cursor.next();
    // PostgreSQL takes either name in either direction.
    if (cursor.word !== "stdin" && cursor.word !== "stdout") return undefined;
    return direction === "from" ? "in" : "out";
  }
  return undefined;
}
