import { assertEquals } from "@std/assert";
import { ratiosOf, spreadOf } from "../../bench/statistics.ts";

Deno.test("spreadOf() finds the middle of an odd number of values, in any order", () => {
  assertEquals(spreadOf([9, 1, 5]), { median: 5, low: 1, high: 9, count: 3 });
});

Deno.test("spreadOf() takes the mean of the two values in the middle of an even number", () => {
  assertEquals(spreadOf([10, 1, 4, 2]), { median: 3, low: 1, high: 10, count: 4 });
});

Deno.test("spreadOf() has nothing to say of no value", () => {
  assertEquals(spreadOf([]), undefined);
});

Deno.test("spreadOf() sorts by size, not by spelling", () => {
  assertEquals(spreadOf([100, 20, 3])?.median, 20);
});

Deno.test("ratiosOf() divides within a round: a slow round of both does not count", () => {
  assertEquals(ratiosOf([20, 2_000, 30], [10, 1_000, 10]), { median: 2, low: 2, high: 3, count: 3 });
});

Deno.test("ratiosOf() leaves out rounds that one of both did not run", () => {
  assertEquals(ratiosOf([20, null, 30, 7], [10, 10, null]), { median: 2, low: 2, high: 2, count: 1 });
});

Deno.test("ratiosOf() has nothing to say where no round has both", () => {
  assertEquals(ratiosOf([1, null], [null, 1]), undefined);
  assertEquals(ratiosOf([1], [0]), undefined);
});
