/**
 * Counting the tests that ran outside of Deno, and those that should have.
 *
 * @module
 */

import type { TestOutcome } from "../tests/support/portable_deno.ts";
import type { Tally } from "./tally.ts";

/** What a run outside of Deno came to. */
export interface PortableTally extends Tally {
  /** What is wrong beside tests that failed, a line for each. */
  readonly complaints: readonly string[];
}

/** What a run outside of Deno left behind. */
export interface PortableRun {
  /** Names of the tests that Deno finds in the same files. */
  readonly expected: readonly string[];
  /** What the tests told: a line of JSON for each. */
  readonly log: string;
  /** What the run exited with. */
  readonly exitCode: number;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", apos: "'", gt: ">", lt: "<", quot: '"' };

/**
 * Names of the tests in a JUnit report of `deno test`, ignored and filtered ones included.
 *
 * @param report Text of the report.
 * @returns Them, as often as they are there.
 */
export function testNames(report: string): readonly string[] {
  return [...report.matchAll(/<testcase name="([^"]*)"/g)].map(([, name]) =>
    name!.replaceAll(
      /&(?:#(x?)([\da-f]+)|(\w+));/gi,
      (whole, hex, digits, word) =>
        word === undefined ? String.fromCodePoint(Number.parseInt(digits, hex ? 16 : 10)) : ENTITIES[word] ?? whole,
    )
  );
}

/**
 * Counts. A test that did not come to its end has failed, so has one that Deno does not know, and an exit code that no
 * failure stands for counts as one.
 *
 * @param run What is counted.
 * @returns The numbers, and what is wrong beside tests that failed.
 */
export function tallyOfOutcomes({ expected, log, exitCode }: PortableRun): PortableTally {
  const outcomes = log.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as TestOutcome);
  const count = (wanted: TestOutcome["outcome"]) => outcomes.filter(({ outcome }) => outcome === wanted).length;
  const names = outcomes.map(({ name }) => name);
  const complaints = [
    ...without(expected, names).map((name) => `Did not come to its end: ${name}`),
    ...without(names, expected).map((name) => `Is no test of Deno: ${name}`),
  ];
  if (expected.length === 0) complaints.push("Deno finds no tests");
  const failed = count("failed") + complaints.length;
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
