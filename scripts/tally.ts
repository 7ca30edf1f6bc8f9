/**
 * Counting what passed and what failed.
 *
 * @module
 */

/** How many passed and how many failed. */
export interface Tally {
  /** Tests and checks that passed. */
  readonly passed: number;
  /** Those that failed. */
  readonly failed: number;
  /** Of those what is known: a text for each, that names it and says what was wrong. */
  readonly complaints: readonly string[];
}

/** What a check that stands for one test came to. */
export function tallyOf(exitCode: number): Tally {
  if (exitCode === 0) return { passed: 1, failed: 0, complaints: [] };
  return { passed: 0, failed: 1, complaints: [`Exited with ${exitCode}`] };
}

/** The sum of several tallies. */
export function sum(tallies: readonly Tally[]): Tally {
  return {
    passed: tallies.reduce((total, tally) => total + tally.passed, 0),
    failed: tallies.reduce((total, tally) => total + tally.failed, 0),
    complaints: tallies.flatMap(({ complaints }) => complaints),
  };
}
