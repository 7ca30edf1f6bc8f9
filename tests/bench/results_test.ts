import { assertEquals } from "@std/assert";
import { mergeResults } from "../../bench/results.ts";
import { measurement, SAMPLE } from "./sample_results.ts";

const later = {
  ...SAMPLE,
  commands: ["deno task bench --only W1 --keep"],
  machine: { ...SAMPLE.machine, storage: { memory: "/dev/shm, tmpfs" }, roundTripMs: {} },
  participants: SAMPLE.participants.slice(0, 1),
  absent: {},
  measurements: [measurement("W1", "psql", [50])],
  wire: [],
};

Deno.test("mergeResults() replaces a whole table: ratios across runs would mean nothing", () => {
  const { measurements } = mergeResults(SAMPLE, later);
  const first = measurements.filter(({ workload, storage }) => workload === "W1" && storage === "memory");
  assertEquals(first, [measurement("W1", "psql", [50])]);
  assertEquals(measurements.length, SAMPLE.measurements.length - 3);
});

Deno.test("mergeResults() keeps what was not measured again: tables, counts, contenders, facts, commands", () => {
  const merged = mergeResults(SAMPLE, later);
  assertEquals(merged.wire, SAMPLE.wire);
  assertEquals(merged.machine, SAMPLE.machine);
  assertEquals(merged.commands, [...SAMPLE.commands, ...later.commands]);
  assertEquals(merged.participants.map(({ name }) => name), SAMPLE.participants.map(({ name }) => name));
  assertEquals(merged.absent, SAMPLE.absent);
});

Deno.test("mergeResults() forgets that a contender was absent once it is there", () => {
  const [psql] = SAMPLE.participants;
  const merged = mergeResults(SAMPLE, { ...later, participants: [{ ...psql!, name: "sqitch" }] });
  assertEquals(merged.absent, {});
});
