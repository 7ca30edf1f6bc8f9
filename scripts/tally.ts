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
}

/** What a check that stands for one test came to. */
export function tallyOf(exitCode: number): Tally {
  return exitCode === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** The sum of several tallies. */
export function sum(tallies: readonly Tally[]): Tally {
  return {
    passed: tallies.reduce((total, tally) => total + tally.passed, 0),
    failed: tallies.reduce((total, tally) => total + tally.failed, 0),
  };
}

/**
 * Reads the JUnit report that `deno test` wrote. Ignored tests count as neither.
 *
 * @param report Text of the report; empty if there is none.
 * @param exitCode What `deno test` exited with: a failure that no test of the report stands for counts as one.
 * @returns Its tests and steps.
 */
export function tallyOfReport(report: string, exitCode: number): Tally {
  const total = /<testsuites [^>]*tests="(\d+)" failures="(\d+)" errors="(\d+)"/.exec(report);
  const [tests = 0, failures = 0, errors = 0] = total?.slice(1).map(Number) ?? [];
  const ignored = [...report.matchAll(/<testsuite [^>]*disabled="(\d+)"/g)].reduce((all, [, n]) => all + Number(n), 0);
  const failed = failures + errors;
  return { passed: tests - failed - ignored, failed: failed === 0 && exitCode !== 0 ? 1 : failed };
}

/**
 * Reads of a JUnit report what one file came to. Ignored tests count as neither.
 *
 * @param report Text of the report.
 * @param path The file, as it was named to `deno test`.
 * @returns Its tests; none if it did not run.
 */
export function tallyOfSuite(report: string, path: string): Tally {
  const suite =
    [...report.matchAll(/<testsuite ([^>]*)>/g)].find(([, attributes]) =>
      /\bname="([^"]*)"/.exec(attributes!)?.[1]?.endsWith(path)
    )?.[1] ?? "";
  const [tests, ignored, errors, failures] = ["tests", "disabled", "errors", "failures"].map((name) =>
    Number(new RegExp(`\\b${name}="(\\d+)"`).exec(suite)?.[1] ?? 0)
  ) as [number, number, number, number];
  const failed = errors + failures;
  return { passed: tests - ignored - failed, failed };
}
