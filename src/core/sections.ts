/**
 * Cuts the text of a migration file into its header, its up and its rollback section.
 *
 * @module
 */

import { TokenDigest } from "./checksum.ts";
import { CopyData } from "./copy.ts";
import { type Finding, FindingList } from "./finding.ts";
import { type Header, HeaderReader } from "./header.ts";
import { Lexer, type Token } from "./lexer.ts";
import { isDoubtful, markerKind } from "./marker.ts";
import type { Section } from "./section.ts";
import { scanStatements, type Span } from "./statement_scanner.ts";
import { type Statement, statementAt } from "./statements.ts";

/** The parts of a migration file. */
export interface Sections {
  /** What its header says. */
  readonly header: Header;
  /** Everything before the marker, the header included. */
  readonly up: Section;
  /** Everything behind the line of the marker; `undefined` without one. */
  readonly rollback: Section | undefined;
  /** The statements of the up section; their offsets are those of the file. */
  readonly upStatements: readonly Statement[];
  /** The statements of the rollback section. */
  readonly rollbackStatements: readonly Statement[];
  /** What the checksum of the up section is made of; `undefined` if it holds data that are no SQL. */
  readonly upTokens: TokenDigest | undefined;
  /** All that is wrong with header, marker and syntax. */
  readonly findings: readonly Finding[];
}

/**
 * Cuts the text of a migration file.
 *
 * @param text The text, without a byte order mark and with LF line ends.
 * @returns Its parts and what is wrong with them.
 */
export function readSections(text: string): Sections {
  return new SectionReader(text).read();
}

class SectionReader {
  readonly #text: string;
  readonly #header: HeaderReader;
  readonly #firstToken: number;
  readonly #data: CopyData;
  readonly #findings = new FindingList();
  readonly #up: Statement[] = [];
  readonly #rollback: Statement[] = [];
  readonly #doubtful: Token[] = [];
  #upTokens: TokenDigest | undefined;
  #marker: Token | undefined;

  constructor(text: string) {
    this.#text = text;
    this.#header = new HeaderReader(text);
    this.#firstToken = firstToken(text);
    this.#data = new CopyData(text);
    this.#upTokens = new TokenDigest(text);
  }

  read(): Sections {
    scanStatements(this.#text, 0, this.#text.length, {
      onStatement: (span, next) => this.#statement(span, next),
      onToken: (token) => {
        if (this.#marker === undefined) this.#upTokens?.add(token);
      },
      onComment: (comment, place) => this.#comment(comment, place),
      onFinding: (finding) => this.#findings.add(finding),
    });
    if (this.#marker === undefined) this.#reportDoubtful();
    const { header, findings } = this.#header.finish();
    const { up, rollback } = this.#cut();
    return {
      header,
      up,
      rollback,
      upStatements: this.#up,
      rollbackStatements: this.#rollback,
      upTokens: this.#upTokens,
      findings: [...findings, ...this.#findings.list()],
    };
  }

  #cut(): { readonly up: Section; readonly rollback: Section | undefined } {
    if (this.#marker === undefined) return { up: { sql: this.#text, start: 0 }, rollback: undefined };
    const start = Math.min(this.#marker.end + 1, this.#text.length);
    return {
      up: { sql: this.#text.slice(0, this.#marker.start), start: 0 },
      rollback: { sql: this.#text.slice(start), start },
    };
  }

  #statement(span: Span, next: number): number | undefined {
    const statement = statementAt(this.#text, span);
    // The marker is known before the statement that it ends.
    const isUp = this.#marker === undefined || span.start < this.#marker.start;
    (isUp ? this.#up : this.#rollback).push(statement);
    const end = this.#data.endBehind(statement.sql, next);
    // Data are left out here, and have tokens nevertheless.
    if (end !== undefined && isUp) this.#upTokens = undefined;
    return end;
  }

  #comment(comment: Token, place: "outside" | "inside"): "cut" | undefined {
    const kind = place === "inside" ? "comment" : markerKind(this.#text, comment);
    if (kind === "marker") return this.#takeMarker(comment);
    if (place === "outside" && kind === "comment" && isDoubtful(this.#text, comment)) this.#doubtful.push(comment);
    if (kind === "near-miss" && this.#marker === undefined) this.#reportNearMiss(comment);
    else if (comment.start < this.#firstToken && this.#marker === undefined) this.#header.readHeader(comment);
    else this.#header.readLater(comment);
    return undefined;
  }

  #takeMarker(comment: Token): "cut" | undefined {
    if (this.#marker === undefined) {
      this.#marker = comment;
      return "cut";
    }
    this.#findings.add({
      code: "marker",
      offset: comment.start,
      message: "Second rollback marker",
      hint: "A file has one up and one rollback section: remove the line, or make two migrations of the file",
      fatal: true,
    });
    return undefined;
  }

  /** Between statements, in a file without a marker, it may be what was meant to keep those behind it from running. */
  #reportDoubtful(): void {
    const [first, last] = [this.#up[0]?.start ?? 0, this.#up.at(-1)?.start ?? 0];
    for (const comment of this.#doubtful.filter(({ start }) => first < start && start < last)) {
      this.#findings.add({
        code: "marker",
        severity: "warning",
        offset: comment.start,
        message: `"${this.#lineOf(comment)}" is a comment: what follows it is applied, too`,
        hint: "Write the line exactly as -- ROLLBACK, from column 1, if the rollback section is to begin there; " +
          "where the file is applied already, leave it: its statements ran",
      });
    }
  }

  #lineOf(comment: Token): string {
    return this.#text.slice(comment.start, comment.end).split(/[\r\n]/).map((part) => part.trim()).join(" ");
  }

  #reportNearMiss(comment: Token): void {
    this.#findings.add({
      code: "marker",
      offset: comment.start,
      message: `"${this.#lineOf(comment)}" does not begin the rollback section`,
      hint: "Write the line exactly as -- ROLLBACK, from column 1, or say more in the comment if it is not meant",
    });
  }
}

function firstToken(text: string): number {
  const lexer = new Lexer(text);
  let token = lexer.next();
  while (token?.kind === "comment" || token?.kind === "block") token = lexer.next();
  return token?.start ?? text.length;
}
