/**
 * What contenders are asked to do.
 *
 * @module
 */

import type { Action, ContenderKind } from "./contender.ts";
import type { CommitMode, Storage } from "./results.ts";

/** A set of conditions. */
export interface Condition {
  readonly storage: Storage;
  readonly commit: CommitMode;
}

/** One thing that is varied within a workload. */
export interface Variant {
  /** Its name in the tables; empty if it is the only one. */
  readonly name: string;
  /** How many migrations. */
  readonly count: number;
  /** Milliseconds that a proxy delays each direction; none without it. */
  readonly delayMs?: number;
  /** Which contenders; all without it. */
  readonly kinds?: readonly ContenderKind[];
  /** How often each contender runs. */
  readonly rounds: number;
}

/** Something that contenders do. */
export interface Workload {
  /** `W1` … */
  readonly id: string;
  /** What it is, for the heading of a table. */
  readonly title: string;
  readonly action: Action;
  /** What is measured: the time from start to end of the process, or the peak of its memory. */
  readonly measures: "time" | "memory";
  /** How many databases at once. */
  readonly databases: number;
  readonly variants: readonly Variant[];
  /** Under which conditions. */
  readonly conditions: readonly Condition[];
}

/** How often each contender runs: under other conditions than a workload's first half as often, which tells enough. */
export function roundsOf({ conditions }: Workload, { rounds }: Variant, { storage, commit }: Condition): number {
  const place = conditions.findIndex((one) => one.storage === storage && one.commit === commit);
  return place > 0 ? Math.ceil(rounds / 2) : rounds;
}

const PLAIN: Condition = { storage: "memory", commit: "wait" };
const CONDITIONS: readonly Condition[] = [
  PLAIN,
  { storage: "memory", commit: "async" },
  { storage: "disk", commit: "wait" },
  { storage: "disk", commit: "async" },
];

/** Every workload, in the order in which it is run. */
export const WORKLOADS: readonly Workload[] = [
  {
    id: "W1",
    title: "Apply 100 migrations to an empty database",
    action: "up",
    measures: "time",
    databases: 1,
    variants: [{ name: "", count: 100, rounds: 7 }],
    conditions: CONDITIONS,
  },
  {
    id: "W2",
    title: "Apply 1,000 migrations to an empty database",
    action: "up",
    measures: "time",
    databases: 1,
    variants: [{ name: "", count: 1_000, rounds: 3 }],
    conditions: CONDITIONS.slice(0, 3),
  },
  {
    id: "W3",
    title: "Nothing to do, 1,000 applied",
    action: "nothing",
    measures: "time",
    databases: 1,
    variants: [{ name: "", count: 1_000, rounds: 9 }],
    conditions: [PLAIN],
  },
  {
    id: "W4",
    title: "Status of 1,000 applied",
    action: "status",
    measures: "time",
    databases: 1,
    variants: [{ name: "", count: 1_000, rounds: 5 }],
    conditions: [PLAIN],
  },
  {
    id: "W5",
    title: "Roll back 100",
    action: "rollback",
    measures: "time",
    databases: 1,
    variants: [{ name: "", count: 100, rounds: 3 }],
    conditions: CONDITIONS.slice(0, 2),
  },
  {
    id: "W6",
    title: "`--version`",
    action: "version",
    measures: "time",
    databases: 0,
    variants: [{ name: "", count: 0, rounds: 11 }],
    conditions: [PLAIN],
  },
  {
    id: "W7",
    title: "Apply 100 migrations to a server far away",
    action: "up",
    measures: "time",
    databases: 1,
    variants: [
      { name: "5 ms each way", count: 100, delayMs: 5, rounds: 2 },
      { name: "25 ms each way", count: 100, delayMs: 25, rounds: 1 },
    ],
    conditions: [PLAIN],
  },
  {
    id: "W8",
    title: "Apply 100 migrations to each of 8 databases at once",
    action: "up",
    measures: "time",
    databases: 8,
    variants: [{ name: "", count: 100, rounds: 2 }],
    conditions: [PLAIN],
  },
  {
    id: "W9",
    title: "Growth: apply everything to an empty database",
    action: "up",
    measures: "time",
    databases: 1,
    variants: [
      { name: "100", count: 100, rounds: 3 },
      { name: "1,000", count: 1_000, rounds: 2 },
      { name: "10,000", count: 10_000, rounds: 2 },
    ],
    conditions: [PLAIN],
  },
  {
    id: "W10",
    title: "Peak memory while migrations are applied",
    action: "up",
    measures: "memory",
    databases: 1,
    variants: [
      { name: "1,000", count: 1_000, rounds: 1 },
      { name: "10,000", count: 10_000, rounds: 1, kinds: ["floor", "ours"] },
    ],
    conditions: [PLAIN],
  },
];
