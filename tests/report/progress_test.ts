import { assertEquals } from "@std/assert";
import type { EventBody, MigrationEvent } from "../../src/core/event.ts";
import { formatEvent, formatRunning, type Verbosity } from "../../src/report/progress.ts";
import { plainStyle } from "../../src/report/style.ts";

function lines(body: EventBody, verbosity: Verbosity = "normal"): string[] {
  const event: MigrationEvent = { db: "main", at: "2026-01-02T03:04:05.678Z", ...body };
  return formatEvent(event, { style: plainStyle, verbosity, commandLine: (words) => `tool ${words}`, nameWidth: 10 });
}

Deno.test("formatEvent() prints a line per finished migration, with its time in a column", () => {
  assertEquals(lines({ type: "migration:done", name: "001_roles", direction: "up", durationMs: 12 }), [
    "✓ 001_roles   12.0 ms",
  ]);
  assertEquals(lines({ type: "migration:done", name: "001_roles", direction: "down", durationMs: 1200 }), [
    "✓ 001_roles   rolled back, 1.2 s",
  ]);
  assertEquals(
    lines({ type: "migration:failed", name: "002_x", direction: "up", code: "SQL_FAILED", message: "no" }),
    ["✗ 002_x       failed"],
  );
});

Deno.test("formatEvent() says what a run waits for", () => {
  const holder = {
    pid: 7,
    user: "bob",
    application: "metapg",
    host: null,
    since: "2026-01-02T03:04:05Z",
    query: `SELECT\n${"x".repeat(80)}`,
  };
  const retry: EventBody = {
    type: "migration:retry",
    name: "002_x",
    direction: "up",
    attempt: 1,
    delayMs: 250,
    sqlstate: "55P03",
    message: "canceling statement due to lock timeout",
    blockers: [],
  };
  assertEquals(lines(retry), [
    "… 002_x: canceling statement due to lock timeout; trying again in 250.0 ms (try 2)",
  ]);
  assertEquals(lines({ ...retry, blockers: [holder] }), [
    `… 002_x: canceling statement due to lock timeout, blocked by pid 7 (user bob, application metapg): SELECT ${
      "x".repeat(52)
    }…; trying again in 250.0 ms (try 2)`,
  ]);
  const hidden = { ...holder, application: "", query: null };
  assertEquals(lines({ ...retry, blockers: [hidden, holder, holder] }), [
    "… 002_x: canceling statement due to lock timeout, blocked by pid 7 (user bob) and 2 more; trying again in 250.0 ms (try 2)",
  ]);
  assertEquals(lines({ type: "lock:wait", holder, waitedMs: 0 }), [
    `… waiting for another run: pid 7 (user bob, application metapg, since 2026-01-02T03:04:05Z, query SELECT ${
      "x".repeat(52)
    }…)`,
  ]);
  assertEquals(lines({ type: "lock:wait", holder: null, waitedMs: 0 }), [
    "… waiting for another run: its session is not known",
  ]);
});

Deno.test("formatEvent() shows notices and warnings, and debug notices only when verbose", () => {
  const notice = (severity: string): EventBody => ({
    type: "notice",
    severity,
    sqlstate: "00000",
    message: "one\ntwo\x07",
    name: "001_x",
  });
  assertEquals(lines(notice("NOTICE")), ["  NOTICE: one\n  two\\x07"]);
  assertEquals(lines(notice("DEBUG")), []);
  assertEquals(lines(notice("DEBUG"), "verbose"), ["  DEBUG: one\n  two\\x07"]);
  const problem = { code: "late", severity: "warning", message: "Late", hint: "Renumber it, or run repair" } as const;
  assertEquals(lines({ type: "warning", problem }), ["! Late (warning)", "  Renumber it, or run tool repair"]);
});

Deno.test("formatEvent() counts units only when verbose and is silent when quiet", () => {
  const unit: EventBody = { type: "unit:done", name: "003_x", direction: "up", unit: 2, units: 3, durationMs: 5 };
  assertEquals(lines(unit), []);
  assertEquals(lines(unit, "verbose"), ["  003_x: unit 2 of 3, 5.0 ms"]);
  assertEquals(lines({ type: "migration:done", name: "001_x", direction: "up", durationMs: 1 }, "quiet"), []);
});

Deno.test("formatRunning() tells name, time, place and unit", () => {
  const running = { name: "001_x", index: 1, total: 3, elapsedMs: 1500 };
  assertEquals(formatRunning(running, plainStyle), "• 001_x  1.5 s (1 of 3)");
  assertEquals(
    formatRunning({ ...running, unit: { done: 2, of: 4 } }, plainStyle, 7),
    "• 001_x    1.5 s (1 of 3, unit 2 of 4)",
  );
});
