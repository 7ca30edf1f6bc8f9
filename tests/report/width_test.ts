import { assertEquals } from "@std/assert";
import { displayWidth, pad, truncate } from "../../src/report/width.ts";

Deno.test("displayWidth() counts columns, not code units", () => {
  assertEquals(displayWidth("abc"), 3);
  assertEquals(displayWidth("é"), 1);
  assertEquals(displayWidth("e\u0301"), 1);
  assertEquals(displayWidth("日本"), 4);
  assertEquals(displayWidth("🐘"), 2);
  assertEquals(displayWidth("─│"), 2);
});

Deno.test("pad() fills by columns on either side and leaves what is longer", () => {
  assertEquals(pad("日", 4), "日  ");
  assertEquals(pad("7", 3, "right"), "  7");
  assertEquals(pad("long", 2), "long");
});

Deno.test("truncate() cuts to the columns that there are", () => {
  assertEquals(truncate("abcdef", 6), "abcdef");
  assertEquals(truncate("abcdef", 4), "abc…");
  assertEquals(truncate("日本語", 5), "日本…");
});
