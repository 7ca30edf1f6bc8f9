/**
 * Places in a text. JavaScript counts UTF-16 units, people count lines and characters, PostgreSQL counts code points.
 *
 * @module
 */

/** A place as people count it. */
export interface Position {
  /** Line, from 1; lines end with LF. */
  readonly line: number;
  /** Column in the line, in code points, from 1. */
  readonly column: number;
}

/**
 * Finds the line and column of an offset.
 *
 * @param text The text.
 * @param offset In UTF-16 units, from 0; the end of the text for what lies beyond.
 * @returns The place.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { positionAt } from "@metapg/migration/core";
 *
 * assertEquals(positionAt("SELECT 1;\nSELECT '🐘' x;", 17), { line: 2, column: 8 });
 * ```
 */
export function positionAt(text: string, offset: number): Position {
  return new Locator(text).at(offset);
}

/** Finds many places of one text; asked in ascending order, it reads the text once. */
export class Locator {
  readonly #text: string;
  /** The last place that was asked for; the next one is counted from there. */
  #offset = 0;
  #line = 1;
  #column = 1;
  /** The next line end from there. */
  #newline: number;

  /** @param text The text. */
  constructor(text: string) {
    this.#text = text;
    this.#newline = this.#nextNewline();
  }

  /**
   * Finds the line and column of an offset.
   *
   * @param offset In UTF-16 units, from 0; the end of the text for what lies beyond.
   * @returns The place.
   */
  at(offset: number): Position {
    const target = Math.min(offset, this.#text.length);
    if (target < this.#offset) this.#restart();
    while (this.#newline < target) {
      this.#offset = this.#newline + 1;
      this.#line++;
      this.#column = 1;
      this.#newline = this.#nextNewline();
    }
    this.#column += countCodePoints(this.#text, this.#offset, target);
    this.#offset = target;
    return { line: this.#line, column: this.#column };
  }

  #restart(): void {
    this.#offset = 0;
    this.#line = this.#column = 1;
    this.#newline = this.#nextNewline();
  }

  #nextNewline(): number {
    const newline = this.#text.indexOf("\n", this.#offset);
    return newline === -1 ? this.#text.length : newline;
  }
}

/**
 * Counts the code points of a part of a text; a pair of surrogates that begins in it counts as one.
 *
 * @param text The text.
 * @param start Offset of the part, in UTF-16 units.
 * @param end Offset after it.
 * @returns How many there are.
 */
export function countCodePoints(text: string, start: number = 0, end: number = text.length): number {
  let count = 0;
  for (let offset = start; offset < end; offset += widthAt(text, offset)) count++;
  return count;
}

/**
 * Finds the offset of the n-th code point, as PostgreSQL's `position` names it.
 *
 * @param text The text that was sent.
 * @param codePoint Its number, from 1.
 * @returns The offset in UTF-16 units, from 0; the end of the text for what lies beyond.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { offsetOfCodePoint } from "@metapg/migration/core";
 *
 * assertEquals(offsetOfCodePoint("'🐘' x", 5), 5);
 * ```
 */
export function offsetOfCodePoint(text: string, codePoint: number): number {
  let offset = 0;
  for (let n = 1; n < codePoint && offset < text.length; n++) offset += widthAt(text, offset);
  return offset;
}

function widthAt(text: string, offset: number): 1 | 2 {
  const unit = text.charCodeAt(offset);
  if (unit < 0xd800 || unit > 0xdbff) return 1;
  const next = text.charCodeAt(offset + 1);
  return next >= 0xdc00 && next <= 0xdfff ? 2 : 1;
}
