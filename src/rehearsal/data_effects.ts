/**
 * What statements do to rows and columns, told by their words.
 *
 * @module
 */

import { decodeLiteral } from "../core/literal.ts";
import { type ObjectName, TokenCursor } from "../core/token_cursor.ts";
import type { LossAction } from "./data_loss.ts";
import { executedSql } from "./executed_sql.ts";

/** What is done: to a table as a whole, or to a column. `cascade`: a `TRUNCATE` reaches what refers to the table. */
export type EffectAction =
  | Exclude<LossAction, "leave-rows">
  | "cascade"
  | "insert"
  | "make-column"
  | "make-table"
  | "rename";

/** One effect, and what it is on, as it is written: a table, `table.column`, a schema, `DO` or a function. */
export type Effect = readonly [action: EffectAction, object: string];

/** What functions and procedures run, by name without schema; `null` where it cannot be read. */
export type Routines = ReadonlyMap<string, readonly (string | null)[]>;

/**
 * Finds what a statement does, also inside of `WITH`, `DO` and what it calls.
 *
 * @param sql The statement.
 * @param routines What may be called, and may write.
 * @returns What it does, in the order of the text.
 */
export function effectsOf(sql: string, routines: Routines = new Map()): readonly Effect[] {
  return read(sql, new Map(routines));
}

/** What may still be called: of what was called once no more is to be told. */
type Callable = Map<string, readonly (string | null)[]>;

function read(sql: string, routines: Callable): readonly Effect[] {
  const cursor = new TokenCursor(sql);
  switch (cursor.word) {
    case "do":
      return literalsOf(cursor).flatMap((body) => scan(new TokenCursor(body), routines));
    // What a body does, it does not do now; and a privilege is only a word.
    case "create":
      return made(cursor);
    case "grant":
    case "revoke":
    case "comment":
    // It was told where it was prepared.
    case "execute":
      return [];
    case "alter":
    case "drop":
      return scan(cursor, new Map());
    default:
      return scan(cursor, routines);
  }
}

function literalsOf(cursor: TokenCursor): readonly string[] {
  const literals: string[] = [];
  for (; cursor.token !== undefined; cursor.next()) {
    if (cursor.token.kind === "string" || cursor.token.kind === "dollar") literals.push(decodeLiteral(cursor.text));
  }
  return literals;
}

/** Looks for the words at any depth: a `WITH` deletes, too, and a block of code holds many statements. */
function scan(cursor: TokenCursor, routines: Callable): readonly Effect[] {
  const found: Effect[] = [];
  /** Whose rows `ON CONFLICT` and the branches of a `MERGE` are about. */
  let target: string | undefined;
  const onTarget = (action: EffectAction): readonly Effect[] => target === undefined ? [] : [[action, target]];
  while (cursor.token !== undefined) {
    if (cursor.accept("delete", "from")) found.push(...named(cursor, "delete"));
    else if (cursor.accept("insert", "into")) {
      const into = named(cursor, "insert");
      target = into[0]?.[1];
      found.push(...into);
    } else if (cursor.accept("merge", "into")) target = named(cursor, "insert")[0]?.[1];
    else if (cursor.accept("do|then", "update", "set")) found.push(...overwritten(cursor, target));
    else if (cursor.accept("then", "delete", "from")) found.push(...named(cursor, "delete"));
    else if (cursor.accept("then", "delete")) found.push(...onTarget("delete"));
    else if (cursor.accept("then", "insert")) found.push(...cursor.word === "into" ? [] : onTarget("insert"));
    else if (cursor.accept("update")) found.push(...updated(cursor));
    else if (cursor.accept("drop", "table")) found.push(...listed(cursor, "drop-table"));
    else if (cursor.accept("drop", "schema")) found.push(...listed(cursor, "drop-schema"));
    else if (cursor.accept("alter", "table")) found.push(...columnsOf(cursor));
    else if (cursor.word === "create") found.push(...made(cursor));
    else if (cursor.word === "truncate") found.push(...truncated(cursor));
    else if (cursor.accept("execute")) found.push(...executed(executedSql(cursor), routines));
    else if (cursor.accept("function|procedure")) {
      cursor.accept("if", "exists");
      cursor.objectName();
    } else if (cursor.accept("call")) found.push(...called(cursor, routines, [null]));
    else found.push(...called(cursor, routines));
  }
  return found;
}

function executed(sql: string | undefined, routines: Callable): readonly Effect[] {
  return sql === undefined ? [["run-code", "DO"]] : read(sql, routines);
}

/** Passes over a name, and over the parenthesis behind one that is called. */
function called(cursor: TokenCursor, routines: Callable, unknown: readonly null[] = []): readonly Effect[] {
  const name = cursor.objectName()?.name;
  if (name === undefined) cursor.next();
  if (name === undefined || !cursor.acceptSymbol("(")) return [];
  const bodies = routines.get(name) ?? unknown;
  if (bodies.length > 0) routines.set(name, []);
  return bodies.flatMap((body) =>
    (body === null ? executed(undefined, routines) : scan(new TokenCursor(body), routines))
      // What it drops for certain the schemas tell.
      .filter(([action]) => !/^(?:convert|drop-.*)$/.test(action))
      .map(([action, object]): Effect => [action, action === "run-code" && object === "DO" ? `${name}()` : object])
  );
}

function named(cursor: TokenCursor, action: EffectAction): readonly Effect[] {
  cursor.accept("only");
  const name = cursor.objectName();
  return name === undefined ? [] : [[action, spell(name)]];
}

function listed(cursor: TokenCursor, action: EffectAction): readonly Effect[] {
  cursor.accept("if", "exists");
  const found: Effect[] = [];
  do {
    found.push(...named(cursor, action));
    cursor.acceptSymbol("*");
  } while (cursor.acceptSymbol(","));
  return action === "drop-schema" && cursor.word !== "cascade" ? [] : found;
}

function made(cursor: TokenCursor): readonly Effect[] {
  cursor.next();
  cursor.accept("global|local");
  cursor.accept("temp|temporary|unlogged");
  if (!cursor.accept("table")) return [];
  cursor.accept("if", "not", "exists");
  return named(cursor, "make-table");
}

/** As an event of a trigger or a privilege `ON` follows, as the name of a function a parenthesis. */
function truncated(cursor: TokenCursor): readonly Effect[] {
  cursor.next();
  if (cursor.word === "on" || cursor.word === "or" || cursor.text === "(" || cursor.text === ",") return [];
  cursor.accept("table");
  const found = listed(cursor, "truncate");
  cursor.accept("restart|continue", "identity");
  return cursor.accept("cascade") ? [...found, ...found.map(([, table]): Effect => ["cascade", table])] : found;
}

/** `FOR UPDATE` and `ON UPDATE` have no `SET` behind a name. */
function updated(cursor: TokenCursor): readonly Effect[] {
  const [table] = named(cursor, "overwrite");
  cursor.acceptSymbol("*");
  cursor.accept("as");
  if (cursor.word !== "set") cursor.identifier();
  return table !== undefined && cursor.accept("set") ? overwritten(cursor, table[1]) : [];
}

/** The list ends at a word that begins a clause, or where what it stands in ends. */
function overwritten(cursor: TokenCursor, table: string | undefined): readonly Effect[] {
  const found: Effect[] = [];
  do {
    const isRow = cursor.acceptSymbol("(");
    do {
      const column = cursor.identifier();
      if (column !== undefined && table !== undefined) found.push(["overwrite", `${table}.${column}`]);
    } while (isRow && cursor.acceptSymbol(","));
  } while (passTo(cursor, /^(?:from|where|returning|when)$/) && cursor.acceptSymbol(","));
  return found;
}

/** Passes over an expression to the comma or the word after it. */
function passTo(cursor: TokenCursor, end: RegExp): boolean {
  for (let depth = 0; cursor.token !== undefined; cursor.next()) {
    const { text } = cursor;
    if (depth === 0 && (text === "," || text === ";" || cursor.word !== undefined && end.test(cursor.word))) {
      return true;
    }
    if (text === "(" || text === "[") depth++;
    if (text === ")" || text === "]") depth--;
    if (depth < 0 && !/^[)\]]$/.test(text)) return false;
  }
  return false;
}

/** What can be dropped of a table or of a column without losing data. */
const HARMLESS = /^(constraint|default|not|identity|expression)$/;

/** What can be added to a table beside a column. */
const NO_COLUMN = /^(constraint|check|unique|primary|foreign|exclude|not|table|generated)$/;

function columnsOf(cursor: TokenCursor): readonly Effect[] {
  cursor.accept("if", "exists");
  cursor.accept("only");
  const table = cursor.objectName();
  if (table === undefined) return [];
  const found: Effect[] = [];
  const note = (action: EffectAction, column: string | undefined) => {
    if (column !== undefined) found.push([action, `${spell(table)}.${column}`]);
  };
  if (cursor.accept("rename", "to")) return [["rename", spell(table)]];
  for (let depth = 0; cursor.token !== undefined && !(cursor.text === ";" && depth === 0);) {
    if (cursor.text === "(") depth++;
    if (cursor.text === ")") depth--;
    if (depth > 0) cursor.next();
    else if (cursor.accept("drop")) {
      if (cursor.word !== undefined && HARMLESS.test(cursor.word)) continue;
      cursor.accept("column");
      cursor.accept("if", "exists");
      note("drop-column", cursor.identifier());
    } else if (cursor.accept("add")) {
      if (cursor.word !== undefined && NO_COLUMN.test(cursor.word)) continue;
      cursor.accept("column");
      cursor.accept("if", "not", "exists");
      note("make-column", cursor.identifier());
    } else if (cursor.accept("rename")) {
      cursor.accept("column");
      note("rename", cursor.identifier());
    } else if (cursor.accept("alter")) {
      cursor.accept("column");
      const column = cursor.identifier();
      if ((cursor.accept("type") || cursor.accept("set", "data", "type")) && converts(cursor)) note("convert", column);
    } else cursor.next();
  }
  return found;
}

/** Without an expression PostgreSQL takes no more than it takes when a value is assigned; as text nothing is lost. */
function converts(cursor: TokenCursor): boolean {
  const type = cursor.word;
  if (!passTo(cursor, /^using$/) || !cursor.accept("using")) return false;
  cursor.identifier();
  const isText = type === "text" && cursor.acceptSymbol("::") && cursor.accept("text");
  return !isText || cursor.token !== undefined && cursor.text !== "," && cursor.text !== ";";
}

function spell({ schema, name }: ObjectName): string {
  return schema === undefined ? name : `${schema}.${name}`;
}
