/**
 * What tests see as `Deno` where there is none: `Deno.test`, on top of the test runner of Node or Bun.
 *
 * @module
 */

import { appendFileSync } from "node:fs";
import process from "node:process";

/** A test as the tests of this code base write it. */
interface TestDefinition {
  readonly name: string;
  readonly ignore?: boolean;
  readonly fn: () => void | Promise<void>;
}

/** What became of a test: one line of the log, as JSON. */
export interface TestOutcome {
  /** Name of the test. */
  readonly name: string;
  /** What became of it. */
  readonly outcome: "passed" | "failed" | "ignored";
}

/** Names the file that outcomes are written to. */
export const OUTCOMES = "METAPG_TEST_OUTCOMES";

const runner: string = process.versions.bun === undefined ? "node:test" : "bun:test";
const { test }: { test(name: string, body: () => Promise<void>): void } = await import(runner);

/** The one function of `Deno` that tests may use. */
export const Deno = {
  /** Registers a test. */
  test(...definition: [TestDefinition] | [TestDefinition["name"], TestDefinition["fn"]]): void {
    const { name, ignore, fn }: TestDefinition = definition.length === 1
      ? definition[0]
      : { name: definition[0], fn: definition[1] };
    if (ignore) note({ name, outcome: "ignored" });
    else test(name, () => observed(name, fn));
  },
};

async function observed(name: string, fn: TestDefinition["fn"]): Promise<void> {
  let outcome: TestOutcome["outcome"] = "failed";
  try {
    await fn();
    outcome = "passed";
  } finally {
    note({ name, outcome });
  }
}

function note(outcome: TestOutcome): void {
  const path = process.env[OUTCOMES];
  if (path !== undefined) appendFileSync(path, `${JSON.stringify(outcome)}\n`);
}
