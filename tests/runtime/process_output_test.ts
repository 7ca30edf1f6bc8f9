import { assertEquals } from "@std/assert";
import { type NodeOutput, ProcessOutput } from "../../src/runtime/process_output.ts";

function stream(): NodeOutput & { readonly written: string[]; readonly callbacks: (() => void)[]; fail(): void } {
  const written: string[] = [];
  const callbacks: (() => void)[] = [];
  let listener: (error: unknown) => void = () => {};
  return {
    written,
    callbacks,
    isTTY: true,
    columns: 120,
    write: (text, done) => {
      written.push(text);
      if (done !== undefined) callbacks.push(done);
      return true;
    },
    on: (_event, heard) => listener = heard,
    fail: () => listener(new Error("EPIPE")),
  };
}

async function isSettled(promise: Promise<void>): Promise<boolean> {
  return await Promise.race([
    promise.then(() => true),
    new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 5)),
  ]);
}

Deno.test("ProcessOutput waits until the last write has left", async () => {
  const made = stream();
  const output = new ProcessOutput(made);
  await output.flush();
  output.write("a");
  output.write("");
  output.write("b");
  const flushed = output.flush();
  made.callbacks[1]?.();
  assertEquals(await isSettled(flushed), false);
  made.callbacks[0]?.();
  assertEquals(await isSettled(flushed), true);
  assertEquals(made.written, ["a", "b"]);
});

Deno.test("ProcessOutput drops what nobody reads", async () => {
  const made = stream();
  const output = new ProcessOutput(made);
  output.write("a");
  const flushed = output.flush();
  made.fail();
  assertEquals(await isSettled(flushed), true);
  output.write("b");
  await output.flush();
  assertEquals(made.written, ["a"]);
});

Deno.test("ProcessOutput knows a terminal and its width", () => {
  const { isTerminal, columns } = new ProcessOutput(stream());
  assertEquals([isTerminal, columns], [true, 120]);
  const plain = new ProcessOutput({ write: () => true, on: () => {} });
  assertEquals([plain.isTerminal, plain.columns], [false, 80]);
});
