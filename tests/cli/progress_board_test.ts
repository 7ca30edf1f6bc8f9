import { assertEquals, assertMatch } from "@std/assert";
import { Output } from "../../src/cli/output.ts";
import { ProgressBoard } from "../../src/cli/progress_board.ts";
import type { EventBody } from "../../src/core/event.ts";
import { type MemoryHost, memoryHost } from "../support/memory_host.ts";

const START: EventBody = { type: "migration:start", name: "001_slow", direction: "up", index: 1, total: 2 };
const DONE: EventBody = { type: "migration:done", name: "001_slow", direction: "up", durationMs: 250 };

function board(host: MemoryHost, names: readonly string[], longMs?: number) {
  const made = new ProgressBoard(new Output(host, { color: false }), names, longMs);
  return {
    made,
    tell: (db: string, body: EventBody) => made.show({ db, at: "2026-01-02T03:04:05.678Z", ...body }),
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

Deno.test("ProgressBoard shows what runs on a terminal, and takes it away", async () => {
  const host = memoryHost({ terminal: true, columns: 24 });
  const { made, tell } = board(host, ["main"]);
  tell("main", START);
  await pause(350);
  const shown = host.err.split("\r\x1b[2K");
  assertMatch(shown.at(-1)!, /^• 001_slow {2}[\d.]+ m?s \(/);
  assertEquals(shown.filter((line) => [...line].length > 23), []);
  tell("main", { type: "unit:done", name: "001_slow", direction: "up", unit: 1, units: 3, durationMs: 1 });
  tell("main", DONE);
  made.close();
  assertEquals(host.err.split("\r\x1b[2K").at(-1), "✓ 001_slow  250.0 ms\n");
});

Deno.test("ProgressBoard prints plain lines where no person watches", async () => {
  const host = memoryHost();
  const { made, tell } = board(host, ["main"]);
  tell("main", START);
  await pause(150);
  tell("main", DONE);
  made.close();
  assertEquals(host.err, "✓ 001_slow  250.0 ms\n");
});

Deno.test("ProgressBoard names once what takes long where no person watches", async () => {
  const host = memoryHost();
  const { made, tell } = board(host, ["main"], 50);
  tell("main", START);
  await pause(200);
  assertMatch(host.err, /^• 001_slow {2}[\d.]+ ms \(1 of 2\)\n$/);
  tell("main", DONE);
  tell("main", { ...START, name: "002_next" });
  made.finish("main", () => {});
  await pause(100);
  made.close();
  assertMatch(host.err, /^• .*\n✓ 001_slow {2}250.0 ms\n$/);
  const several = memoryHost();
  const { made: both, tell: tellBoth } = board(several, ["app", "shop"], 20);
  tellBoth("app", START);
  await pause(100);
  both.close();
  assertMatch(several.err, /^app: • 001_slow {2}[\d.]+ ms \(1 of 2\)\n$/);
});

Deno.test("ProgressBoard lines the times up by the longest name of the run", () => {
  const host = memoryHost();
  const { made, tell } = board(host, ["main"]);
  const steps = ["001_slow", "002_a_longer_name"].map((name) => ({ name, direction: "up" as const }));
  tell("main", { type: "run:start", steps });
  tell("main", DONE);
  assertEquals(host.err, "✓ 001_slow           250.0 ms\n");
  assertEquals(made.planned("main"), steps);
});

Deno.test("ProgressBoard prints several databases in the order of their names", () => {
  const host = memoryHost();
  const { made, tell } = board(host, ["app", "shop"]);
  tell("shop", DONE);
  made.finish("shop", () => host.stderr.write("shop is done\n"));
  tell("app", DONE);
  assertEquals(host.err, "app: ✓ 001_slow  250.0 ms\n");
  made.finish("app", () => host.stderr.write("app is done\n"));
  assertEquals(host.err, "app: ✓ 001_slow  250.0 ms\napp is done\nshop: ✓ 001_slow  250.0 ms\nshop is done\n");
});

Deno.test("ProgressBoard remembers what a run has done", () => {
  const { made, tell } = board(memoryHost(), ["main"]);
  const done = [{ name: "001_slow", direction: "up" as const, durationMs: 250 }];
  tell("main", { type: "run:done", ok: false, done, durationMs: 251 });
  assertEquals([made.done("main"), made.done("other")], [done, []]);
});

Deno.test("ProgressBoard counts what another run did meanwhile among neither the done nor the left", () => {
  const { made, tell } = board(memoryHost(), ["main"]);
  const steps = ["000_theirs", "001_slow", "002_next"].map((name) => ({ name, direction: "up" as const }));
  tell("main", { type: "run:start", steps });
  tell("main", START);
  assertEquals(made.planned("main"), [{ ...steps[1]!, isBegun: true }, steps[2]!]);
});
