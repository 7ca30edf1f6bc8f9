import { assertEquals } from "@std/assert";
import { assertSpyCalls, spy } from "@std/testing/mock";
import { FakeTime } from "@std/testing/time";
import type { MigrationEvent } from "../../src/core/event.ts";
import { emitter } from "../../src/runner/emit.ts";

Deno.test("emitter() stamps an event once and hands it to every sink, also after one that throws", () => {
  using _time = new FakeTime("2026-01-02T03:04:05.678Z");
  const broken = spy((_event: MigrationEvent) => {
    throw new Error("A bug of the caller");
  });
  const sound = spy((_event: MigrationEvent) => {});
  emitter("default", [broken, undefined, sound])({ type: "lock:got", waitedMs: 7 });
  assertSpyCalls(broken, 1);
  assertSpyCalls(sound, 1);
  assertEquals(sound.calls[0]?.args[0], {
    type: "lock:got",
    waitedMs: 7,
    db: "default",
    at: "2026-01-02T03:04:05.678Z",
  });
});
