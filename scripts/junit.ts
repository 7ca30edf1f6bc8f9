/**
 * Reading the JUnit reports of `deno test`.
 *
 * @module
 */

import { type Tally, tallyOf } from "./tally.ts";

/** A complaint is a reminder: all of it is further up in the output. */
const MAX_LINES = 12;

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", apos: "'", gt: ">", lt: "<", quot: '"' };

/**
 * Counts the tests of a run.
 *
 * @param start Starts it with the flag for a report, and returns its exit code.
 * @returns Its tests and steps.
 */
export async function reported(start: (flag: string) => Promise<number>): Promise<Tally> {
  const report = await Deno.makeTempFile({ prefix: "metapg_", suffix: ".xml" });
  try {
    const code = await start(`--junit-path=${report}`);
    return tallyOfReport(await Deno.readTextFile(report), code);
  } finally {
    await Deno.remove(report);
  }
}

/**
 * Reads what the tests came to. Ignored ones count as neither.
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
  const passed = tests - failed - ignored;
  if (failed === 0) return { ...tallyOf(exitCode), passed };
  return { passed, failed, complaints: failuresOf(report) };
}

/** The tests that failed: file, name and the beginning of what they said. */
function failuresOf(report: string): string[] {
  const failures = report.matchAll(
    /<testcase name="([^"]*)" classname="([^"]*)"[^>]*>\s*<(?:failure|error)\b[^>]*>([^<]*)</g,
  );
  return [...failures].map(([, name, file, said]) => {
    const lines = decoded(said!).split("\n").filter((line) => line.trim() !== "");
    return [`${decoded(file!)}: ${decoded(name!)}`, ...lines.slice(0, MAX_LINES)].join("\n  ");
  });
}

/**
 * Names of the tests, ignored and filtered ones included.
 *
 * @param report Text of the report.
 * @returns Them, as often as they are there.
 */
export function testNames(report: string): readonly string[] {
  return [...report.matchAll(/<testcase name="([^"]*)"/g)].map(([, name]) => decoded(name!));
}

/** What text of XML stands for. */
function decoded(text: string): string {
  return text.replaceAll(
    /&(?:#(x?)([\da-f]+)|(\w+));/gi,
    (whole, hex, digits, word) =>
      word === undefined ? String.fromCodePoint(Number.parseInt(digits, hex ? 16 : 10)) : ENTITIES[word] ?? whole,
  );
}
