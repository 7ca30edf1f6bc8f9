/**
 * Texts that trip scanners whose time is not proportional to length.
 *
 * @module
 */

/** A text. */
export interface LongText {
  /** What it is full of. */
  readonly what: string;
  /** The text. */
  readonly text: string;
}

/**
 * Writes the texts.
 *
 * @param factor How many times the shortest length, which is one to two megabytes.
 * @returns The texts.
 */
export function longTexts(factor: number): LongText[] {
  const repeat = (piece: string, times: number) => piece.repeat(times * factor);
  return [
    { what: "quotes", text: repeat("'", 2_000_000) },
    { what: "double quotes", text: repeat('"', 2_000_000) },
    { what: "operators", text: repeat("+", 1_000_000) },
    { what: "dollars", text: repeat("$a ", 500_000) },
    { what: "comments in comments", text: repeat("/*", 1_000_000) },
    { what: "strings before comments", text: repeat("'a'\n--x\n", 500_000) },
    { what: "problems in one line", text: repeat("BEGIN;", 50_000) },
    { what: "data without an end", text: repeat("COPY t FROM STDIN;", 50_000) },
    { what: "slips of the marker", text: repeat(`${" ".repeat(100)}-- rollback\n`, 20_000) },
    { what: "parentheses", text: repeat("(", 1_000_000) },
    { what: "closing parentheses", text: repeat(")", 1_000_000) },
    { what: "a marker, blanks and more", text: `SELECT 1;\n-- ROLLBACK${repeat(" ", 1_000_000)}x` },
    { what: "statements", text: repeat("SELECT 1;", 200_000) },
    { what: "header keys", text: repeat("-- Depends: 001_a\n", 100_000) },
    { what: "calls that are refused", text: `SELECT ${repeat("pg_advisory_unlock_all(),", 60_000)}1` },
    { what: "a long literal", text: `SELECT set_config('${repeat("''", 1_000_000)}', 'standard_conforming_strings')` },
    { what: "DO in DO", text: nestedDo(60_000 * factor) },
    { what: "BEGIN ATOMIC", text: repeat("CREATE FUNCTION f() BEGIN ATOMIC CASE ", 50_000) },
    { what: "backslashes in a string", text: repeat("E'\\", 500_000) },
    { what: "CRLF", text: repeat("\r\n", 1_000_000) },
    { what: "white space", text: `SELECT 1${repeat(" ", 2_000_000)}-- rollback` },
  ];
}

/** Bodies within bodies, and something to look for in the innermost. */
function nestedDo(depth: number): string {
  const tags = Array.from({ length: depth }, (_, index) => `$a${index}$`);
  return `DO ${tags.join("DO ")}SELECT pg_advisory_unlock_all()${tags.toReversed().join("")};`;
}
