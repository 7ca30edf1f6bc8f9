/**
 * Checksums of migrations: SHA-256, by Web Crypto unless something quicker is at hand.
 *
 * @module
 */

import type { Eventually } from "./eventually.ts";
import { LAST_ASCII, Lexer, type Token } from "./lexer.ts";
import type { Sha256 } from "./reader.ts";

/** Names the way token checksums are made; another release's prefix means: compute it again from the stored source. */
export const TOKEN_CHECKSUM_PREFIX = "1:";

/** Up to this length the loop here is quicker than a call of the encoder. */
const SHORT = 64;

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const EMPTY = new Uint8Array();

const encoder = new TextEncoder();

/**
 * Computes the checksum of a text: for a file with LF line ends what `sha256sum` prints.
 *
 * @param text The text.
 * @param sha256 Hashes it.
 * @returns SHA-256 of its UTF-8, in lower-case hex.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { checksum } from "@metapg/migration/core";
 *
 * assertEquals(await checksum(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
 * ```
 */
export async function checksum(text: string, sha256: Sha256 = webSha256): Promise<string> {
  return await sha256(encoder.encode(text));
}

/**
 * Computes the checksum of the bytes of a file, if they are those of its text: so for most files nobody has to decode them.
 *
 * @param bytes The bytes.
 * @param sha256 Hashes them.
 * @returns SHA-256, in lower-case hex; `undefined` if there is a byte order mark or a carriage return among them.
 */
export function plainChecksum(bytes: Uint8Array, sha256: Sha256 = webSha256): Eventually<string> | undefined {
  const isMarked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return isMarked || bytes.includes(CARRIAGE_RETURN) ? undefined : sha256(bytes);
}

/**
 * Computes the checksum of what a section does: of its tokens, so that comments and white space do not count.
 *
 * @param upSql The up section.
 * @param sha256 Hashes it.
 * @returns `1:` and SHA-256, in lower-case hex, of each token's text followed by LF, without one trailing `;`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { tokenChecksum } from "@metapg/migration/core";
 *
 * assertEquals(await tokenChecksum("SELECT 1"), await tokenChecksum("-- one\nSELECT\n  1;\n"));
 * ```
 */
export async function tokenChecksum(upSql: string, sha256: Sha256 = webSha256): Promise<string> {
  const tokens = new TokenDigest(upSql);
  const lexer = new Lexer(upSql);
  for (let token = lexer.next(); token !== undefined; token = lexer.next()) tokens.add(token);
  return await tokens.checksum(sha256);
}

/** The checksum of a section whose tokens are told one after the other, by who goes through them anyway. */
export class TokenDigest {
  readonly #text: string;
  readonly #lines: LineBuffer;
  #held: Token | undefined;

  /** @param text The text that the tokens are of. */
  constructor(text: string) {
    this.#text = text;
    this.#lines = new LineBuffer(text);
  }

  /**
   * Takes the next token; comments do not count.
   *
   * @param token The token.
   */
  add(token: Token): void {
    if (token.kind === "comment" || token.kind === "block") return;
    // The last token is held back: it does not count if it is a semicolon.
    if (this.#held !== undefined) this.#lines.add(this.#held);
    this.#held = token;
  }

  /**
   * Computes the checksum of the tokens so far. None may be added after that.
   *
   * @param sha256 Hashes them.
   * @returns As {@linkcode tokenChecksum}.
   */
  async checksum(sha256: Sha256 = webSha256): Promise<string> {
    const held = this.#held;
    this.#held = undefined;
    if (held !== undefined && this.#text.slice(held.start, held.end) !== ";") this.#lines.add(held);
    return TOKEN_CHECKSUM_PREFIX + await sha256(this.#lines.content);
  }
}

/** UTF-8 of pieces of a text, each followed by LF. */
class LineBuffer {
  readonly #text: string;
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  /** @param text The text. */
  constructor(text: string) {
    this.#text = text;
    // Line feeds take the room of white space, and where there is none between tokens a little more.
    this.#bytes = new Uint8Array(text.length + (text.length >> 2) + 16);
  }

  get content(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Most pieces are a few letters: no string and no view is made of them. */
  add({ start, end }: Pick<Token, "start" | "end">): void {
    this.#reserve(Math.min(end - start, SHORT) + 1);
    const shortEnd = Math.min(end, start + SHORT);
    let index = start;
    for (; index < shortEnd; index++) {
      const unit = this.#text.charCodeAt(index);
      if (unit > LAST_ASCII) break;
      this.#bytes[this.#length++] = unit;
    }
    if (index < end) this.#encode(this.#text.slice(index, end));
    this.#bytes[this.#length++] = LINE_FEED;
  }

  /** Leaves room for a line feed. */
  #encode(text: string): void {
    const { read, written } = encoder.encodeInto(text, this.#bytes.subarray(this.#length));
    this.#length += written;
    const rest = read === text.length ? EMPTY : encoder.encode(text.slice(read));
    this.#reserve(rest.length + 1);
    this.#bytes.set(rest, this.#length);
    this.#length += rest.length;
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#length + count, this.#bytes.length * 2));
    larger.set(this.content);
    this.#bytes = larger;
  }
}

async function webSha256(bytes: Uint8Array): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
