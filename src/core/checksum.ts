/**
 * Checksums of migrations: SHA-256 by Web Crypto.
 *
 * @module
 */

import { Lexer, type Token } from "./lexer.ts";

/** Names the way token checksums are made; another release's prefix means: compute it again from the stored source. */
export const TOKEN_CHECKSUM_PREFIX = "1:";

/** How many tokens are put into one string before it becomes bytes. */
const BATCH = 4096;

const encoder = new TextEncoder();

/**
 * Computes the checksum of a text: for a file with LF line ends what `sha256sum` prints.
 *
 * @param text The text.
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
export function checksum(text: string): Promise<string> {
  return digest(encoder.encode(text));
}

/**
 * Computes the checksum of what a section does: of its tokens, so that comments and white space do not count.
 *
 * @param upSql The up section.
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
export async function tokenChecksum(upSql: string): Promise<string> {
  return TOKEN_CHECKSUM_PREFIX + await digest(join(tokenLines(upSql)));
}

/** The bytes of all tokens, each followed by LF, in batches. */
function tokenLines(sql: string): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  let batch = "";
  let held: Token | undefined;
  let size = 0;
  const lexer = new Lexer(sql);
  for (let token = lexer.next(); token !== undefined; token = lexer.next()) {
    if (token.kind === "comment" || token.kind === "block") continue;
    // The last token is held back: it does not count if it is a semicolon.
    if (held !== undefined) batch += `${sql.slice(held.start, held.end)}\n`;
    held = token;
    if (++size % BATCH === 0) {
      chunks.push(encoder.encode(batch));
      batch = "";
    }
  }
  const last = held === undefined ? ";" : sql.slice(held.start, held.end);
  chunks.push(encoder.encode(last === ";" ? batch : `${batch}${last}\n`));
  return chunks;
}

function join(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

async function digest(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
