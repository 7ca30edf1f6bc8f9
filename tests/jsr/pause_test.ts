import { assertEquals, assertRejects } from "@std/assert";
import { FakeTime } from "@std/testing/time";
import { MigrationError } from "../../src/core/error.ts";
import { pause } from "../../src/runner/pause.ts";

Deno.test("pause() ends when the time is up and not before", async () => {
  using time = new FakeTime();
  let over = false;
  const waiting = pause(1_000, undefined).then(() => over = true);
  await time.tickAsync(999);
  assertEquals(over, false);
  await time.tickAsync(1);
  assertEquals(over, true);
  await waiting;
});

Deno.test("pause() ends at once when it is aborted", async () => {
  using _time = new FakeTime();
  const controller = new AbortController();
  const waiting = pause(1_000, controller.signal);
  controller.abort();
  assertEquals((await assertRejects(() => waiting, MigrationError)).code, "ABORTED");
});
