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

/** Finds the way over rows that pg_dump and psql put behind `COPY … FROM STDIN;`: they are no SQL. */
export class CopyData {
  readonly #text: string;
  /** Whether a search for the end has come to that of the text. */
  #isEndless = false;

  /** @param text The text that holds them. */
  constructor(text: string) {
    this.#text = text;
  }

  /**
   * Finds their end.
   *
   * @param sql The statement before them.
   * @param start Where they begin.
   * @returns Where SQL goes on; `undefined` if the statement reads none, or if they have no end.
   */
  endBehind(sql: string, start: number): number | undefined {
    if (this.#isEndless || copyDirection(sql) !== "in") return undefined;
    const end = this.#text.indexOf("\n\\.", start);
    this.#isEndless = end === -1;
    return end === -1 ? undefined : end + 3;
  }
}
