/**
 * Walks over the tokens of one statement without its comments, to tell what it is.
 *
 * @module
 */

import { decodeIdentifier, decodeLiteral, foldCase } from "./literal.ts";
import { Lexer, type Token } from "./lexer.ts";

/** A name, its schema where it is written. Folded and cut as PostgreSQL does it. */
export interface ObjectName {
  /** The schema as written; `undefined` leaves it to the search path. */
  readonly schema: string | undefined;
  /** The name itself. */
  readonly name: string;
}

/** Reads tokens one after another, one token ahead. */
export class TokenCursor {
  readonly #text: string;
  readonly #lexer: Lexer;
  #token: Token | undefined;
  /** Empty until somebody asks for it: it is asked for again and again. */
  #word = "";

  /**
   * @param text The text.
   * @param start Where the statement begins.
   * @param end Offset after it.
   */
  constructor(text: string, start: number = 0, end: number = text.length) {
    this.#text = text;
    this.#lexer = new Lexer(text, start, end);
    this.next();
  }

  /** The token ahead; `undefined` at the end. */
  get token(): Token | undefined {
    return this.#token;
  }

  /** The exact text of the token ahead; empty at the end. */
  get text(): string {
    return this.#token === undefined ? "" : this.#text.slice(this.#token.start, this.#token.end);
  }

  /** The word ahead in lower case; `undefined` if no unquoted word is ahead. */
  get word(): string | undefined {
    if (this.#token?.kind !== "word") return undefined;
    if (this.#word === "") this.#word = foldCase(this.text);
    return this.#word;
  }

  /** Passes over the token ahead. */
  next(): void {
    this.#word = "";
    do this.#token = this.#lexer.next(); while (this.#token?.kind === "comment" || this.#token?.kind === "block");
  }

  /**
   * Passes over words if all of them are ahead.
   *
   * @param words In lower case; alternatives joined by `|`.
   * @returns Whether they were; if not, nothing has been passed over: `if` alone is a name.
   */
  accept(...words: readonly string[]): boolean {
    const first = this.#token;
    for (const alternatives of words) {
      const word = this.word;
      if (word === undefined || (word !== alternatives && !alternatives.split("|").includes(word))) {
        if (first === this.#token) return false;
        if (first !== undefined) this.#lexer.seek(first.end);
        this.#token = first;
        this.#word = "";
        return false;
      }
      this.next();
    }
    return true;
  }

  /**
   * Passes over one symbol or operator if it is ahead.
   *
   * @param symbol As in `(`.
   * @returns Whether it was.
   */
  acceptSymbol(symbol: string): boolean {
    if ((this.#token?.kind !== "symbol" && this.#token?.kind !== "operator") || this.text !== symbol) return false;
    this.next();
    return true;
  }

  /**
   * Reads an identifier.
   *
   * @returns It as the catalog holds it; `undefined` if none is ahead.
   */
  identifier(): string | undefined {
    const token = this.#token;
    if (token?.kind !== "word" && token?.kind !== "quoted") return undefined;
    const name = decodeIdentifier(this.text);
    this.next();
    return name;
  }

  /**
   * Reads a string.
   *
   * @returns Its value; `undefined` if none is ahead.
   */
  literal(): string | undefined {
    if (this.#token?.kind !== "string" && this.#token?.kind !== "dollar") return undefined;
    const value = decodeLiteral(this.text);
    this.next();
    return value;
  }

  /**
   * Reads a name with or without a schema; a database before the schema is dropped.
   *
   * @returns It; `undefined` if none is ahead.
   */
  objectName(): ObjectName | undefined {
    const parts: string[] = [];
    do {
      const part = this.identifier();
      if (part !== undefined) parts.push(part);
    } while (this.acceptSymbol("."));
    const name = parts.pop();
    return name === undefined ? undefined : { schema: parts.pop(), name };
  }

  /**
   * Reads options in parentheses.
   *
   * @returns Values by name, both in lower case; the value is empty where none is written. Empty if no parenthesis is ahead.
   */
  options(): ReadonlyMap<string, string> {
    const options = new Map<string, string>();
    if (!this.acceptSymbol("(")) return options;
    while (this.#token !== undefined && !this.acceptSymbol(")")) {
      const key = this.identifier();
      this.acceptSymbol("=");
      const value = this.text === "," || this.text === ")" ? "" : this.#value();
      if (key !== undefined) options.set(key.toLowerCase(), value);
      while (this.#token !== undefined && this.text !== "," && this.text !== ")") this.next();
      this.acceptSymbol(",");
    }
    return options;
  }

  #value(): string {
    const text = this.text;
    const value = this.#token?.kind === "string" || this.#token?.kind === "dollar" ? decodeLiteral(text) : text;
    this.next();
    return value.toLowerCase();
  }
}
