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
    { what: "white space", text: `SELECT 1${repeat(" ", 2_000_000)}-- rollback` },
  ];
}
