import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { startBenchServer } from "../../bench/bench_server.ts";
import type { Command, Contender } from "../../bench/contender.ts";
import { psql } from "../../bench/contenders/psql.ts";
import { metapg } from "../../bench/contenders/metapg.ts";
import { measureCell } from "../../bench/measure.ts";
import type { Measurement } from "../../bench/results.ts";
import { Stage } from "../../bench/stage.ts";
import { gatherTeam } from "../../bench/team.ts";
import { type Workload, WORKLOADS } from "../../bench/workload.ts";
import { withFolder } from "../support/folder.ts";

/** Says that all is well, or what is wrong, and does nothing. */
function idle(name: string, command: Command, home: string): Contender {
  const layOut = () => Promise.resolve();
  const prepared = { version: "1", home: `${home}/${name}`, layOut, command: () => command };
  return { name, kind: "peer", runtime: "native", how: "", prepare: () => Promise.resolve(prepared) };
}

/** Three migrations in place of hundreds. */
function small(id: string): Workload {
  const workload = WORKLOADS.find((one) => one.id === id)!;
  return { ...workload, variants: [{ name: "", count: 3, rounds: 2 }] };
}

Deno.test("measureCell() takes the time of what did its work, and no other", async () => {
  await withFolder(async (home) => {
    const absent: Contender = { ...psql, name: "absent", prepare: () => Promise.reject(new Error("it is not there")) };
    const liar = idle("liar", { program: "true", args: [] }, home);
    const broken = idle("broken", { program: "sh", args: ["-c", "echo no such thing >&2; exit 3"] }, home);
    const counter = idle("counter", { program: "sh", args: ["-c", `printf x >> ${home}/runs`] }, home);
    const deno = metapg.find(({ name }) => name === "deno")!;
    const team = await gatherTeam([psql, deno, liar, broken, counter, absent], () => {});
    assertEquals(team.absent.absent, "it is not there");
    const server = await startBenchServer("disk");
    try {
      const stage = new Stage(server, 30_000);
      const measure = async (id: string) => {
        const workload = small(id);
        const cell = { workload, variant: workload.variants[0]!, condition: workload.conditions[0]! };
        return await measureCell(stage, team.members, cell, { budgetMs: 60_000, say: () => {} });
      };
      const up = await measure("W1");
      assertWorked(
        up,
        team.members.map(({ contender }) => contender.name).filter((name) => !/liar|broken|counter/.test(name)),
      );
      assertEquals(failureOf(up, "liar"), "0 tables are there, not 3");
      assertStringIncludes(failureOf(up, "broken") ?? "", "exit 3: no such thing");
      assertWorked(await measure("W3"), ["deno"]);
      const down = await measure("W5");
      assertWorked(down, ["deno"]);
      assertStringIncludes(failureOf(down, "liar") ?? "", "Cannot apply 3 migrations first");
      await Deno.remove(`${home}/runs`);
      await measure("W6");
      assertEquals(await Deno.readTextFile(`${home}/runs`), "x".repeat(4), "two rounds, each once without the clock");
      await stage.clear();
    } finally {
      await server.stop();
    }
  });
});

function assertWorked(measurements: readonly Measurement[], names: readonly string[]): void {
  for (const name of names) {
    const { values, failed } = measurements.find(({ contender }) => contender === name)!;
    assertEquals(failed, undefined, name);
    assertEquals(values.length, 2);
    assert(values.every((value) => value !== null && value > 1), `${name}: ${values}`);
  }
}

function failureOf(measurements: readonly Measurement[], name: string): string | undefined {
  const { values, failed } = measurements.find(({ contender }) => contender === name)!;
  assert(values.every((value) => value === null), `${name}: ${values}`);
  return failed;
}
