/**
 * The line that begins the rollback section, and what looks like it.
 *
 * @module
 */

import { LAST_ASCII, type Token } from "./lexer.ts";

/** Blanks are matched in one place at a time: where two could share them, a long run of them would take its square in steps. */
const MARKER = /^-- ROLLBACK[ \t]*(?:\([^)\n]*\)[ \t]*)?$/;

/** Words of a comment that can only be meant as a marker, letters only. `Down Migration` is node-pg-migrate's, the last one tern's. */
const MARKER_WORDS: ReadonlySet<string> = new Set([
  "rollback",
  "down",
  "undo",
  "revert",
  "downmigration",
  "createabovedropbelow",
]);

/** A comment of more letters than any of the words has is none of them. */
const LONGEST_WORD = Math.max(...[...MARKER_WORDS].map((word) => word.length));

/**
 * The first two letters of those words and of those of {@linkcode FOREIGN_MARKER}. Most comments begin with others, and to
 * make a program of an expression with classes of Unicode takes as long as to parse ten files.
 */
const BEGINNINGS: ReadonlySet<string> = new Set(["ro", "do", "un", "re", "cr", "mi", "go", "ra"]);

const FOREIGN_MARKER =
  /^[^\p{L}\p{N}]*(?:migrate:\s*down|goose\s+down|migrate\s+down|rambler\s+down)(?![\p{L}\p{N}])/iu;

/** What a comment is to the sections: the marker, something mistaken for it, or a comment. */
export type MarkerKind = "marker" | "near-miss" | "comment";

/**
 * Tells whether a comment begins the rollback section.
 *
 * @param text The text of the file.
 * @param comment A comment outside strings, parentheses and `BEGIN ATOMIC`.
 * @returns `near-miss` for a comment that begins its line and can only be meant as the marker.
 */
export function markerKind(text: string, comment: Token): MarkerKind {
  const words = text.slice(comment.start, comment.end);
  const isColumnOne = comment.start === 0 || text[comment.start - 1] === "\n";
  // A lone CR ends a comment of PostgreSQL's, but not a line of this format.
  if (isColumnOne && text[comment.end] !== "\r" && MARKER.test(words)) return "marker";
  return beginsLine(text, comment.start) && isNearMiss(words) ? "near-miss" : "comment";
}

/** In capitals as the marker is, or named as the section that it would begin; no letter may follow. */
const DOUBTFUL = /^--[ \t]*(?:ROLLBACK|[Rr]ollback[ \t]+(?:[Ss]ection|[Ss]cript|[Ss]tatements|SQL|sql))/;

/**
 * Tells whether a comment that is no marker may be meant as one.
 *
 * @param text The text of the file.
 * @param comment The comment, wherever it stands on its line.
 * @returns Whether it begins as the marker does and goes on, as `-- ROLLBACK: drop the table`, or stands behind SQL.
 */
export function isDoubtful(text: string, comment: Token): boolean {
  const words = text.slice(comment.start, comment.end);
  const beginning = DOUBTFUL.exec(words)?.[0];
  return beginning !== undefined && !/^[\p{L}\p{N}_]/u.test(words.slice(beginning.length));
}

function beginsLine(text: string, offset: number): boolean {
  let before = offset - 1;
  while (before >= 0 && /[ \t\f\v\ufeff]/.test(text[before] ?? "")) before--;
  return before < 0 || text[before] === "\n" || text[before] === "\r";
}

function isNearMiss(comment: string): boolean {
  if (!mayBeMarker(comment)) return false;
  if (FOREIGN_MARKER.test(comment)) return true;
  const word = onlyWord(comment);
  return word !== undefined && MARKER_WORDS.has(word);
}

/** Whether a comment's first two letters are those of a marker, or hard to tell. */
function mayBeMarker(comment: string): boolean {
  let letters = "";
  for (let offset = 0; offset < comment.length && letters.length < 2; offset++) {
    const unit = comment.charCodeAt(offset);
    if (unit > LAST_ASCII || unit === 40) return true; // (
    const lower = unit | 32;
    if (lower >= 97 && lower <= 122) letters += String.fromCharCode(lower);
    else if (unit >= 48 && unit <= 57) return false;
  }
  return BEGINNINGS.has(letters);
}

/** The letters of a comment outside of parentheses, in lower case; `undefined` if there are too many of them for a word of ours. */
function onlyWord(comment: string): string | undefined {
  let word = "";
  for (let offset = 0; offset < comment.length; offset++) {
    const character = comment[offset]!;
    if (character === "(") {
      const close = comment.indexOf(")", offset);
      if (close === -1) break;
      offset = close;
    } else if (/[\p{L}\p{N}]/u.test(character)) {
      if (word.length === LONGEST_WORD) return undefined;
      word += character;
    }
  }
  return word.toLowerCase();
}
