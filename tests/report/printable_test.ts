import { assertEquals } from "@std/assert";
import { oneLine, printable } from "../../src/report/printable.ts";

Deno.test("printable() spells out control characters and keeps tabs and line feeds", () => {
  assertEquals(printable("a\x1b[31mb\tc\nd\r\ne\u009b"), "a\\x1b[31mb\tc\nd\ne\\x9b");
});

Deno.test("oneLine() joins lines", () => {
  assertEquals(oneLine("  a\n  b\tc "), "a b c");
});
