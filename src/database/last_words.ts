/**
 * What a server said when it ended a session: postgres.js waits for a message behind it, which never comes.
 *
 * @module
 */

import { FATAL_SEVERITIES } from "./driver_error.ts";

const ERROR = 0x45;
const SHORTEST = 7;

/** Fields of the message, by letter: as postgres.js names them. */
const FIELDS: Readonly<Record<string, string>> = { V: "severity", C: "code", M: "message", D: "detail", H: "hint" };

/**
 * Reads the error that ended a session.
 *
 * @param bytes What the server sent last; the error is at its end.
 * @returns An error as a driver throws it; `undefined` if the server said nothing.
 */
export function readLastWords(bytes: Uint8Array): Error | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let start = bytes.indexOf(ERROR); start >= 0; start = bytes.indexOf(ERROR, start + 1)) {
    const length = bytes.length - start - 1;
    if (length < SHORTEST) return undefined;
    if (view.getUint32(start + 1) !== length) continue;
    const fields = readFields(bytes.subarray(start + 5));
    if (FATAL_SEVERITIES.has(fields.severity ?? "")) return Object.assign(new Error(fields.message), fields);
  }
  return undefined;
}

/** A letter and a text that ends with a zero byte, each. */
function readFields(bytes: Uint8Array): Readonly<Record<string, string>> {
  const texts = new TextDecoder().decode(bytes).split("\0");
  return Object.fromEntries(texts.flatMap((text) => {
    const name = FIELDS[text.slice(0, 1)];
    return name === undefined ? [] : [[name, text.slice(1)]];
  }));
}
