import { assertEquals } from "@std/assert";
import { decodeIdentifier, decodeLiteral } from "../../src/core/literal.ts";

Deno.test("decodeIdentifier() folds what is not quoted, letters of ASCII only", () => {
  assertEquals(decodeIdentifier("Users"), "users");
  assertEquals(decodeIdentifier("ÄB"), "Äb");
  assertEquals(decodeIdentifier('"Us""ers"'), 'Us"ers');
  assertEquals(decodeIdentifier('U&"\\0041\\+01F418\\\\"'), "A🐘\\");
});

Deno.test("decodeIdentifier() cuts names to 63 bytes and never inside a character", () => {
  assertEquals(decodeIdentifier("a".repeat(70)), "a".repeat(63));
  assertEquals(decodeIdentifier(`"${"a".repeat(62)}é"`), "a".repeat(62));
  assertEquals(decodeIdentifier(`"${"é".repeat(32)}"`), "é".repeat(31));
  assertEquals(decodeIdentifier(`"${"a".repeat(61)}🐘"`), "a".repeat(61));
});

Deno.test("decodeLiteral() reads a literal of megabytes and a gap of megabytes", () => {
  const long = "a''".repeat(4_000_000);
  assertEquals(decodeLiteral(`'${long}'`).length, 8_000_000);
  assertEquals(decodeLiteral(`E'${"\\'".repeat(4_000_000)}'`).length, 4_000_000);
  assertEquals(decodeLiteral(`'a'${"\n-- '\n ".repeat(2_000_000)}'b'`), "ab");
});

Deno.test("decodeLiteral() finds the text of every form", () => {
  assertEquals(decodeLiteral("'a''b\\'"), "a'b\\");
  assertEquals(decodeLiteral("'a' -- c\n 'b'"), "ab");
  assertEquals(decodeLiteral("$t$a'$$b$t$"), "a'$$b");
  assertEquals(decodeLiteral("$$$$"), "");
  assertEquals(decodeLiteral("N'a'"), "a");
  assertEquals(decodeLiteral("E'a\\'b\\n\\t\\\\\\x41\\101\\u0041\\U0001F418\\q'\n'\\''"), "a'b\n\t\\AAA🐘q'");
  assertEquals(decodeLiteral("E'\\UFFFFFFFF'"), "\ufffd");
  assertEquals(decodeLiteral("U&'\\0041''\\+01F418\\\\'"), "A'🐘\\");
  assertEquals(decodeLiteral("X'1F'"), "1F");
});
