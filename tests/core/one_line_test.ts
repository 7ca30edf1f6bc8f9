import { assert, assertEquals } from "@std/assert";
import { oneLine } from "../../src/core/one_line.ts";

Deno.test("oneLine() makes one space of line breaks and the white space around them", () => {
  assertEquals(oneLine(" a  b \r\n\n\t c\rd\n"), "a  b c d");
  assertEquals(oneLine("\n"), "");
});

Deno.test("oneLine() reads a run of blanks once", () => {
  const start = performance.now();
  assertEquals(oneLine(`a${" ".repeat(1_000_000)}b`).length, 1_000_002);
  const ms = performance.now() - start;
  assert(ms < 5000, `${Math.round(ms)} ms`);
});
