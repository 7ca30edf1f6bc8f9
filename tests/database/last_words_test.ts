import { assertEquals } from "@std/assert";
import { readLastWords } from "../../src/database/last_words.ts";

/** A message of the server: its letter, its length, and what is in it. */
function message(letter: string, body: string): Uint8Array {
  const bytes = new TextEncoder().encode(body);
  const whole = new Uint8Array(5 + bytes.length);
  whole[0] = letter.charCodeAt(0);
  new DataView(whole.buffer).setUint32(1, 4 + bytes.length);
  whole.set(bytes, 5);
  return whole;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

const FATAL = message("E", "SFATAL\0VFATAL\0C57P01\0Mé: it ends\0Dwhy\0Fx.c\0\0");

Deno.test("readLastWords() reads what ended a session, also behind other messages and a part of one", () => {
  const said = { severity: "FATAL", code: "57P01", detail: "why" };
  const row = message("D", "EEEE\0\0\0");
  const notice = message("N", "SNOTICE\0VNOTICE\0C00000\0Mno\0\0");
  for (const bytes of [FATAL, joined(row, FATAL), joined(row.subarray(4), notice, FATAL)]) {
    const error = readLastWords(bytes);
    assertEquals([error?.message, { ...error }], ["é: it ends", said]);
  }
});

Deno.test("readLastWords() tells nothing where the server said nothing, or went on", () => {
  const error = message("E", "SERROR\0VERROR\0C42601\0Mno\0\0");
  const ready = message("Z", "E");
  for (const bytes of [new Uint8Array(), error, ready, joined(FATAL, ready), FATAL.subarray(0, 20), message("E", "")]) {
    assertEquals(readLastWords(bytes), undefined);
  }
});
