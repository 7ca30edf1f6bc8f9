import { assertEquals, assertMatch } from "@std/assert";
import { Screen } from "../../src/cli/screen.ts";
import { memoryHost } from "../support/memory_host.ts";
import { project, steady } from "./project.ts";

const ESCAPE = "\x1b";

Deno.test("main() has colours on a terminal only, and never with NO_COLOR, TERM=dumb or --no-color", async () => {
  const { run, runWith } = await project();
  assertEquals((await run("status")).out.includes(ESCAPE), false);
  assertEquals((await runWith({ terminal: true }, "status")).out.includes(ESCAPE), true);
  assertEquals((await runWith({ terminal: true }, "status", "--no-color")).out.includes(ESCAPE), false);
  assertEquals((await runWith({ terminal: true, env: { NO_COLOR: "1" } }, "status")).out.includes(ESCAPE), false);
  assertEquals((await runWith({ terminal: true, env: { NO_COLOR: "" } }, "status")).out.includes(ESCAPE), true);
  assertEquals((await runWith({ terminal: true, env: { TERM: "dumb" } }, "status")).out.includes(ESCAPE), false);
});

Deno.test("main() -q prints only results and errors", async () => {
  const { run } = await project({ "migrations/default/001_a.sql": "DO $$ BEGIN RAISE NOTICE 'hello'; END $$;\n" });
  assertEquals(await run("up", "-q"), { code: 0, out: "", err: "" });
  assertMatch((await run("status", "-q")).out, /^default: 1 applied/);
  assertEquals((await run("lock", "status", "-q")).out, "The lock is free\n");
  assertMatch((await run("down", "-q")).err, /^Error: /);
});

Deno.test("main() shows notices of the server, and counts units with -v", async () => {
  const { run } = await project({
    "migrations/default/001_a.sql": "DO $$ BEGIN RAISE NOTICE 'hello'; END $$;\n",
    "migrations/default/002_b.sql": "-- Transaction: none\nSELECT 1;\nSELECT 2;\n",
  });
  assertEquals((await run("up", "1")).err.includes("  NOTICE: hello\n"), true);
  const { err } = await run("up", "-v");
  assertEquals(steady(err), "  002_b: unit 1 of 2,  T ms\n  002_b: unit 2 of 2,  T ms\n✓ 002_b  T ms\n");
});

Deno.test("main() --ndjson prints events and then the result", async () => {
  const { run } = await project();
  const { code, out, err } = await run("up", "1", "--ndjson");
  assertEquals([code, err], [0, ""]);
  const lines = out.trimEnd().split("\n").map((line) => JSON.parse(line));
  assertEquals(lines.map(({ type }) => type), [
    "run:start",
    "migration:start",
    "migration:done",
    "run:done",
    "result",
  ]);
  assertEquals(lines.slice(0, -1).every(({ db, at }) => db === "default" && /Z$/.test(at)), true);
  const { format, command, exitCode, databases } = lines.at(-1);
  assertEquals([format, command, exitCode, databases[0].done[0].name], [1, "up", 0, "001_roles"]);
});

Deno.test("Screen keeps the live line below what is written", () => {
  const host = memoryHost();
  const screen = new Screen(host);
  screen.live("working");
  screen.err("note\n");
  screen.live("working");
  screen.live("");
  screen.out("result\n");
  const clear = "\r\x1b[2K";
  assertEquals(host.err, `working${clear}note\nworking${clear}`);
  assertEquals(host.out, "result\n");
});
