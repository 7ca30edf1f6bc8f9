import { assertEquals, assertRejects } from "@std/assert";
import { MigrationError } from "../../src/core/error.ts";
import { readEnvironment } from "../../src/runtime/environment.ts";
import { processHost } from "../../src/runtime/process_host.ts";

const PROGRAM = new URL("./process_host_program.ts", import.meta.url).pathname;

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function run(word: string, input = "", through = "cat"): Promise<Outcome> {
  const script = 'printf "%s" "$1" | "$2" run -A --no-lock "$3" "$4" | (sleep 0.3; $5); exit "${PIPESTATUS[1]}"';
  const { code, stdout, stderr } = await new Deno.Command("bash", {
    args: ["-c", script, "bash", input, Deno.execPath(), PROGRAM, word, through],
    signal: AbortSignal.timeout(60_000),
    env: { GIVEN: "value" },
  }).output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, out: out!, err: err! };
}

Deno.test("processHost() joins the parts of the runtime", async () => {
  const host = processHost();
  host.stdout.write("");
  await host.flush();
  assertEquals(host.env("NO_SUCH_VARIABLE_SET"), undefined);
  assertEquals(host.platform.packages, "deno");
  assertEquals([host.absolutePath("a/../b"), host.absolutePath("/c")], [`${Deno.cwd()}/b`, "/c"]);
  await assertRejects(() => host.readTextFile("/no/such/file"), MigrationError);
  let heard = 0;
  const remove = host.onSignal("SIGTERM", () => heard++);
  Deno.kill(Deno.pid, "SIGTERM");
  while (heard === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  remove();
  assertEquals(heard, 1);
});

Deno.test("readEnvironment() reads a variable", () => {
  assertEquals(readEnvironment("PATH"), Deno.env.get("PATH"));
});

Deno.test("readEnvironment() takes a variable that it may not read for one that is not set", async () => {
  const module = new URL("../../src/runtime/environment.ts", import.meta.url).href;
  const program = `import { readEnvironment } from "${module}"; console.log(readEnvironment("PATH") ?? "none");`;
  const read = async (...permissions: readonly string[]) => {
    const main = `data:application/typescript,${encodeURIComponent(program)}`;
    const args = ["run", "--no-lock", "--no-prompt", "--allow-read", "--allow-import", ...permissions, main];
    const { stdout } = await new Deno.Command(Deno.execPath(), { args, env: { PATH: "/bin" } }).output();
    return new TextDecoder().decode(stdout);
  };
  assertEquals([await read("--allow-env"), await read()], ["/bin\n", "none\n"]);
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
