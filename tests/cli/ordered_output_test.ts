import { assertEquals } from "@std/assert";
import { OrderedOutput } from "../../src/cli/ordered_output.ts";

Deno.test("OrderedOutput writes at once for the first, and for the others when their turn comes", () => {
  const written: string[] = [];
  const output = new OrderedOutput(["a", "b", "c"]);
  const write = (name: string, text: string) => output.push(name, () => written.push(text));
  write("b", "b1");
  write("a", "a1");
  write("c", "c1");
  assertEquals(written, ["a1"]);
  output.finish("c");
  write("a", "a2");
  output.finish("a");
  assertEquals(written, ["a1", "a2", "b1"]);
  write("b", "b2");
  output.finish("b");
  assertEquals(written, ["a1", "a2", "b1", "b2", "c1"]);
});
