import { assertEquals, assertRejects } from "@std/assert";
import process from "node:process";
import { MigrationError } from "../../src/core/error.ts";
import { runProgram } from "../../src/runtime/program.ts";

Deno.test("runProgram() gives what a program wrote and its exit code, and takes arguments as they are", async () => {
  const script = "console.log(process.argv.at(-1)); console.error('é'); process.exit(3)";
  const args = process.versions["deno"] === undefined
    ? ["-e", script]
    : ["eval", `import process from "node:process"; ${script}`];
  const end = await runProgram(process.execPath, [...args, "--", "a b; $HOME"]);
  assertEquals(end, { code: 3, stdout: "a b; $HOME\n", stderr: "é\n" });
});

Deno.test("runProgram() says that there is no such program", async () => {
  const error = await assertRejects(() => runProgram("metapg-no-such-program", []), MigrationError);
  assertEquals([error.code, error.message], [
    "CONFIG",
    'Cannot run "metapg-no-such-program": there is no such program',
  ]);
});
