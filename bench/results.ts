/**
 * What a run of the benchmark found, as it is kept in `dist/bench/results.json`.
 *
 * @module
 */

import type { ContenderKind, ContenderRuntime } from "./contender.ts";

/** Where a server keeps its data. */
export type Storage = "memory" | "disk";

/** Whether a commit waits for the disk (`synchronous_commit = on`, the server's default) or not. */
export type CommitMode = "wait" | "async";

/** What a value is. */
export type Unit = "ms" | "MB";

/** The values of one contender in one workload, under one set of conditions. */
export interface Measurement {
  /** `W1` … */
  readonly workload: string;
  /** What is varied within a workload: a delay or a number of migrations; empty for none. */
  readonly variant: string;
  readonly storage: Storage;
  readonly commit: CommitMode;
  /** Name of the contender. */
  readonly contender: string;
  readonly unit: Unit;
  /** By round: contenders with a value at the same place ran one after another. */
  readonly values: readonly (number | null)[];
  /** Why there is no figure. */
  readonly failed?: string;
}

/** What went over the wire while a contender applied migrations. */
export interface WireCount {
  readonly contender: string;
  /** How many migrations. */
  readonly migrations: number;
  /** How often the client sent something after an answer: what a distance costs. */
  readonly roundTrips: number;
  /** How many connections it opened. */
  readonly connections: number;
  /** Transactions that the server committed, those that only read included. */
  readonly commits: number;
  /** Bytes to the server. */
  readonly bytesSent: number;
  /** Why there is no count. */
  readonly failed?: string;
}

/** A contender that took part. */
export interface Participant {
  readonly name: string;
  readonly kind: ContenderKind;
  readonly runtime: ContenderRuntime;
  readonly how: string;
  readonly version: string;
}

/** What it was measured on. */
export interface Machine {
  readonly system: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryGb: number;
  /** Version of the server. */
  readonly postgres: string;
  /** File system of each server's data. */
  readonly storage: Readonly<Partial<Record<Storage, string>>>;
  /** Milliseconds of a round trip through the proxy, measured, by the delay of each direction. */
  readonly roundTripMs: Readonly<Record<string, number>>;
}

/** Everything. */
export interface Results {
  readonly format: 1;
  /** When the last run ended; ISO 8601, UTC. */
  readonly at: string;
  /** What was typed; one line for each run that the results were gathered by. */
  readonly commands: readonly string[];
  readonly machine: Machine;
  readonly participants: readonly Participant[];
  /** Contenders that could not take part, and why. */
  readonly absent: Readonly<Record<string, string>>;
  readonly measurements: readonly Measurement[];
  readonly wire: readonly WireCount[];
}

/** What was measured together, round by round, and can be compared only so. */
function keyOf({ workload, variant, storage, commit }: Measurement): string {
  return [workload, variant, storage, commit].join(" ");
}

/**
 * Puts a run's results over earlier ones: a table that it measured replaces the one that was there, the rest stays.
 *
 * @param earlier Results of earlier runs.
 * @param later Results of the run.
 * @returns Both.
 */
export function mergeResults(earlier: Results, later: Results): Results {
  const measured = new Set(later.measurements.map(keyOf));
  const counted = new Set(later.wire.map((count) => count.contender));
  const present = new Map([...earlier.participants, ...later.participants].map((one) => [one.name, one]));
  const participants = [...present.values()];
  const absent = Object.entries({ ...earlier.absent, ...later.absent });
  return {
    ...later,
    commands: [...earlier.commands.filter((command) => !later.commands.includes(command)), ...later.commands],
    machine: {
      ...later.machine,
      storage: { ...earlier.machine.storage, ...later.machine.storage },
      roundTripMs: { ...earlier.machine.roundTripMs, ...later.machine.roundTripMs },
    },
    participants,
    absent: Object.fromEntries(absent.filter(([name]) => !participants.some((other) => other.name === name))),
    measurements: [...earlier.measurements.filter((one) => !measured.has(keyOf(one))), ...later.measurements],
    wire: [...earlier.wire.filter(({ contender }) => !counted.has(contender)), ...later.wire],
  };
}
