import { assert, assertEquals } from "@std/assert";
import { canWatchMemory } from "../../bench/peak_memory.ts";
import { runTimed } from "../../bench/timed_process.ts";

const OPTIONS = { cwd: "/", timeoutMs: 20_000, measures: "time" } as const;
const sh = (script: string) => ({ program: "sh", args: ["-c", script] });

Deno.test("runTimed() takes the time from the start of a process to its end", async () => {
  const { ms, failed } = await runTimed(sh("sleep 0.2"), OPTIONS);
  assertEquals(failed, undefined);
  assert(ms >= 200 && ms < 5_000, `${ms} ms`);
});

Deno.test("runTimed() adds up the runs of a command that is run several times", async () => {
  const { ms } = await runTimed({ ...sh("sleep 0.1"), times: 3 }, OPTIONS);
  assert(ms >= 300, `${ms} ms`);
});

Deno.test("runTimed() says how a process failed, in one line", async () => {
  const { failed } = await runTimed(sh("echo first; printf 'wrong\\n  here\\n' >&2; exit 7"), OPTIONS);
  assertEquals(failed, "exit 7: wrong here");
});

Deno.test("runTimed() finds the line that names the error above a stack trace", async () => {
  const { failed } = await runTimed(
    sh("printf 'start\\nerror: out of shared memory\\n    at f (g.js:1)\\n' >&2; exit 1"),
    OPTIONS,
  );
  assertEquals(failed, "exit 1: error: out of shared memory");
});

Deno.test("runTimed() ends a process that takes too long", async () => {
  const { ms, failed } = await runTimed({ program: "sleep", args: ["30"] }, { ...OPTIONS, timeoutMs: 1_000 });
  assertEquals(failed, "longer than 1 s");
  assert(ms < 20_000, `${ms} ms`);
});

Deno.test("runTimed() gives the environment of the command and of its caller", async () => {
  const script = sh('test "$A$B" = 12');
  const { failed } = await runTimed({ ...script, env: { B: "2" } }, { ...OPTIONS, env: { A: "1" } });
  assertEquals(failed, undefined);
});

Deno.test({
  name: "runTimed() sees the peak memory of a process and its children, also when it was given back",
  ignore: !canWatchMemory(),
  fn: async () => {
    const script = sh("dd if=/dev/zero of=/dev/null bs=60M count=4 2>/dev/null; sleep 0.1");
    const { peakMb } = await runTimed(script, { ...OPTIONS, measures: "memory" });
    assert(peakMb !== undefined && peakMb > 60 && peakMb < 90, `${peakMb} MB`);
  },
});
