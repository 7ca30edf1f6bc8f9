/**
 * Cuts SQL into statements where PostgreSQL's grammar does: at every `;` outside parentheses and `BEGIN ATOMIC … END`.
 *
 * @module
 */

import type { Finding } from "./finding.ts";
import { Lexer, type Token } from "./lexer.ts";

/** Where a statement stands: from its first token to its last, without its `;`. */
export interface Span {
  /** Offset of its first token, in UTF-16 units. */
  readonly start: number;
  /** Offset after its last token. */
  readonly end: number;
}

/** Receives what a {@linkcode scanStatements} finds, in the order of the text. */
export interface StatementSink {
  /**
   * A statement has ended.
   *
   * @returns Where to go on, if not behind it: the way over data that is no SQL.
   */
  readonly onStatement: (span: Span, next: number) => number | void;
  /**
   * A comment, `outside` or `inside` of parentheses and `BEGIN ATOMIC … END`.
   *
   * @returns `cut` to end the statement before it even without a `;`.
   */
  readonly onComment?: (comment: Token, place: "outside" | "inside") => "cut" | void;
  /** The next token, a comment or not. */
  readonly onToken?: (token: Token) => void;
  /** SQL that cannot be one whole. */
  readonly onFinding?: (finding: Finding) => void;
}

/**
 * Cuts SQL into statements; empty ones are left out.
 *
 * @param text The text.
 * @param start Where to begin.
 * @param end Where to stop.
 * @param sink Receives them.
 */
export function scanStatements(text: string, start: number, end: number, sink: StatementSink): void {
  new StatementScanner(text, start, end, sink).run();
}

/** How far the words since the last `;` spell `CREATE [OR REPLACE] FUNCTION|PROCEDURE … BEGIN ATOMIC`. */
type RoutineHead = "start" | "create" | "or" | "routine" | "begin" | "other";

const UNCLOSED: Readonly<Record<string, readonly [message: string, hint: string]>> = {
  string: ["Unterminated string", "Close it with ', and write a quote inside it twice"],
  quoted: ["Unterminated quoted identifier", 'Close it with "'],
  dollar: ["Unterminated dollar quote", "Close it with the same tag, as in $body$ … $body$"],
  block: ["Unterminated comment", "Close it with */; comments nest, so each /* needs its own"],
};

class StatementScanner {
  readonly #text: string;
  readonly #end: number;
  readonly #sink: StatementSink;
  readonly #lexer: Lexer;
  #first: Token | undefined;
  #last: Token | undefined;
  /** How many parentheses are open, and where the outermost stands. */
  #depth = 0;
  #parenthesis = 0;
  /** For each open `BEGIN ATOMIC`: where it stands, and how many parentheses were open there. */
  #atomic: { readonly start: number; readonly depth: number }[] = [];
  #head: RoutineHead = "start";
  #beginStart = 0;
  /** Whether `END` here would close `BEGIN ATOMIC`: only behind it and behind a `;`; everywhere else it closes a `CASE` or is a name. */
  #mayEnd = false;

  constructor(text: string, start: number, end: number, sink: StatementSink) {
    this.#text = text;
    this.#end = end;
    this.#sink = sink;
    this.#lexer = new Lexer(text, start, end);
  }

  run(): void {
    for (let token = this.#lexer.next(); token !== undefined; token = this.#lexer.next()) this.#take(token);
    this.#finish(this.#end);
  }

  #take(token: Token): void {
    this.#sink.onToken?.(token);
    if (!token.closed) this.#unclosed(token);
    switch (token.kind) {
      case "comment":
      case "block":
        return this.#comment(token);
      case "meta":
        return this.#meta(token);
      case "symbol":
        if (this.#symbol(token)) return;
        break;
      case "word":
        this.#word(token);
        break;
      default:
        this.#other();
    }
    this.#first ??= token;
    this.#last = token;
  }

  #unclosed({ kind, start }: Token): void {
    const [message, hint] = UNCLOSED[kind] ?? ["Unterminated text", "Close it"];
    this.#sink.onFinding?.({ code: "syntax", offset: start, message, hint, fatal: true });
  }

  #comment(token: Token): void {
    const place = this.#depth + this.#atomic.length === 0 ? "outside" : "inside";
    if (this.#sink.onComment?.(token, place) === "cut") this.#finish(token.start);
  }

  #meta(token: Token): void {
    const command = /^\\\S*/.exec(this.#text.slice(token.start, token.end))?.[0] ?? "\\";
    this.#sink.onFinding?.({
      code: "refused-statement",
      offset: token.start,
      message: `"${command}" is a command of psql, not SQL`,
      hint: "Remove it, and write in SQL what it does",
    });
    if (this.#depth === 0) this.#finish(token.end);
  }

  /** @returns Whether the symbol ended a statement, and so belongs to none. */
  #symbol(token: Token): boolean {
    const unit = this.#text.charCodeAt(token.start);
    if (unit === 40) { // (
      if (this.#depth === 0) this.#parenthesis = token.start;
      this.#depth++;
    } else if (unit === 41) { // )
      if (this.#depth > 0) this.#depth--;
      else this.#report(token.start, ['Unmatched ")"', "Remove it, or add the parenthesis that it closes"]);
    } else if (unit === 59) { // ;
      const atomic = this.#atomic.at(-1);
      if (atomic !== undefined && this.#depth === atomic.depth) {
        this.#head = "start";
        this.#mayEnd = true;
        return false;
      }
      if (atomic === undefined && this.#depth === 0) {
        this.#finish(token.end);
        return true;
      }
    }
    this.#other();
    return false;
  }

  /** A token that no keyword of interest follows or precedes. */
  #other(): void {
    this.#mayEnd = false;
    this.#head = this.#head === "routine" || this.#head === "begin" ? "routine" : "other";
  }

  #word(token: Token): void {
    const mayEnd = this.#mayEnd;
    this.#mayEnd = false;
    if (mayEnd && this.#is(token, "end")) {
      this.#atomic.pop();
      this.#head = "other";
    } else if (this.#head !== "other") {
      this.#routineWord(token);
    }
  }

  #routineWord(token: Token): void {
    switch (this.#head) {
      case "start":
        this.#head = this.#is(token, "create") ? "create" : "other";
        break;
      case "create":
        if (this.#is(token, "or")) this.#head = "or";
        else this.#head = this.#is(token, "function") || this.#is(token, "procedure") ? "routine" : "other";
        break;
      case "or":
        this.#head = this.#is(token, "replace") ? "create" : "other";
        break;
      case "routine":
      case "begin":
        if (this.#head === "begin" && this.#is(token, "atomic")) this.#enterAtomic();
        else if (this.#is(token, "begin") && this.#depth === (this.#atomic.at(-1)?.depth ?? 0)) {
          this.#head = "begin";
          this.#beginStart = token.start;
        } else this.#head = "routine";
    }
  }

  #enterAtomic(): void {
    this.#atomic.push({ start: this.#beginStart, depth: this.#depth });
    this.#head = "start";
    this.#mayEnd = true;
  }

  /** Ends the statement; `next` is where the text goes on. */
  #finish(next: number): void {
    const atomic = this.#atomic[0];
    if (this.#last?.closed !== false) {
      if (atomic !== undefined) this.#report(atomic.start, ['"BEGIN ATOMIC" without its "END"', "Close it with END"]);
      else if (this.#depth > 0) {
        this.#report(this.#parenthesis, ['Unclosed "("', "Close it before the statement ends"]);
      }
    }
    const resume = this.#first === undefined || this.#last === undefined
      ? undefined
      : this.#sink.onStatement({ start: this.#first.start, end: this.#last.end }, next);
    this.#first = this.#last = undefined;
    this.#depth = 0;
    this.#atomic = [];
    this.#head = "start";
    this.#mayEnd = false;
    if (typeof resume === "number") this.#lexer.seek(resume);
  }

  #is(token: Token, word: string): boolean {
    return token.end - token.start === word.length &&
      this.#text.slice(token.start, token.end).toLowerCase() === word;
  }

  #report(offset: number, [message, hint]: readonly [message: string, hint: string]): void {
    this.#sink.onFinding?.({ code: "syntax", offset, message, hint });
  }
}
