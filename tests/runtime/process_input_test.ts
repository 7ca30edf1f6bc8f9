import { assertEquals } from "@std/assert";
import { PassThrough } from "node:stream";
import { processInput } from "../../src/runtime/process_input.ts";

Deno.test("processInput() gives each question a line, also of lines that came at once", async () => {
  const stdin = new PassThrough();
  let asked = "";
  const input = processInput(() => stdin, { write: (text) => void (asked += text), isTerminal: false, columns: 80 });
  stdin.write("one\r\ntwo\nthr");
  assertEquals([await input.ask("1? "), await input.ask("2? ")], ["one", "two"]);
  const third = input.ask("3? ");
  stdin.write("ee\n");
  assertEquals(await third, "three");
  const fourth = input.ask("4? ");
  stdin.end();
  assertEquals([await fourth, await input.ask("5? ")], [undefined, undefined]);
  assertEquals([asked, input.isTerminal], ["1? 2? 3? 4? 5? ", false]);
});
