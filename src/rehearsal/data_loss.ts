/**
 * Statements that lose rows or columns: a rollback that brings the schema back does not bring these back.
 *
 * @module
 */

import { decodeLiteral } from "../core/literal.ts";
import { positionAt } from "../core/position.ts";
import type { Section } from "../core/section.ts";
import { splitStatements } from "../core/statements.ts";
import { type ObjectName, TokenCursor } from "../core/token_cursor.ts";

/** How data is lost. */
export type LossAction = "drop-table" | "drop-column" | "drop-schema" | "delete" | "truncate";

/** Data that a statement loses. */
export interface DataLoss {
  /** Whether it is lost by applying or by rolling back. */
  readonly section: "up" | "rollback";
  /** How. */
  readonly action: LossAction;
  /** What of, as it is written: a table, `table.column` or a schema. */
  readonly object: string;
  /** Line of the statement in the file, from 1. */
  readonly line: number;
}

type Found = readonly [action: LossAction, object: string];

/**
 * Finds what a migration loses.
 *
 * @param migration Its text and its sections.
 * @returns Each loss, in the order of the text; what is said twice once.
 */
export function findDataLoss(
  { text, up, rollback }: { readonly text: string; readonly up: Section; readonly rollback: Section | undefined },
): readonly DataLoss[] {
  const inSection = (section: DataLoss["section"], { sql, start }: Section): DataLoss[] =>
    splitStatements({ sql, start }).flatMap((statement) =>
      distinct(lossesOf(statement.sql)).map(([action, object]) => ({
        section,
        action,
        object,
        line: positionAt(text, statement.start).line,
      }))
    );
  return [...inSection("up", up), ...(rollback === undefined ? [] : inSection("rollback", rollback))];
}

function distinct(found: readonly Found[]): readonly Found[] {
  return [...new Map(found.map((one) => [one.join(" "), one])).values()];
}

function lossesOf(sql: string): readonly Found[] {
  const cursor = new TokenCursor(sql);
  switch (cursor.word) {
    case "do":
      return literalsOf(cursor).flatMap((body) => scan(new TokenCursor(body)));
    // What a body does, it does not do now; and a privilege is only a word.
    case "create":
    case "grant":
    case "revoke":
    case "comment":
      return [];
    default:
      return scan(cursor);
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
function scan(cursor: TokenCursor): readonly Found[] {
  const found: Found[] = [];
  while (cursor.token !== undefined) {
    if (cursor.accept("delete", "from")) found.push(...named(cursor, "delete"));
    else if (cursor.accept("drop", "table")) found.push(...listed(cursor, "drop-table"));
    else if (cursor.accept("drop", "schema")) found.push(...listed(cursor, "drop-schema"));
    else if (cursor.accept("alter", "table")) found.push(...columnsOf(cursor));
    else if (cursor.word === "truncate") found.push(...truncated(cursor));
    else cursor.next();
  }
  return found;
}

function named(cursor: TokenCursor, action: LossAction): readonly Found[] {
  cursor.accept("only");
  const name = cursor.objectName();
  return name === undefined ? [] : [[action, spell(name)]];
}

function listed(cursor: TokenCursor, action: LossAction): readonly Found[] {
  cursor.accept("if", "exists");
  const found: Found[] = [];
  do {
    found.push(...named(cursor, action));
    cursor.acceptSymbol("*");
  } while (cursor.acceptSymbol(","));
  return action === "drop-schema" && cursor.word !== "cascade" ? [] : found;
}

/** As an event of a trigger or a privilege `ON` follows, as the name of a function a parenthesis. */
function truncated(cursor: TokenCursor): readonly Found[] {
  cursor.next();
  if (cursor.word === "on" || cursor.word === "or" || cursor.text === "(" || cursor.text === ",") return [];
  cursor.accept("table");
  return listed(cursor, "truncate");
}

/** What can be dropped of a table or of a column without losing data. */
const HARMLESS = /^(constraint|default|not|identity|expression)$/;

function columnsOf(cursor: TokenCursor): readonly Found[] {
  cursor.accept("if", "exists");
  cursor.accept("only");
  const table = cursor.objectName();
  const found: Found[] = [];
  for (let depth = 0; table !== undefined && cursor.token !== undefined && !(cursor.text === ";" && depth === 0);) {
    if (cursor.text === "(") depth++;
    if (cursor.text === ")") depth--;
    if (depth > 0 || !cursor.accept("drop")) {
      cursor.next();
      continue;
    }
    if (cursor.word !== undefined && HARMLESS.test(cursor.word)) continue;
    cursor.accept("column");
    cursor.accept("if", "exists");
    const column = cursor.identifier();
    if (column !== undefined) found.push(["drop-column", `${spell(table)}.${column}`]);
  }
  return found;
}

function spell({ schema, name }: ObjectName): string {
  return schema === undefined ? name : `${schema}.${name}`;
}
