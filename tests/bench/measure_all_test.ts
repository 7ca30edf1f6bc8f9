import { assertEquals } from "@std/assert";
import { CONTENDERS } from "../../bench/contender_list.ts";
import { generateMigrations } from "../../bench/generated_sql.ts";
import { conditionsOf } from "../../bench/measure_all.ts";
import { pickContenders } from "../../bench/team.ts";
import { roundsOf, WORKLOADS } from "../../bench/workload.ts";

const [W1, W3] = ["W1", "W3"].map((id) => WORKLOADS.find((workload) => workload.id === id)!);

Deno.test("conditionsOf() takes those of the servers and modes that are there", () => {
  assertEquals(conditionsOf(W1!, ["memory", "disk"], ["wait"]), [
    { storage: "memory", commit: "wait" },
    { storage: "disk", commit: "wait" },
  ]);
  assertEquals(conditionsOf(W3!, ["memory", "disk"], ["wait", "async"]), [{ storage: "memory", commit: "wait" }]);
});

Deno.test("conditionsOf() takes the disk for a workload in memory where there is no such server", () => {
  assertEquals(conditionsOf(W3!, ["disk"], ["wait", "async"]), [{ storage: "disk", commit: "wait" }]);
});

Deno.test("roundsOf() runs half as often under other conditions than the first", () => {
  const [variant] = W1!.variants;
  const rounds = conditionsOf(W1!, ["memory", "disk"], ["wait"]).map((one) => roundsOf(W1!, variant!, one));
  assertEquals(rounds, [7, 4]);
  assertEquals(roundsOf(W3!, W3!.variants[0]!, { storage: "disk", commit: "wait" }), W3!.variants[0]!.rounds);
});

Deno.test("pickContenders() adds what the chosen ones are compared with", () => {
  const names = (chosen?: readonly string[]) => pickContenders(CONTENDERS, chosen).map(({ name }) => name);
  assertEquals(names(["node", "dbmate"]), ["psql", "script-node", "node", "dbmate"]);
  assertEquals(names(), CONTENDERS.map(({ name }) => name));
});

Deno.test("every contender has a name of its own", () => {
  assertEquals(new Set(CONTENDERS.map(({ name }) => name)).size, CONTENDERS.length);
});

Deno.test("generateMigrations() makes a table and an index each, and names that sort as their numbers do", () => {
  const migrations = generateMigrations(10_000);
  const names = migrations.map(({ version, description }) => `${version}_${description}`);
  assertEquals(names.toSorted(), names);
  assertEquals(migrations[99], {
    number: 100,
    version: "00100",
    description: "create_item_00100",
    up: [
      "CREATE TABLE item_00100 (id bigint PRIMARY KEY, name text NOT NULL, created_at timestamptz NOT NULL DEFAULT now())",
      "CREATE INDEX item_00100_name ON item_00100 (name)",
    ],
    down: ["DROP TABLE item_00100"],
  });
});
