import { assertEquals } from "@std/assert";
import { describeFaults, type FaultContext } from "../../src/core/fault.ts";
import { orderMigrations } from "../../src/core/graph.ts";
import type { FileOutline } from "../../src/core/migration_fields.ts";
import { file } from "./history_fixture.ts";

const OLDER = "It is older than every file here: it must be applied in the database already";
const NOWHERE = "There is no file of that name, and none was applied";

function describe(files: readonly FileOutline[], context: FaultContext) {
  return describeFaults(orderMigrations(files).faults, context);
}

Deno.test("describeFaults() only warns of a dependency below the lowest file when no history is at hand", async () => {
  const squashed = await file("010_x", undefined, "-- Depends: 003_old, 011_typo");
  const problems = describe([squashed], { names: ["012_typo"], lowest: 10 });
  assertEquals(problems.map(({ severity, hint }) => [severity, hint]), [
    ["warning", OLDER],
    ["error", 'Did you mean "012_typo"?'],
  ]);
});

Deno.test("describeFaults() never takes a migration's own name for what it meant", async () => {
  const files = await Promise.all(
    ["001_role", "002_role"].map((name) => file(name, undefined, "-- Depends: 009_role")),
  );
  const hints = describe(files, { names: files.map(({ name }) => name) }).map(({ hint }) => hint);
  assertEquals(hints, ['Did you mean "002_role"?', 'Did you mean "001_role"?']);
});

Deno.test("describeFaults() places each of very many dependencies, and reads the file once for all", () => {
  const count = 5_000;
  const dependencies = Array.from({ length: count }, (_, index) => `${10_000 + index}_x`);
  let reads = 0;
  const node = {
    name: "001_all",
    version: 1,
    path: "001_all.sql",
    dependencies,
    get text() {
      reads++;
      return `-- All\n-- Depends: ${dependencies.join(", ")}\nSELECT 1;\n`;
    },
  };
  const problems = describe([node], { names: [] });
  assertEquals([problems.length, reads < 10], [count, true]);
  assertEquals([problems[0]?.line, problems[0]?.column], [2, 13]);
  assertEquals([problems.at(-1)?.line, problems.at(-1)?.column], [2, 13 + (count - 1) * "10000_x, ".length]);
});

Deno.test("describeFaults() compares only the first of very many unknown names with those that there are", () => {
  const nodes = Array.from({ length: 40 }, (_, index) => ({
    name: `${100 + index}_x`,
    version: 100 + index,
    path: "x.sql",
    text: "",
    dependencies: [`${500 + index}_table`],
  }));
  const names = nodes.map((_, index) => `${600 + index}_table`);
  const hints = describe(nodes, { names }).map(({ hint }) => hint);
  assertEquals(hints.map((hint) => hint?.startsWith("Did you mean")), nodes.map((_, index) => index < 20));
  assertEquals(hints.at(-1), NOWHERE);
});
