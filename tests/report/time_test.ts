import { assertEquals } from "@std/assert";
import { formatTime } from "../../src/report/time.ts";

Deno.test("formatTime() prints UTC to the second", () => {
  assertEquals(formatTime(new Date("2026-01-02T03:04:05.678Z")), "2026-01-02 03:04:05Z");
});
