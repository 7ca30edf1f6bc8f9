/**
 * The words of SQL, also of the strings and function bodies in it.
 *
 * @module
 */

import { Lexer } from "../core/lexer.ts";
import { decodeIdentifier } from "../core/literal.ts";

/**
 * Lists the words.
 *
 * @param sql Any SQL.
 * @returns Each word as it is written and in lower case; none of comments.
 */
export function wordsOf(sql: string): ReadonlySet<string> {
  const words = new Set<string>();
  const lexer = new Lexer(sql);
  for (let token = lexer.next(); token !== undefined; token = lexer.next()) {
    if (token.kind === "comment" || token.kind === "block") continue;
    // A name in quotes may hold anything.
    if (token.kind === "quoted") words.add(decodeIdentifier(sql.slice(token.start, token.end)));
    for (const [word] of sql.slice(token.start, token.end).matchAll(/[\p{L}_][\p{L}\p{N}_$]*/gu)) {
      words.add(word);
      words.add(word.toLowerCase());
    }
  }
  return words;
}
