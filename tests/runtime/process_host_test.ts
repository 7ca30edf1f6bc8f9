import { assertEquals, assertRejects } from "@std/assert";
import process from "node:process";
import { MigrationError } from "../../src/core/error.ts";
import { readEnvironment } from "../../src/runtime/environment.ts";
import { processHost } from "../../src/runtime/process_host.ts";
import { type Outcome, programCommand, runCommand } from "../support/command.ts";

const PROGRAM = programCommand("process_host_program.ts", import.meta.url);

async function run(word: string, input = "", through = "cat"): Promise<Outcome> {
  const script =
    'input=$1 through=$2; shift 2; printf "%s" "$input" | "$@" | (sleep 0.3; $through); exit "${PIPESTATUS[1]}"';
  const args = ["-c", script, "bash", input, through, ...PROGRAM, word];
  return await runCommand("bash", args, { timeoutMs: 60_000, env: { GIVEN: "value" } });
}

Deno.test("processHost() joins the parts of the runtime", async () => {
  const host = processHost();
  host.stdout.write("");
  await host.flush();
  assertEquals(host.env("NO_SUCH_VARIABLE_SET"), undefined);
  assertEquals("Deno" in globalThis, process.versions.deno !== undefined);
  assertEquals(host.platform.packages, process.versions.deno === undefined ? "node" : "deno");
  assertEquals([host.absolutePath("a/../b"), host.absolutePath("/c")], [`${process.cwd()}/b`, "/c"]);
  await assertRejects(() => host.readTextFile("/no/such/file"), MigrationError);
  let heard = 0;
  const remove = host.onSignal("SIGTERM", () => heard++);
  process.kill(process.pid, "SIGTERM");
  while (heard === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  remove();
  assertEquals(heard, 1);
});

Deno.test("readEnvironment() reads a variable", () => {
  assertEquals(readEnvironment("PATH"), process.env.PATH);
});

Deno.test("runProcess() gives arguments and environment, and ends with the exit code", async () => {
  assertEquals(await run("arguments"), { code: 7, out: '["arguments"] value\n', err: "" });
});

Deno.test("runProcess() writes all before it ends, to a slow reader too", async () => {
  const { code, out, err } = await run("much");
  assertEquals([code, out.split("\n").length, err], [3, 200_001, "end\n"]);
});

Deno.test("runProcess() does not mind a reader that goes away", async () => {
  assertEquals(await run("much", "", "head -n 1"), { code: 3, out: "line 0\n", err: "end\n" });
});

Deno.test("runProcess() ends although something would keep the process alive", async () => {
  assertEquals((await run("forever")).code, 5);
});

Deno.test("processHost() asks on the error stream and reads line by line", async () => {
  assertEquals(await run("ask", "one\ntwo"), { code: 0, out: '["one","two",null] false\n', err: "1? 2? 3? " });
  assertEquals(await run("ask"), { code: 0, out: "[null,null,null] false\n", err: "1? 2? 3? " });
});

async function runInto(streams: string, word: string): Promise<Outcome> {
  const args = ["-c", `"$@" ${streams}`, "bash", ...PROGRAM, word];
  return await runCommand("bash", args, { timeoutMs: 60_000, env: { GIVEN: "value" } });
}

Deno.test("runProcess() says that results cannot be written, and does not end as if they were", async () => {
  const { code, err } = await runInto("> /dev/full", "success");
  assertEquals([code, /^end\nError: Cannot write the results: .*no space left on device/i.test(err)], [70, true], err);
  assertEquals((await runInto("> /dev/full", "arguments")).code, 7);
});

Deno.test("runProcess() goes on where nobody can be told how it goes", async () => {
  const told = { code: 0, out: "line 0\nline 1\nline 2\n", err: "" };
  assertEquals(await runInto("2> /dev/full", "success"), told);
  assertEquals(await runInto("2>&-", "success"), told);
  assertEquals(await runInto("> /dev/full 2> /dev/full", "success"), { code: 70, out: "", err: "" });
});
