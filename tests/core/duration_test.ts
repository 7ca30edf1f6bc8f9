import { assertEquals } from "@std/assert";
import { formatDuration, parseDuration } from "../../src/core/duration.ts";

Deno.test("parseDuration() reads whole numbers with a unit", () => {
  assertEquals(parseDuration("250ms"), 250);
  assertEquals(parseDuration("3s"), 3000);
  assertEquals(parseDuration("5m"), 300_000);
  assertEquals(parseDuration("1h"), 3_600_000);
  assertEquals(parseDuration("0"), 0);
  assertEquals(parseDuration("0s"), 0);
});

Deno.test("parseDuration() takes no other text", () => {
  for (const text of ["", "3", "3 s", "-3s", "1.5s", "3S", "1d", "s", " 3s", "3s\n", "1h30m", "1e3s", "forever"]) {
    assertEquals(parseDuration(text), undefined, text);
  }
});

Deno.test("parseDuration() takes no more than PostgreSQL can hold", () => {
  assertEquals(parseDuration("2147483647ms"), 2_147_483_647);
  assertEquals(parseDuration("2147483648ms"), undefined);
  assertEquals(parseDuration("597h"), undefined);
  assertEquals(parseDuration("9".repeat(400) + "s"), undefined);
});

Deno.test("formatDuration() names the two largest units", () => {
  const cases: readonly (readonly [number, string])[] = [
    [0, "0.0 ms"],
    [3.24, "3.2 ms"],
    [999.9, "999.9 ms"],
    [1420, "1.4 s"],
    [59_900, "59.9 s"],
    [60_000, "1 m 0 s"],
    [125_000, "2 m 5 s"],
    [3_600_000, "1 h 0 m"],
    [4_200_000, "1 h 10 m"],
    [90_000_000, "25 h 0 m"],
  ];
  for (const [ms, text] of cases) assertEquals(formatDuration(ms), text);
});

Deno.test("formatDuration() goes to the next unit where rounding does", () => {
  assertEquals(formatDuration(999.96), "1.0 s");
  assertEquals(formatDuration(59_960), "1 m 0 s");
  assertEquals(formatDuration(3_599_600), "1 h 0 m");
  assertEquals(formatDuration(7_199_000), "2 h 0 m");
});
