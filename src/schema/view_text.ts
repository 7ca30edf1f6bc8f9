/**
 * The text of a view as every version would print it.
 *
 * @module
 */

import { Lexer, type Token } from "../core/lexer.ts";

/** The first version that names a column of a view's only table without the table. */
export const UNQUALIFIED_SINCE = 160000;

const CLAUSES: ReadonlySet<string> = new Set(
  ["WHERE", "GROUP", "HAVING", "WINDOW", "ORDER", "LIMIT", "OFFSET", "FETCH", "FOR", "UNION", "INTERSECT", "EXCEPT"],
);

/** A token and what it is inside of. */
interface Placed extends Token {
  readonly text: string;
  /** Parentheses around it. */
  readonly depth: number;
  /** Whether it is in the query itself, and not in one in parentheses. */
  readonly isOuter: boolean;
}

/**
 * Takes the name of the only table away from its columns. Servers before 16 print it with every column, later ones only
 * where a query reads from several tables or is inside of another.
 *
 * @param definition What `pg_get_viewdef()` of a server before 16 says.
 * @returns What that of a later one says.
 */
export function unqualifyColumns(definition: string): string {
  const tokens = place(definition);
  const alias = onlyAlias(tokens);
  if (alias === undefined) return definition;
  const parts: string[] = [];
  let copied = 0;
  tokens.forEach((token, index) => {
    if (!token.isOuter || token.text !== alias || tokens[index + 1]?.text !== ".") return;
    const [before, column] = [tokens[index - 1], tokens[index + 2]];
    if (before?.text === "." || (column?.kind !== "word" && column?.kind !== "quoted")) return;
    parts.push(definition.slice(copied, token.start));
    copied = column.start;
  });
  return parts.join("") + definition.slice(copied);
}

function place(definition: string): readonly Placed[] {
  const lexer = new Lexer(definition);
  const tokens: Token[] = [];
  for (let token = lexer.next(); token !== undefined; token = lexer.next()) tokens.push(token);
  const text = (token: Token | undefined) => token === undefined ? "" : definition.slice(token.start, token.end);
  const groups: ("query" | "expression")[] = [];
  return tokens.map((token, index) => {
    if (text(token) === ")") groups.pop();
    const placed = {
      ...token,
      text: text(token),
      depth: groups.length,
      isOuter: !groups.includes("query"),
    };
    if (placed.text === "(") {
      groups.push(/^(?:SELECT|WITH|VALUES)$/.test(text(tokens[index + 1])) ? "query" : "expression");
    }
    return placed;
  });
}

/** The name that a query gives to what it reads from, if it is one thing only. */
function onlyAlias(tokens: readonly Placed[]): string | undefined {
  const outermost = tokens.filter(({ depth }) => depth === 0);
  const start = outermost.findIndex(({ text }) => text === "FROM");
  if (start < 0 || outermost.slice(start + 1).some(({ text }) => text === "FROM")) return undefined;
  const rest = outermost.slice(start + 1);
  const end = rest.findIndex(({ text }) => CLAUSES.has(text) || text === ";");
  const section = end < 0 ? rest : rest.slice(0, end);
  if (section.some(({ text }) => text === "," || text === "JOIN")) return undefined;
  const sample = section.findIndex(({ text }) => text === "TABLESAMPLE");
  const names = (sample < 0 ? section : section.slice(0, sample)).filter(({ kind }) =>
    kind === "word" || kind === "quoted"
  );
  return names.at(-1)?.text;
}
