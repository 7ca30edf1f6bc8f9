/**
 * Results as a run would have found them.
 *
 * @module
 */

import type { Measurement, Participant, Results } from "../../bench/results.ts";

/** A contender that took part. */
function participant(name: string, kind: Participant["kind"], runtime: Participant["runtime"]): Participant {
  return { name, kind, runtime, how: `how ${name} is used`, version: "1.2.3" };
}

/** A measurement in memory, with commits that wait, unless it says otherwise. */
export function measurement(
  workload: string,
  contender: string,
  values: readonly (number | null)[],
  more: Partial<Measurement> = {},
): Measurement {
  return { workload, variant: "", storage: "memory", commit: "wait", contender, unit: "ms", values, ...more };
}

/** Three contenders, a floor of a runtime, one that failed, one that is absent. */
export const SAMPLE: Results = {
  format: 1,
  at: "2026-01-02T03:04:05.678Z",
  commands: ["deno task bench --only W1,W3"],
  machine: {
    system: "Linux 6.1",
    processor: "Model T",
    cores: 2,
    memoryGb: 8,
    postgres: "18.1",
    storage: { memory: "/dev/shm, tmpfs", disk: "/var/tmp, ext4" },
    roundTripMs: { "5 ms each way": 10.64 },
  },
  participants: [
    participant("psql", "floor", "native"),
    participant("script-node", "floor", "node"),
    participant("node", "ours", "node"),
    participant("slowtool", "peer", "node"),
    participant("liar", "peer", "native"),
  ],
  absent: { sqitch: "sqitch is not installed" },
  measurements: [
    measurement("W1", "liar", [null, null, null], { failed: "0 tables are there, not 100" }),
    measurement("W1", "slowtool", [9_000, null, null]),
    measurement("W1", "node", [150, 2_200, 120]),
    measurement("W1", "psql", [100, 2_000, 100]),
    measurement("W1", "psql", [400], { storage: "disk", commit: "async" }),
    measurement("W1", "node", [420], { storage: "disk", commit: "async" }),
    measurement("W3", "psql", [10]),
    measurement("W3", "script-node", [100]),
    measurement("W3", "node", [130]),
    measurement("W7", "psql", [5_500], { variant: "5 ms each way" }),
    measurement("W7", "node", [165], { variant: "5 ms each way" }),
    measurement("W9", "node", [200, 220], { variant: "100" }),
    measurement("W9", "node", [1_800], { variant: "1,000" }),
    measurement("W9", "node", [20_000], { variant: "10,000" }),
    measurement("W10", "node", [95.4], { variant: "1,000", unit: "MB" }),
  ],
  wire: [
    { contender: "psql", migrations: 100, roundTrips: 505, connections: 1, commits: 102, bytesSent: 25_600 },
    {
      contender: "liar",
      migrations: 100,
      roundTrips: 0,
      connections: 0,
      commits: 0,
      bytesSent: 0,
      failed: "exit 1: no",
    },
  ],
};
