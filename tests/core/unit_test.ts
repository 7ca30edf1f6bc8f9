import { assertEquals } from "@std/assert";
import { splitUnits } from "../../src/core/unit.ts";

function units(sql: string, start = 0): [number, string, string, number][] {
  return splitUnits({ sql, start }).map(({ number, mode, section }) => [number, mode, section.sql, section.start]);
}

Deno.test("splitUnits() makes a unit of each statement", () => {
  assertEquals(units("CREATE TABLE a (); CREATE INDEX CONCURRENTLY i ON a (x);\nDO $$ BEGIN END $$", 100), [
    [1, "transaction", "CREATE TABLE a ()", 100],
    [2, "alone", "CREATE INDEX CONCURRENTLY i ON a (x)", 119],
    [3, "alone", "DO $$ BEGIN END $$", 157],
  ]);
});

Deno.test("splitUnits() makes one unit of a block", () => {
  assertEquals(units("BEGIN;\nSELECT 1; -- one\nSELECT 2;\nCOMMIT;\nVACUUM;"), [
    [1, "transaction", "SELECT 1; -- one\nSELECT 2", 7],
    [2, "alone", "VACUUM", 42],
  ]);
});

Deno.test("splitUnits() begins a block with its BEGIN", () => {
  const text = "BEGIN; COMMIT; BEGIN; SELECT 1; SELECT 2; COMMIT; VACUUM;";
  assertEquals(splitUnits({ sql: text, start: 10 }).map(({ start }) => text.slice(start - 10)), [
    "BEGIN; SELECT 1; SELECT 2; COMMIT; VACUUM;",
    "VACUUM;",
  ]);
});

Deno.test("splitUnits() drops an empty block", () => {
  assertEquals(units("BEGIN; COMMIT; SELECT 1;"), [[1, "transaction", "SELECT 1", 15]]);
});
