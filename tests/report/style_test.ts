import { assertEquals } from "@std/assert";
import { ansiStyle, plainStyle } from "../../src/report/style.ts";

Deno.test("plainStyle leaves text as it is", () => {
  assertEquals(plainStyle.red("x"), "x");
});

Deno.test("ansiStyle opens and closes, and adds nothing to empty text", () => {
  assertEquals(ansiStyle.red("x"), "\x1b[31mx\x1b[39m");
  assertEquals(ansiStyle.bold(""), "");
});
