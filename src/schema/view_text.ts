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

const SET_OPERATIONS: ReadonlySet<string> = new Set(["UNION", "INTERSECT", "EXCEPT"]);

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
 * where a query reads from several tables, is inside of another, or sorts by a column that has the name of another result.
 *
 * @param definition What `pg_get_viewdef()` of a server before 16 says.
 * @returns What that of a later one says.
 */
export function unqualifyColumns(definition: string): string {
  const tokens = place(definition);
  const alias = onlyAlias(tokens);
  if (alias === undefined) return definition;
  const taken = takenNames(tokens, alias);
  const parts: string[] = [];
  let copied = 0;
  tokens.forEach((token, index) => {
    if (!token.isOuter || token.text !== alias || tokens[index + 1]?.text !== ".") return;
    const [before, column] = [tokens[index - 1], tokens[index + 2]];
    if (before?.text === "." || (column?.kind !== "word" && column?.kind !== "quoted")) return;
    if (taken.has(column.text) && isSortItem(tokens, index)) return;
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
    const placed = { ...token, text: text(token), depth: groups.length, isOuter: !groups.includes("query") };
    if (placed.text === "(") groups.push(startsQuery(text(tokens[index + 1])) ? "query" : "expression");
    return placed;
  });
}

function startsQuery(word: string): boolean {
  return word === "SELECT" || word === "WITH" || word === "VALUES";
}

/** The name that a query gives to what it reads from, if it is one thing only. */
function onlyAlias(tokens: readonly Placed[]): string | undefined {
  const outermost = tokens.filter(({ depth }) => depth === 0);
  if (outermost.some(({ text }) => SET_OPERATIONS.has(text))) return undefined;
  const from = outermost.findIndex(({ text }) => text === "FROM");
  if (from < 0 || isJoin(tokens, outermost[from]!)) return undefined;
  const rest = outermost.slice(from + 1);
  const end = rest.findIndex(({ text }) => CLAUSES.has(text) || text === ";");
  const section = end < 0 ? rest : rest.slice(0, end);
  if (section.some(({ text }) => text === "," || text === "JOIN")) return undefined;
  const sample = section.findIndex(({ text }) => text === "TABLESAMPLE");
  const names = (sample < 0 ? section : section.slice(0, sample)).filter(({ kind }) =>
    kind === "word" || kind === "quoted"
  );
  return names.at(-1)?.text;
}

/** Whether what a query reads from is in parentheses, and no query. */
function isJoin(tokens: readonly Placed[], from: Placed): boolean {
  const index = tokens.indexOf(from);
  return tokens[index + 1]?.text === "(" && !startsQuery(tokens[index + 2]?.text ?? "");
}

/** Names of results that are something else than the column of that name. */
function takenNames(tokens: readonly Placed[], alias: string): ReadonlySet<string> {
  const start = tokens.findIndex(({ text, depth }) => depth === 0 && text === "SELECT");
  const end = tokens.findIndex(({ text, depth }, index) => index > start && depth === 0 && text === "FROM");
  const names = new Set<string>();
  let item = afterDistinct(tokens, start + 1);
  for (let index = item; index <= end; index++) {
    const { depth, text } = tokens[index]!;
    if (index < end && (depth > 0 || text !== ",")) continue;
    const isNamed = tokens[index - 2]?.text === "AS" && tokens[index - 2]?.depth === 0;
    const words = tokens.slice(item, isNamed ? index - 2 : index).map((token) => token.text);
    const name = tokens[index - 1]?.text ?? "";
    if (isNamed && words.join("") !== `${alias}.${name}`) names.add(name);
    item = index + 1;
  }
  return names;
}

/** The first token of the results: what is after `DISTINCT` or `DISTINCT ON (…)`. */
function afterDistinct(tokens: readonly Placed[], start: number): number {
  if (tokens[start]?.text !== "DISTINCT") return start;
  if (tokens[start + 1]?.text !== "ON") return start + 1;
  return tokens.findIndex(({ text, depth }, index) => index > start && depth === 0 && text === ")") + 1;
}

/** Whether a column is all that something is sorted or told apart by. */
function isSortItem(tokens: readonly Placed[], index: number): boolean {
  const depth = tokens[index]!.depth;
  const after = tokens[index + 3];
  const isEnd = after === undefined || after.depth < depth || /^(?:[,;)]|ASC|DESC|NULLS|USING)$/.test(after.text) ||
    CLAUSES.has(after.text) || /^(?:ROWS|RANGE|GROUPS)$/.test(after.text);
  if (!isEnd) return false;
  const before = tokens[index - 1]?.text;
  let at = index - 1;
  // Back over the items before it, to what begins the list.
  while (at >= 0 && tokens[at]!.depth >= depth && tokens[at]!.text !== "BY" && !isClauseStart(tokens[at]!, depth)) at--;
  const start = tokens[at];
  if (start?.text === "BY" && start.depth === depth) {
    return (before === "BY" || before === ",") && /^(?:ORDER|PARTITION)$/.test(tokens[at - 1]?.text ?? "");
  }
  return (before === "(" || before === ",") && tokens[at - 1]?.text === "ON" && tokens[at - 2]?.text === "DISTINCT";
}

function isClauseStart({ text, depth }: Placed, of: number): boolean {
  return depth === of && (CLAUSES.has(text) && text !== "ORDER" || text === "SELECT" || text === "FROM");
}
