/**
 * PostgreSQL's own scanner and parser, as the judge of ours.
 *
 * @module
 */

import { readdirSync, readFileSync } from "node:fs";
import { loadModule, parseSync, scanSync } from "libpg-query";
import { Lexer } from "../../src/core/lexer.ts";

await loadModule();

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** What a server takes for the continuation of a string; libpg_query, which keeps comments, ends the string there. */
const CONTINUATION = /^(?=[^]*[\n\r])(?:\s|--[^\n\r]*[\n\r])*$/;

/**
 * Cuts SQL as PostgreSQL does.
 *
 * @param sql Any text.
 * @returns The tokens without comments; `undefined` if PostgreSQL refuses the text.
 */
export function postgresTokens(sql: string): string[] | undefined {
  // libpg_query takes an empty text for a slip of its caller.
  if (sql === "") return [];
  const bytes = new TextEncoder().encode(sql);
  const slice = (start: number, end: number) => decoder.decode(bytes.subarray(start, end));
  const tokens: { text: string; isString: boolean; end: number }[] = [];
  try {
    for (const { start, end, tokenName } of scanSync(withoutControls(sql)).tokens) {
      if (tokenName === "SQL_COMMENT" || tokenName === "C_COMMENT") continue;
      const text = slice(start, end);
      const last = tokens.at(-1);
      if (last?.isString && text.startsWith("'") && CONTINUATION.test(slice(last.end, start))) {
        last.text += slice(last.end, end);
        last.end = end;
      } else {
        tokens.push({ text, isString: /^(?:[a-z]|u&)?'/i.test(text), end });
      }
    }
  } catch {
    return undefined;
  }
  return tokens.map(({ text }) => text);
}

/**
 * Finds the comment that begins at an offset.
 *
 * @param sql SQL that PostgreSQL's scanner takes.
 * @param offset In UTF-16 units.
 * @returns Its text; `undefined` if PostgreSQL sees something else there.
 */
export function postgresCommentAt(sql: string, offset: number): string | undefined {
  const bytes = new TextEncoder().encode(sql);
  const start = new TextEncoder().encode(sql.slice(0, offset)).length;
  const token = scanSync(withoutControls(sql)).tokens.find((one) => one.start === start);
  if (token?.tokenName !== "SQL_COMMENT" && token?.tokenName !== "C_COMMENT") return undefined;
  return decoder.decode(bytes.subarray(token.start, token.end));
}

/** libpg_query writes control characters into its JSON as they are: others stand in for them that the scanner takes for the same. */
function withoutControls(sql: string): string {
  // deno-lint-ignore no-control-regex -- they are what is looked for
  return sql.replaceAll(/[\f\v]/g, " ").replaceAll(/[\x01-\x08\x0e-\x1f]/g, "\x7f");
}

/**
 * Cuts SQL as we do.
 *
 * @param sql Any text.
 * @returns The tokens without comments; `N'…'` in two, as it is to PostgreSQL's scanner.
 */
export function ourTokens(sql: string): string[] {
  const tokens: string[] = [];
  const lexer = new Lexer(sql);
  for (let token = lexer.next(); token !== undefined; token = lexer.next()) {
    if (token.kind === "comment" || token.kind === "block") continue;
    const text = sql.slice(token.start, token.end);
    if (token.kind === "string" && /^n/i.test(text)) tokens.push(text.slice(0, 1), text.slice(1));
    else tokens.push(text);
  }
  return tokens;
}

/**
 * Splits SQL as PostgreSQL's parser does.
 *
 * @param sql Any text.
 * @returns The tokens of each statement; `undefined` if PostgreSQL refuses the text.
 */
export function postgresStatements(sql: string): string[][] | undefined {
  const bytes = new TextEncoder().encode(sql);
  try {
    return (parseSync(sql).stmts ?? []).map(({ stmt_location: start = 0, stmt_len: length = 0 }) => {
      const end = length === 0 ? bytes.length : start + length;
      const tokens = postgresTokens(decoder.decode(bytes.subarray(start, end))) ?? [];
      return tokens.at(-1) === ";" ? tokens.slice(0, -1) : tokens;
    });
  } catch {
    return undefined;
  }
}

/**
 * Collects the SQL files of a folder of the checkout.
 *
 * @param folder As in `tests`.
 * @returns Paths and texts, in the order of paths.
 */
export function sqlFiles(folder: string): { readonly path: string; readonly text: string }[] {
  const files: { path: string; text: string }[] = [];
  const visit = (path: string): void => {
    const directory = new URL(`../../${path}/`, import.meta.url);
    for (const entry of readdirSync(directory, { withFileTypes: true }).sort((a, b) => a.name < b.name ? -1 : 1)) {
      if (entry.isDirectory()) visit(`${path}/${entry.name}`);
      else if (entry.name.endsWith(".sql")) {
        const text = new TextDecoder().decode(readFileSync(new URL(entry.name, directory)));
        files.push({ path: `${path}/${entry.name}`, text });
      }
    }
  };
  visit(folder);
  return files;
}
