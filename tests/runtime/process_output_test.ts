import { assertEquals } from "@std/assert";
import { type NodeOutput, ProcessOutput } from "../../src/runtime/process_output.ts";

function stream(
  isTTY = true,
): NodeOutput & { readonly written: string[]; readonly callbacks: (() => void)[]; fail(): void } {
  const written: string[] = [];
  const callbacks: (() => void)[] = [];
  let listener: (error: unknown) => void = () => {};
  return {
    written,
    callbacks,
    isTTY,
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

Deno.test("ProcessOutput.gather() writes together what comes within a moment where nobody watches", async () => {
  const made = stream(false);
  const output = new ProcessOutput(made);
  output.gather();
  output.write("a\n");
  output.write("b\n");
  assertEquals(made.written, []);
  while (made.written.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  output.write("c\n");
  const flushed = output.flush();
  assertEquals(made.written, ["a\nb\n", "c\n"]);
  for (const called of made.callbacks) called();
  await flushed;
});

Deno.test("ProcessOutput.pair() keeps the order of both streams", () => {
  const written: string[] = [];
  const named = (name: string): NodeOutput => ({ write: (text) => written.push(name + text) > 0, on: () => {} });
  const { stdout, stderr } = ProcessOutput.pair(named("out "), named("err "));
  stdout.write("0");
  stderr.gather();
  stderr.write("1");
  stderr.write("2");
  stdout.write("3");
  stderr.write("4");
  stderr.release();
  assertEquals(written, ["out 0", "err 12", "out 3", "err 4"]);
});

Deno.test("ProcessOutput.gather() leaves a terminal as it is", () => {
  const made = stream();
  const output = new ProcessOutput(made);
  output.gather();
  output.write("a\n");
  output.write("b\n");
  assertEquals(made.written, ["a\n", "b\n"]);
});

Deno.test("ProcessOutput tells why what was written is lost, but not of a reader that went away", async () => {
  for (const [code, loss] of [["ENOSPC", "no space"], ["EPIPE", undefined]] as const) {
    const error = Object.assign(new Error("no space"), { code });
    const late = new ProcessOutput({ write: (_, done) => (done?.(error), true), on: () => {} });
    const atOnce = new ProcessOutput({
      write: () => {
        throw error;
      },
      on: () => {},
    });
    for (const output of [late, atOnce]) {
      output.write("a");
      await output.flush();
      output.write("b");
      assertEquals(output.loss, loss);
    }
  }
});
