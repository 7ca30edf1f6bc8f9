/**
 * The header of a migration file: the `-- Key: value` comments before its first SQL token.
 *
 * @module
 */

import { parseDuration } from "./duration.ts";
import { type Finding, FindingList } from "./finding.ts";
import type { Token } from "./lexer.ts";
import { checkMigrationName } from "./name.ts";
import { editDistance } from "./nearest.ts";

/** `single`: one transaction per migration or rollback. `none`: a transaction per statement that takes one. */
export type TransactionMode = "single" | "none";

/** What the header of a file says. */
export interface Header {
  /** `Description`; `undefined` leaves it to the file name. */
  readonly description: string | undefined;
  /** `Depends`: names of migrations, each once. */
  readonly dependencies: readonly string[];
  /** `Transaction`. */
  readonly transaction: TransactionMode;
  /** `Lock-Timeout` in milliseconds; 0 for none; `undefined` if the file says nothing. */
  readonly lockTimeoutMs: number | undefined;
  /** `Statement-Timeout` in milliseconds; 0 for none; `undefined` if the file says nothing. */
  readonly statementTimeoutMs: number | undefined;
}

type Key = "description" | "depends" | "transaction" | "lock-timeout" | "statement-timeout";

const KEYS: Readonly<Record<Key, string>> = {
  "description": "Description",
  "depends": "Depends",
  "transaction": "Transaction",
  "lock-timeout": "Lock-Timeout",
  "statement-timeout": "Statement-Timeout",
};

const KEY_LINE = /^--([^:]*):(.*)$/s;
const KNOWN_KEY_LINE = /^(?:--|\/\*)?[\s*]*(description|depends|transaction|lock-timeout|statement-timeout):/i;

/** Reads the comments of a file one after another. */
export class HeaderReader {
  readonly #text: string;
  readonly #findings = new FindingList();
  readonly #values = new Map<Key, { readonly value: string; readonly offset: number }>();

  /** @param text The text of the file. */
  constructor(text: string) {
    this.#text = text;
  }

  /**
   * Reads a comment before the first token.
   *
   * @param comment It.
   */
  readHeader(comment: Token): void {
    if (comment.kind === "block") return this.#readHeaderBlock(comment);
    const [, word, value] = KEY_LINE.exec(this.#text.slice(comment.start, comment.end)) ?? [];
    if (word === undefined || value === undefined) return;
    const written = word.trimStart();
    const key = nearestKey(written);
    if (key === undefined) return;
    if (written.toLowerCase() !== key) {
      this.#report(
        comment.start,
        `"${written}:" is not a header key`,
        `Write ${KEYS[key]}:, or drop the colon in a comment`,
      );
    } else if (this.#values.has(key)) {
      const hint = key === "depends" ? "Name all dependencies in one line, separated by commas" : "Remove one of them";
      this.#report(comment.start, `Header key "${KEYS[key]}" is given twice`, hint);
    } else {
      this.#values.set(key, { value: value.trim(), offset: comment.start });
    }
  }

  /**
   * Reads a comment behind the first token, where a header key would have no effect.
   *
   * @param comment It.
   */
  readLater(comment: Token): void {
    for (const { key, offset } of knownKeys(this.#text, comment)) {
      this.#report(
        offset,
        `Header key "${KEYS[key]}" stands behind the first statement`,
        "Move it to the top of the file, or drop the colon in a comment",
      );
    }
  }

  /**
   * Ends the reading.
   *
   * @returns What the header says, with defaults for what is wrong, and all that is wrong.
   */
  finish(): { readonly header: Header; readonly findings: readonly Finding[] } {
    const header: Header = {
      description: this.#values.get("description")?.value || undefined,
      dependencies: this.#dependencies(),
      transaction: this.#transaction(),
      lockTimeoutMs: this.#duration("lock-timeout"),
      statementTimeoutMs: this.#duration("statement-timeout"),
    };
    return { header, findings: this.#findings.list() };
  }

  /** Keys are read from `--` comments only; one in a block comment would be overlooked in silence. */
  #readHeaderBlock(comment: Token): void {
    for (const { key, offset } of knownKeys(this.#text, comment)) {
      if (key === "description") continue;
      this.#findings.add({
        code: "header",
        severity: "warning",
        offset,
        message: `Header key "${KEYS[key]}" in a block comment has no effect`,
        hint: `Write it as a line of its own: -- ${KEYS[key]}: …`,
      });
    }
  }

  #dependencies(): readonly string[] {
    const { value, offset } = this.#values.get("depends") ?? { value: "", offset: 0 };
    if (value === "" || value.toLowerCase() === "(none)") return [];
    const names = new Set<string>();
    for (const name of value.split(",").map((part) => part.trim())) {
      if (!checkMigrationName(name)) {
        this.#report(offset, `"${name}" in "Depends" is not the name of a migration`, dependencyHint(name));
        continue;
      }
      if (names.has(name)) {
        this.#findings.add({
          code: "header",
          severity: "warning",
          offset,
          message: `"Depends" names "${name}" twice`,
        });
      }
      names.add(name);
    }
    return [...names];
  }

  #transaction(): TransactionMode {
    const { value, offset } = this.#values.get("transaction") ?? { value: undefined, offset: 0 };
    if (value === undefined) return "single";
    if (value.toLowerCase() === "none") return "none";
    this.#report(
      offset,
      `Unknown value "${value}" for "Transaction"`,
      "The only value is none; without the line the migration runs in one transaction",
    );
    return "single";
  }

  #duration(key: "lock-timeout" | "statement-timeout"): number | undefined {
    const { value, offset } = this.#values.get(key) ?? { value: undefined, offset: 0 };
    if (value === undefined) return undefined;
    const ms = parseDuration(value);
    if (ms === undefined) {
      this.#report(
        offset,
        `Unknown value "${value}" for "${KEYS[key]}"`,
        "Write a whole number and a unit, as in 250ms, 3s, 5m or 1h (at most 24 days), or 0 for none",
      );
    }
    return ms;
  }

  #report(offset: number, message: string, hint: string): void {
    this.#findings.add({ code: "header", offset, message, hint });
  }
}

function* knownKeys(text: string, comment: Token): Generator<{ readonly key: Key; readonly offset: number }> {
  let offset = comment.start;
  for (const line of text.slice(comment.start, comment.end).split("\n")) {
    const key = KNOWN_KEY_LINE.exec(line)?.[1]?.toLowerCase();
    if (key !== undefined && isKey(key)) yield { key, offset: offset + line.search(/\S/) };
    offset += line.length + 1;
  }
}

function isKey(word: string): word is Key {
  return Object.hasOwn(KEYS, word);
}

/** The key that is meant, with case, blanks and punctuation ignored and up to two letters wrong. */
function nearestKey(word: string): Key | undefined {
  const exact = word.toLowerCase();
  if (isKey(exact)) return exact;
  const letters = reduce(word);
  if (/^(?:depend|require)/.test(letters)) return "depends";
  if (letters.startsWith("transaction")) return "transaction";
  const keys = Object.keys(KEYS).filter(isKey);
  const near = keys.find((key) => isNear(letters, reduce(key)));
  if (near !== undefined) return near;
  if (!letters.endsWith("timeout")) return undefined;
  return letters.startsWith("lock") ? "lock-timeout" : "statement-timeout";
}

function reduce(word: string): string {
  return word.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "");
}

function isNear(word: string, key: string): boolean {
  return Math.abs(word.length - key.length) <= 2 && editDistance(word, key) <= 2;
}

function dependencyHint(name: string): string {
  if (name === "") return "Separate names by single commas, or write (none)";
  if (name.toLowerCase() === "none") return "Write (none), or leave the line out";
  if (name.endsWith(".sql")) return `Leave out .sql: ${name.slice(0, -".sql".length)}`;
  if (/\s/.test(name)) return "Separate names by commas and write nothing else in the line";
  return "Write the file name without .sql, as in 001_roles";
}
