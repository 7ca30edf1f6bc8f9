/**
 * From what a reader gave to the text that is parsed, hashed, sent, stored and shown.
 *
 * @module
 */

import type { Finding } from "./finding.ts";
import { type Position, positionAt } from "./position.ts";

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Bytes that are not UTF-8. */
export interface EncodingFault {
  /** Where the first of them stands. */
  readonly position: Position;
  /** What they may be instead. */
  readonly hint: string;
}

/**
 * Reads bytes as UTF-8.
 *
 * @param bytes The content of a file.
 * @returns Its text, a byte order mark included, or what is wrong.
 */
export function decodeUtf8(bytes: Uint8Array): string | EncodingFault {
  try {
    return decoder.decode(bytes);
  } catch {
    const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
    return {
      position: faultPosition(bytes),
      hint: isUtf16 ? "The file is UTF-16: save it as UTF-8" : "Save the file as UTF-8",
    };
  }
}

/**
 * Drops the byte order mark and makes every CRLF a LF.
 *
 * @param text The content of a file.
 * @returns The text of the migration.
 */
export function normalizeText(text: string): string {
  const start = text.startsWith("\ufeff") ? 1 : 0;
  return text.slice(start).replaceAll("\r\n", "\n");
}

/**
 * Finds characters that PostgreSQL cannot store.
 *
 * @param text The text of the migration.
 * @returns The first NUL and the first half of a surrogate pair.
 */
export function findBadCharacters(text: string): Finding[] {
  const findings: Finding[] = [];
  const nul = text.indexOf("\0");
  if (nul !== -1) {
    findings.push({
      code: "file-encoding",
      offset: nul,
      message: "NUL character",
      hint: "Remove it: PostgreSQL cannot store it",
    });
  }
  const surrogate = text.search(/\p{Surrogate}/u);
  if (surrogate !== -1) {
    const hint = "Pass the bytes of the file, or a string that is well formed";
    findings.push({
      code: "file-encoding",
      offset: surrogate,
      message: "Half of a surrogate pair, which is not UTF-8",
      hint,
    });
  }
  return findings;
}

function faultPosition(bytes: Uint8Array): Position {
  const text = normalizeText(validStart(bytes));
  return positionAt(text, text.length);
}

/** The text before the first wrong byte, found by halving: a stream decoder takes any start of it. */
function validStart(bytes: Uint8Array): string {
  let low = 0;
  let high = bytes.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (decodeStart(bytes.subarray(0, middle)) === undefined) high = middle - 1;
    else low = middle;
  }
  return decodeStart(bytes.subarray(0, low)) ?? "";
}

/** An unfinished character at the end is left out. */
function decodeStart(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes, { stream: true });
  } catch {
    return undefined;
  }
}
