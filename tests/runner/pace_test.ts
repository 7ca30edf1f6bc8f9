import { assertEquals } from "@std/assert";
import { Pace } from "../../src/runner/pace.ts";
import { step } from "../support/step.ts";

const FLIGHT = { steps: [await step("001_a", "SELECT 1;")] };

/** How many are on their way at most, after some that took the server so long. */
function depth(durationsMs: readonly number[], left = 100, pipeline = true): number {
  const pace = new Pace({ roundTripMs: 0.2, pipeline });
  for (const durationMs of durationsMs) pace.landed([{ name: "a", direction: "up", durationMs }], 0.2);
  let flights = 0;
  while (pace.hasRoom(Array(flights).fill(FLIGHT), left)) flights++;
  return flights;
}

Deno.test("Pace sends as many ahead as a near server does in 5 ms, but two at least and seven at most", () => {
  assertEquals([0.1, 0.7, 1, 1.5, 2.5, 19].map((durationMs) => depth([durationMs])), [8, 8, 6, 4, 3, 3]);
});

Deno.test("Pace sends nothing ahead before it knows how long one takes, of long ones, behind a pooler, or of a few", () => {
  assertEquals([depth([]), depth([21]), depth([1], 100, false), depth([1], 9)], [1, 1, 1, 1]);
});

Deno.test("Pace sends a migration ahead that is not long, for all that are sent ahead with it", async () => {
  const sends = async (length: number, durationMs: number) => {
    const pace = new Pace({ roundTripMs: 0.2, pipeline: true });
    pace.landed([{ name: "a", direction: "up", durationMs }], 0.2);
    const steps = [await step("001_a", `SELECT '${"a".repeat(length)}';`)];
    return pace.hasRoom([{ steps }], 100);
  };
  assertEquals([await sends(300_000, 4), await sends(400_000, 4)], [true, false]);
  assertEquals([await sends(100_000, 0.1), await sends(300_000, 0.1)], [true, false]);
});

Deno.test("Pace goes by the last that was done", () => {
  assertEquals([depth([0.1, 30]), depth([30, 0.1])], [1, 8]);
});
