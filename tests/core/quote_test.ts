import { assertEquals } from "@std/assert";
import { quoteArray, quoteIdentifier, quoteLiteral, quoteNullable } from "../../src/core/quote.ts";

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
