/**
 * Hides secrets in SQL that is shown.
 *
 * @module
 */

import { Lexer, type Token } from "./lexer.ts";

const MAY_HOLD_SECRETS = /password|connection|user\s+mapping/i;

/** Bodies within bodies are looked into this deep. */
const MAX_DEPTH = 8;

/**
 * Replaces secrets by `'***'`: literals after `PASSWORD` or `CONNECTION` and in the `OPTIONS` of user mappings, also
 * inside of function bodies, strings and comments. Line breaks inside them are kept, so that lines keep their numbers.
 *
 * @param sql Any SQL, whole or not.
 * @returns What may be shown.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { maskSecrets } from "@metapg/migration/core";
 *
 * assertEquals(maskSecrets("CREATE ROLE app PASSWORD 'hunter2' LOGIN"), "CREATE ROLE app PASSWORD '***' LOGIN");
 * ```
 */
export function maskSecrets(sql: string): string {
  return mask(sql, 0).masked;
}

/**
 * Finds the first secret that {@linkcode maskSecrets} would hide.
 *
 * @param sql Any SQL.
 * @returns The offset of its literal, or of the body that holds it, in UTF-16 units; `undefined` if there is none.
 */
export function findSecret(sql: string): number | undefined {
  return mask(sql, 0).first;
}

interface Masked {
  readonly masked: string;
  /** Offset of the first token that was changed. */
  readonly first: number | undefined;
}

function mask(sql: string, depth: number): Masked {
  if (depth > MAX_DEPTH || !MAY_HOLD_SECRETS.test(sql)) return { masked: sql, first: undefined };
  const watch = new SecretWatch(sql);
  const parts: string[] = [];
  let first: number | undefined;
  let copied = 0;
  const lexer = new Lexer(sql);
  for (let token = lexer.next(); token !== undefined; token = lexer.next()) {
    const source = sql.slice(token.start, token.end);
    const shown = watch.isSecret(token) ? stars(source) : maskInside(token, source, depth);
    if (shown === source) continue;
    parts.push(sql.slice(copied, token.start), shown);
    copied = token.end;
    first ??= token.start;
  }
  return { masked: parts.join("") + sql.slice(copied), first };
}

function stars(literal: string): string {
  return `'***${"\n".repeat(literal.split("\n").length - 1)}'`;
}

/** Masks SQL that stands in a dollar quote, a string (its quotes doubled there) or a comment. */
function maskInside({ kind, closed }: Token, source: string, depth: number): string {
  const inside = (text: string) => mask(text, depth + 1).masked;
  switch (kind) {
    case "dollar": {
      const tag = source.slice(0, source.indexOf("$", 1) + 1);
      return tag + inside(source.slice(tag.length, closed ? -tag.length : undefined)) + (closed ? tag : "");
    }
    case "string": {
      const open = source.indexOf("'") + 1;
      const text = source.slice(open, closed ? -1 : undefined).replaceAll("''", "'");
      const masked = inside(text);
      return masked === text ? source : `${source.slice(0, open)}${masked.replaceAll("'", "''")}${closed ? "'" : ""}`;
    }
    case "comment":
      return `--${inside(source.slice(2))}`;
    case "block":
      return `/*${inside(source.slice(2, closed ? -2 : undefined))}${closed ? "*/" : ""}`;
    default:
      return source;
  }
}

/** Follows the tokens of SQL as far as it takes to know which literals are secret. */
class SecretWatch {
  readonly #sql: string;
  /** Words since the last `;`, as far as they spell `CREATE|ALTER USER MAPPING … OPTIONS (`. */
  #mapping: "start" | "verb" | "user" | "mapping" | "options" | "open" = "start";
  #afterKeyword = false;

  constructor(sql: string) {
    this.#sql = sql;
  }

  /** Takes the next token. */
  isSecret(token: Token): boolean {
    if (token.kind === "comment" || token.kind === "block") return false;
    if (token.kind === "string" || token.kind === "dollar") {
      const isSecret = this.#afterKeyword || this.#mapping === "open";
      this.#afterKeyword = false;
      return isSecret;
    }
    const text = this.#sql.slice(token.start, token.end).toLowerCase();
    this.#afterKeyword = /^"?(?:password|connection)"?$/.test(text);
    this.#followMapping(text);
    return false;
  }

  #followMapping(text: string): void {
    const state = this.#mapping;
    if (text === ";") this.#mapping = "start";
    else if (state === "start") this.#mapping = text === "create" || text === "alter" ? "verb" : state;
    else if (state === "verb") this.#mapping = text === "user" ? "user" : "start";
    else if (state === "user") this.#mapping = text === "mapping" ? "mapping" : "start";
    else if (state === "mapping" && text === "options") this.#mapping = "options";
    else if (state === "options") this.#mapping = text === "(" ? "open" : "mapping";
    else if (state === "open" && text === ")") this.#mapping = "mapping";
  }
}
