import { assertEquals, assertThrows } from "@std/assert";
import { readCount, readDuration, readList, readNumber, readUnit, readWait } from "../../src/cli/flag_values.ts";

Deno.test("readCount() and readNumber() read whole numbers", () => {
  assertEquals(readCount("12"), 12);
  assertEquals(readNumber("0"), 0);
  for (const bad of ["0", "-1", "1.5", "x", "", "1e3"]) {
    assertThrows(() => readCount(bad), Error, "whole number from 1");
  }
  for (const bad of ["-1", "x", ""]) assertThrows(() => readNumber(bad), Error, "whole number");
});

Deno.test("readDuration() and readWait() read durations, and readWait() also forever", () => {
  assertEquals(readDuration("3s"), 3000);
  assertEquals(readWait("5m"), 300_000);
  assertEquals(readWait("0"), 0);
  assertEquals(readWait("forever"), Infinity);
  assertThrows(() => readDuration("forever"), Error, "Expected a duration");
  assertThrows(() => readWait("5"), Error, "Expected a duration");
});

Deno.test("readUnit() reads a migration and the number of a unit", () => {
  assertEquals(readUnit("004_index:2"), { name: "004_index", unit: 2 });
  for (const bad of ["004_index", "004_index:0", ":1", "004_index:x"]) {
    assertThrows(() => readUnit(bad), Error, "NAME:N");
  }
});

Deno.test("readList() splits at commas", () => {
  assertEquals(readList("001_a, 002_b,,"), ["001_a", "002_b"]);
});
