/**
 * Counting the tests that ran outside of Deno, and those that should have.
 *
 * @module
 */

import type { TestOutcome } from "../tests/support/portable_deno.ts";
import type { Tally } from "./tally.ts";

/** What a run outside of Deno left behind. */
export interface PortableRun {
  /** Names of the tests that Deno finds in the same files. */
  readonly expected: readonly string[];
  /** What the tests told: a line of JSON for each. */
  readonly log: string;
  /** What the run exited with. */
  readonly exitCode: number;
}

/**
 * Counts. A test that did not come to its end has failed, so has one that Deno does not know, and an exit code that no
 * failure stands for counts as one.
 *
 * @param run What is counted.
 * @returns The numbers, and what is wrong.
 */
export function tallyOfOutcomes({ expected, log, exitCode }: PortableRun): Tally {
  const outcomes = log.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as TestOutcome);
  const count = (wanted: TestOutcome["outcome"]) => outcomes.filter(({ outcome }) => outcome === wanted).length;
  const names = outcomes.map(({ name }) => name);
  const missing = [
    ...without(expected, names).map((name) => `Did not come to its end: ${name}`),
    ...without(names, expected).map((name) => `Is no test of Deno: ${name}`),
  ];
  if (expected.length === 0) missing.push("Deno finds no tests");
  const failures = outcomes.filter(({ outcome }) => outcome === "failed").map(({ name }) => `Failed: ${name}`);
  const complaints = [...failures, ...missing];
  const failed = complaints.length;
  if (failed > 0 || exitCode === 0) return { passed: count("passed"), failed, complaints };
  return { passed: count("passed"), failed: 1, complaints: [`All tests passed, but the run exited with ${exitCode}`] };
}

/** What one list has more often than another. */
function without(names: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return names.filter((name) => {
    const index = left.indexOf(name);
    if (index !== -1) left.splice(index, 1);
    return index === -1;
  });
}
