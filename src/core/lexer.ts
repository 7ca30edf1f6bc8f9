/**
 * PostgreSQL's scanner (`standard_conforming_strings = on`), as far as it says where tokens begin and end.
 *
 * Every method only moves forward and looks ahead over white space at most once per string, so that the time is
 * proportional to the length of the text whatever it holds.
 *
 * @module
 */

/**
 * What a {@linkcode Token} is.
 *
 * `word`: an identifier or keyword without quotes. `quoted`: `"…"` or `U&"…"`. `string`: `'…'` with its prefix and its
 * continuations. `dollar`: `$tag$…$tag$`. `symbol`: one of `( ) [ ] , . ; :` or a character that means nothing in SQL.
 * `meta`: from a backslash to the end of its line, a command of psql. `comment`: `-- …` without its line end.
 * `block`: a slash-star comment.
 */
export type TokenKind =
  | "word"
  | "quoted"
  | "string"
  | "dollar"
  | "number"
  | "parameter"
  | "operator"
  | "symbol"
  | "meta"
  | "comment"
  | "block";

/** A piece of SQL. */
export interface Token {
  /** What it is. */
  readonly kind: TokenKind;
  /** Offset of its first UTF-16 unit in the text. */
  readonly start: number;
  /** Offset after its last. */
  readonly end: number;
  /** Whether it ends before the text does: `false` for a quote, dollar quote or block comment that is never closed. */
  readonly closed: boolean;
}

const SPACE = 1;
const IDENTIFIER_START = 2;
const DIGIT = 4;
const OPERATOR = 8;
const HEX = 16;
/** Characters that keep a trailing `+` or `-` in an operator. */
const OPERATOR_KEEPER = 32;
/** What a word goes on with. */
const WORD = 64;

/** The last character that a byte stands for alone. */
export const LAST_ASCII = 0x7f;

const CLASSES = new Uint8Array(LAST_ASCII + 1);
mark(" \t\n\r\f\v", SPACE);
mark("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_", IDENTIFIER_START);
mark("0123456789", DIGIT);
mark("0123456789abcdefABCDEF", HEX);
mark("~!@#^&|`?+-*/%<>=", OPERATOR);
mark("~!@#^&|`?%", OPERATOR_KEEPER);
mark("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789$", WORD);

function mark(characters: string, bit: number): void {
  for (let i = 0; i < characters.length; i++) {
    const unit = characters.charCodeAt(i);
    CLASSES[unit] = (CLASSES[unit] ?? 0) | bit;
  }
}

const LF = 10;
const CR = 13;
const QUOTE = 39;
const DOUBLE_QUOTE = 34;
const DOLLAR = 36;
const MINUS = 45;
const PLUS = 43;
const SLASH = 47;
const STAR = 42;
const DOT = 46;
const UNDERSCORE = 95;
const BACKSLASH = 92;
const AMPERSAND = 38;

/** Cuts SQL into tokens, one per call. */
export class Lexer {
  readonly #text: string;
  readonly #end: number;
  #offset: number;
  /** Up to here every character is an operator of its own: what was cut off a longer operator, see {@linkcode Lexer.#operator}. */
  #singlesEnd = 0;

  /**
   * @param text The text.
   * @param start Where to begin.
   * @param end Where the text is taken to end.
   */
  constructor(text: string, start: number = 0, end: number = text.length) {
    this.#text = text;
    this.#offset = start;
    this.#end = end;
  }

  /**
   * Reads the next token or comment; white space is left out.
   *
   * @returns It, or `undefined` at the end.
   */
  next(): Token | undefined {
    const offset = this.#spaceEnd(this.#offset);
    if (offset >= this.#end) {
      this.#offset = offset;
      return undefined;
    }
    return this.#token(offset);
  }

  /**
   * Goes on elsewhere.
   *
   * @param offset Where the next token is looked for.
   */
  seek(offset: number): void {
    this.#offset = offset;
    this.#singlesEnd = 0;
  }

  #token(start: number): Token {
    const unit = this.#text.charCodeAt(start);
    if (this.#is(start, IDENTIFIER_START)) return this.#prefixed(start, unit) ?? this.#word(start);
    if (this.#is(start, DIGIT) || (unit === DOT && this.#is(start + 1, DIGIT))) return this.#number(start);
    if (this.#is(start, OPERATOR)) return this.#comment(start, unit) ?? this.#operator(start);
    switch (unit) {
      case QUOTE:
        return this.#string(start, start, "doubled");
      case DOUBLE_QUOTE:
        return this.#quoted(start, start);
      case DOLLAR:
        return this.#dollar(start);
      case BACKSLASH:
        return this.#emit("meta", start, this.#lineEnd(start));
      default:
        return this.#emit("symbol", start, start + this.#symbolLength(start, unit));
    }
  }

  /** `::`, `:=` and `..` are one token each. */
  #symbolLength(start: number, unit: number): number {
    const next = this.#at(start + 1);
    if (unit === DOT) return next === DOT ? 2 : 1;
    return unit === 58 && (next === 58 || next === 61) ? 2 : 1;
  }

  /** A string or quoted identifier that begins with a letter. */
  #prefixed(start: number, unit: number): Token | undefined {
    const next = this.#at(start + 1);
    switch (unit | 32) {
      case 101: // e
        return next === QUOTE ? this.#string(start, start + 1, "escaped") : undefined;
      case 98: // b
      case 120: // x
        return next === QUOTE ? this.#string(start, start + 1, "bare") : undefined;
      case 110: // n
        return next === QUOTE ? this.#string(start, start + 1, "doubled") : undefined;
      case 117: { // u
        if (next !== AMPERSAND) return undefined;
        const quote = this.#at(start + 2);
        if (quote === QUOTE) return this.#string(start, start + 2, "doubled");
        return quote === DOUBLE_QUOTE ? this.#quoted(start, start + 2) : undefined;
      }
      default:
        return undefined;
    }
  }

  #word(start: number): Token {
    return this.#emit("word", start, this.#wordEnd(start + 1));
  }

  /** `doubled`: a quote is written twice; `escaped`: or after a backslash; `bare`: not at all (`B'…'`, `X'…'`). */
  #string(start: number, quote: number, escapes: "doubled" | "escaped" | "bare"): Token {
    let offset = quote + 1;
    while (offset < this.#end) {
      const unit = this.#text.charCodeAt(offset);
      if (unit === BACKSLASH && escapes === "escaped") {
        offset += 2;
      } else if (unit !== QUOTE) {
        offset++;
      } else if (this.#at(offset + 1) === QUOTE && escapes !== "bare") {
        offset += 2;
      } else {
        const next = this.#continuation(offset + 1);
        if (next === undefined) return this.#emit("string", start, offset + 1);
        offset = next;
      }
    }
    return this.#unclosed("string", start);
  }

  /** After a closing quote: white space with a line break in it (and `--` comments) and a quote continue the string. */
  #continuation(start: number): number | undefined {
    let offset = start;
    let broken = false;
    for (;;) {
      const unit = this.#at(offset);
      if (unit === LF || unit === CR) {
        broken = true;
        offset++;
      } else if (this.#is(offset, SPACE)) {
        offset++;
      } else if (unit === MINUS && this.#at(offset + 1) === MINUS) {
        offset = this.#lineEnd(offset);
      } else {
        return broken && unit === QUOTE ? offset + 1 : undefined;
      }
    }
  }

  #quoted(start: number, quote: number): Token {
    for (let offset = quote + 1; offset < this.#end; offset++) {
      if (this.#text.charCodeAt(offset) !== DOUBLE_QUOTE) continue;
      if (this.#at(offset + 1) !== DOUBLE_QUOTE) return this.#emit("quoted", start, offset + 1);
      offset++;
    }
    return this.#unclosed("quoted", start);
  }

  #dollar(start: number): Token {
    let offset = start + 1;
    if (this.#is(offset, DIGIT)) {
      while (this.#is(offset, DIGIT)) offset++;
      return this.#emit("parameter", start, offset);
    }
    while (this.#is(offset, IDENTIFIER_START | DIGIT)) offset++;
    if (this.#at(offset) !== DOLLAR) return this.#emit("symbol", start, start + 1);
    const tag = this.#text.slice(start, offset + 1);
    const close = this.#text.indexOf(tag, offset + 1);
    if (close === -1 || close + tag.length > this.#end) return this.#unclosed("dollar", start);
    return this.#emit("dollar", start, close + tag.length);
  }

  #comment(start: number, unit: number): Token | undefined {
    const next = this.#at(start + 1);
    if (unit === MINUS && next === MINUS) return this.#emit("comment", start, this.#lineEnd(start));
    if (unit !== SLASH || next !== STAR) return undefined;
    let depth = 1;
    let offset = start + 2;
    while (offset < this.#end) {
      const here = this.#text.charCodeAt(offset);
      if (here === STAR && this.#at(offset + 1) === SLASH) {
        offset += 2;
        depth--;
        if (depth === 0) return this.#emit("block", start, offset);
      } else if (here === SLASH && this.#at(offset + 1) === STAR) {
        offset += 2;
        depth++;
      } else {
        offset++;
      }
    }
    return this.#unclosed("block", start);
  }

  /**
   * An operator ends where a comment begins, and not with `+` or `-` unless it holds a character that no SQL operator
   * has (so that `a=-1` is `=` and `-`). What is cut off holds only `+` and `-`, each of them one token.
   */
  #operator(start: number): Token {
    if (start < this.#singlesEnd) return this.#emit("operator", start, start + 1);
    let end = start;
    let last = start;
    let keeps = false;
    for (; this.#is(end, OPERATOR); end++) {
      const unit = this.#text.charCodeAt(end);
      const next = this.#at(end + 1);
      if ((unit === MINUS && next === MINUS) || (unit === SLASH && next === STAR)) break;
      if (this.#is(end, OPERATOR_KEEPER)) keeps = true;
      if (unit !== PLUS && unit !== MINUS) last = end;
    }
    if (keeps || last + 1 === end) return this.#emit("operator", start, end);
    this.#singlesEnd = end;
    return this.#emit("operator", start, last + 1);
  }

  #number(start: number): Token {
    const radix = this.#at(start) === 48 ? this.#radixNumber(start) : undefined;
    if (radix !== undefined) return this.#emit("number", start, radix);
    let end = this.#digits(start);
    if (this.#at(end) === DOT && !(this.#at(end + 1) === DOT && end > start)) end = this.#digits(end + 1);
    if ((this.#at(end) | 32) === 101) {
      const sign = this.#at(end + 1);
      const exponent = sign === PLUS || sign === MINUS ? end + 2 : end + 1;
      if (this.#is(exponent, DIGIT)) end = this.#digits(exponent);
    }
    return this.#emit("number", start, end);
  }

  /** Digits, each group after one `_`. */
  #digits(start: number): number {
    let end = start;
    while (this.#is(end, DIGIT) || (end > start && this.#at(end) === UNDERSCORE && this.#is(end + 1, DIGIT))) end++;
    return end;
  }

  /** `0x1F`, `0o17`, `0b1`; `undefined` if no digit of that base follows. */
  #radixNumber(start: number): number | undefined {
    const letter = this.#at(start + 1) | 32;
    const top = letter === 111 ? 55 : letter === 98 ? 49 : 0; // o, b; x takes the hex digits
    if (top === 0 && letter !== 120) return undefined;
    const isDigit = (offset: number) =>
      top === 0 ? this.#is(offset, HEX) : this.#is(offset, DIGIT) && this.#at(offset) <= top;
    let end = start + 2;
    while (isDigit(end) || (this.#at(end) === UNDERSCORE && isDigit(end + 1))) end++;
    return end > start + 2 ? end : undefined;
  }

  // Most of a text are words and the space between them: their loops call nothing, for in a process that has just begun
  // every call is interpreted.

  #spaceEnd(start: number): number {
    const text = this.#text;
    const end = this.#end;
    let offset = start;
    while (offset < end && ((CLASSES[text.charCodeAt(offset)] ?? 0) & SPACE) !== 0) offset++;
    return offset;
  }

  #wordEnd(start: number): number {
    const text = this.#text;
    const end = this.#end;
    let offset = start;
    while (offset < end && ((CLASSES[text.charCodeAt(offset)] ?? WORD) & WORD) !== 0) offset++;
    return offset;
  }

  #lineEnd(start: number): number {
    let offset = start;
    while (offset < this.#end) {
      const unit = this.#text.charCodeAt(offset);
      if (unit === LF || unit === CR) break;
      offset++;
    }
    return offset;
  }

  /** The UTF-16 unit there, or -1 at the end. */
  #at(offset: number): number {
    return offset < this.#end ? this.#text.charCodeAt(offset) : -1;
  }

  /** Everything outside ASCII is a letter to PostgreSQL. */
  #is(offset: number, classes: number): boolean {
    if (offset >= this.#end) return false;
    const unit = this.#text.charCodeAt(offset);
    return unit < 128 ? ((CLASSES[unit] ?? 0) & classes) !== 0 : (classes & IDENTIFIER_START) !== 0;
  }

  #emit(kind: TokenKind, start: number, end: number): Token {
    this.#offset = end;
    return { kind, start, end, closed: true };
  }

  #unclosed(kind: TokenKind, start: number): Token {
    this.#offset = this.#end;
    return { kind, start, end: this.#end, closed: false };
  }
}
