import { assertEquals } from "@std/assert";
import { quoteArray, quoteIdentifier, quoteLiteral, quoteNullable, quoteSource } from "../../src/core/quote.ts";

Deno.test("quoteLiteral() doubles quotes and backslashes", () => {
  assertEquals(quoteLiteral("O'Reilly \\ co"), "E'O''Reilly \\\\ co'");
});

Deno.test("quoteNullable() writes NULL for nothing", () => {
  assertEquals([quoteNullable(null), quoteNullable(undefined), quoteNullable("")], ["NULL", "NULL", "E''"]);
});

Deno.test("quoteArray() writes an array with a type, so that an empty one has one", () => {
  assertEquals(quoteArray([]), "ARRAY[]::pg_catalog.text[]");
  assertEquals(quoteArray(["a", "b'"]), "ARRAY[E'a', E'b''']::pg_catalog.text[]");
});

Deno.test("quoteIdentifier() doubles double quotes", () => {
  assertEquals(quoteIdentifier('we"ird'), '"we""ird"');
});

Deno.test("quoteSource() holds no delimiter of a function's body", () => {
  assertEquals(quoteSource("AS $$ 'a\\b' $$"), "E'AS \\x24\\x24 \\x27a\\\\b\\x27 \\x24\\x24'");
});
