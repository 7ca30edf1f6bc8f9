import { assertEquals } from "@std/assert";
import { sum, tallyOf } from "../../scripts/tally.ts";

Deno.test("tallyOf() counts a check as one test", () => {
  assertEquals(tallyOf(0), { passed: 1, failed: 0, complaints: [] });
  assertEquals(tallyOf(2), { passed: 0, failed: 1, complaints: ["Exited with 2"] });
});

Deno.test("sum() adds up", () => {
  const tallies = [{ passed: 1, failed: 2, complaints: ["a", "b"] }, { passed: 3, failed: 1, complaints: ["c"] }];
  assertEquals(sum(tallies), { passed: 4, failed: 3, complaints: ["a", "b", "c"] });
  assertEquals(sum([]), { passed: 0, failed: 0, complaints: [] });
});
