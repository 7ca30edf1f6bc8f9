/**
 * Comments that excuse a statement from a rule: `-- lint: ignore RULE reason`, of a line or of a block.
 *
 * @module
 */

import { Lexer } from "../core/lexer.ts";

/** A comment that excuses. */
export interface IgnoreComment {
  /** The rules that it names. */
  readonly rules: readonly string[];
  /** Why; empty if it does not say. */
  readonly reason: string;
  /** Where it begins in the text of the file. */
  readonly offset: number;
  /** Offset of the statement that it stands at; `undefined` if none follows. */
  readonly statement: number | undefined;
  /** Whether it stands before the first statement, where it also speaks for the whole file. */
  readonly isHeader: boolean;
}

const FORM = /^(?:--|\/\*)\s*lint:\s*ignore\b[ \t:]*(.*?)(?:\*\/)?$/is;
const NAMES = /^[a-z][a-z0-9-]*(?:\s*,\s*[a-z][a-z0-9-]*)*/i;

/**
 * Finds the comments that excuse.
 *
 * @param text The text of a file.
 * @param statements All its statements, in order.
 * @returns They, in order.
 */
export function findIgnores(
  text: string,
  statements: readonly { readonly start: number; readonly end: number }[],
): readonly IgnoreComment[] {
  if (!/lint:/i.test(text)) return [];
  const found: IgnoreComment[] = [];
  const lexer = new Lexer(text);
  for (let token = lexer.next(); token !== undefined; token = lexer.next()) {
    if (token.kind !== "comment" && token.kind !== "block") continue;
    const words = FORM.exec(text.slice(token.start, token.end))?.[1];
    if (words === undefined) continue;
    const names = NAMES.exec(words)?.[0] ?? "";
    found.push({
      rules: names === "" ? [] : names.toLowerCase().split(/\s*,\s*/),
      reason: words.slice(names.length).replace(/^[\s:–—-]+/, "").trim(),
      offset: token.start,
      statement: statementAt(text, statements, token.start),
      isHeader: token.start < (statements[0]?.start ?? text.length),
    });
  }
  return found;
}

/** The statement around a comment, the one that ends on its line, or else the next one. */
function statementAt(
  text: string,
  statements: readonly { readonly start: number; readonly end: number }[],
  offset: number,
): number | undefined {
  const line = text.lastIndexOf("\n", offset) + 1;
  return statements.find(({ end }) => end > line)?.start;
}
