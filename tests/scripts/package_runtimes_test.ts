import { assertEquals } from "@std/assert";
import { isGood, readResult, table } from "../../scripts/package_runtimes.ts";

const PRINTED = `Node 22.1.0, PGlite 0.5.16
Node 22.1.0 | library | PGlite | ok 3/3 | 12 ms
Node 22.1.0 | library | PostgreSQL | ok 3/3 | 3 ms
Node 22.1.0 | CLI | PGlite | ok 1/1 | 4 ms
Node 22.1.0 | CLI | PostgreSQL | ok 2/2 | 5 ms
`;

Deno.test("isGood() wants every cell, and the exit code 0", () => {
  assertEquals(isGood(readResult("Node 22", PRINTED, 0, "")), true);
  assertEquals(isGood(readResult("Node 22", PRINTED, 1, "")), false);
  assertEquals(isGood(readResult("Node 22", PRINTED.replace("ok 1/1", "FAILED: up"), 0, "")), false);
  assertEquals(isGood(readResult("Node 22", PRINTED.replace(/^.*CLI \| PGlite.*\n/m, ""), 0, "")), false);
  assertEquals(isGood(readResult("Node 22", "", 0, "")), false);
});

Deno.test("table() has a row for each runtime, also for one that did not start", () => {
  const results = [readResult("Node 22", PRINTED, 0, ""), readResult("Bun 1", "", 127, "not found")];
  assertEquals(
    table(results),
    `runtime     | library PGlite | library PostgreSQL | CLI PGlite   | CLI PostgreSQL
Node 22.1.0 | ok 3/3, 12 ms  | ok 3/3, 3 ms       | ok 1/1, 4 ms | ok 2/2, 5 ms
Bun 1       | not reached    | not reached        | not reached  | not reached`,
  );
});
