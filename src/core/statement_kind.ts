/**
 * What a statement is to transactions: whether it controls them, runs inside them, or has to be sent alone.
 *
 * @module
 */

import { type AloneStatement, aloneStatement } from "./alone_statement.ts";
import { TokenCursor } from "./token_cursor.ts";

/**
 * What a statement is to transactions.
 *
 * `plain`: may run in one. `alone`: sent alone, see {@linkcode AloneStatement}. `begin`, `commit`, `rollback`: as they
 * say, with their synonyms. `savepoint`: also `RELEASE` and `ROLLBACK TO`. `set-transaction`: `SET TRANSACTION`.
 * `set-characteristics`: `SET SESSION CHARACTERISTICS`. `prepare-transaction`: the first half of a two-phase commit.
 */
export type StatementKind =
  | "plain"
  | "alone"
  | "begin"
  | "commit"
  | "rollback"
  | "savepoint"
  | "set-transaction"
  | "set-characteristics"
  | "prepare-transaction";

/** The kind of a statement, and what is known of one that has to be sent alone. */
export interface Classified {
  /** Its kind. */
  readonly kind: StatementKind;
  /** What it does, if `kind` is `alone`. */
  readonly alone: AloneStatement | undefined;
}

/** A comment, which may stand between any two words. */
const COMMENT = "--|\\/\\*";

/** The second words of `CREATE` and `DROP` with which a statement may be sent alone; most begin otherwise. */
const ALONE_OBJECTS = `${COMMENT}|database|subscription|tablespace|index\\s*(?:${COMMENT}|concurrently)`;

/** What a statement of any kind but `plain` begins with: of most statements nothing more has to be read. */
const FIRST_WORDS = new RegExp(
  `${COMMENT}|create\\s*(?:unique\\s*)?(?:${ALONE_OBJECTS})|drop\\s*(?:${ALONE_OBJECTS})|` +
    "(?:abort|alter|begin|call|cluster|commit|discard|do|end|prepare|reindex|release|rollback|savepoint|set|start|vacuum)(?![\\w$])",
  "iy",
);

const PLAIN: Classified = { kind: "plain", alone: undefined };

/**
 * Tells what a statement is to transactions.
 *
 * @param text A text that holds the statement.
 * @param start Offset of its first token.
 * @param end Offset after its last.
 * @returns Its kind, and what is known of it if it has to be sent alone.
 */
export function classifyStatement(text: string, start: number = 0, end: number = text.length): Classified {
  FIRST_WORDS.lastIndex = start;
  if (!FIRST_WORDS.test(text)) return PLAIN;
  const kind = controlKind(new TokenCursor(text, start, end));
  if (kind !== undefined) return { kind, alone: undefined };
  const alone = aloneStatement(new TokenCursor(text, start, end));
  return { kind: alone === undefined ? "plain" : "alone", alone };
}

function controlKind(cursor: TokenCursor): StatementKind | undefined {
  const first = cursor.word;
  cursor.next();
  switch (first) {
    case "begin":
      return "begin";
    case "start":
      return cursor.word === "transaction" ? "begin" : undefined;
    case "commit":
      return cursor.word === "prepared" ? undefined : "commit";
    case "end":
      return "commit";
    case "abort":
      return "rollback";
    case "rollback":
      return rollbackKind(cursor);
    case "savepoint":
    case "release":
      return "savepoint";
    case "prepare":
      return cursor.accept("transaction") && isLiteral(cursor) ? "prepare-transaction" : undefined;
    case "set":
      return setKind(cursor);
    default:
      return undefined;
  }
}

function rollbackKind(cursor: TokenCursor): StatementKind | undefined {
  if (cursor.word === "prepared") return undefined;
  cursor.accept("work|transaction");
  return cursor.word === "to" ? "savepoint" : "rollback";
}

function setKind(cursor: TokenCursor): StatementKind | undefined {
  // SET [SESSION | LOCAL] SESSION CHARACTERISTICS is grammar too.
  const isSession = cursor.accept("session") || (cursor.accept("local") && cursor.accept("session"));
  cursor.accept("session");
  if (isSession && cursor.accept("characteristics")) return "set-characteristics";
  if (!cursor.accept("transaction")) return undefined;
  return cursor.word === "to" || cursor.text === "=" ? undefined : "set-transaction";
}

/** `PREPARE transaction AS …` prepares a statement of that name. */
function isLiteral(cursor: TokenCursor): boolean {
  return cursor.token?.kind === "string" || cursor.token?.kind === "dollar";
}
