import { assertEquals } from "@std/assert";
import { describeRepair } from "../../src/report/repair.ts";

Deno.test("describeRepair() puts every change into words", () => {
  const [oldChecksum, newChecksum] = ["a".repeat(64), "b".repeat(64)];
  assertEquals(
    [
      { type: "accept", name: "001_a", oldChecksum, newChecksum } as const,
      { type: "rename", name: "001_a", newName: "001_b" } as const,
      { type: "forget", name: "001_a" } as const,
      { type: "unit-done", name: "001_a", unit: 2 } as const,
      { type: "unit-again", name: "001_a", unit: 2 } as const,
    ].map(describeRepair),
    [
      "accept 001_a as its file is: checksum aaaaaaaaaaaa becomes bbbbbbbbbbbb",
      "rename 001_a to 001_b",
      "forget 001_a: its row is deleted, what it did to the database stays",
      "count unit 2 of 001_a as done",
      "run unit 2 of 001_a again",
    ],
  );
});
