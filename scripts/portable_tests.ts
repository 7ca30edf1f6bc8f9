/**
 * Runs the tests that do not depend on Deno under Node or Bun: `portable_tests.ts node`, `node@22`, `bun`, and
 * paths of test files if not all are meant. The same files as under Deno; how is told in `portable_suite.ts`.
 *
 * @module
 */

import { OUTCOMES } from "../tests/support/portable_deno.ts";
import { deno, run } from "./deno.ts";
import { testNames } from "./junit.ts";
import { buildPortableSuite, bundled, type PortableSuite } from "./portable_suite.ts";
import { tallyOfOutcomes } from "./portable_tally.ts";
import type { Tally } from "./tally.ts";
import { startTestServers } from "./test_servers.ts";

/** A run that hangs must not hang everything. */
const TIMEOUT_MS = 8 * 60_000;

/** No test has it for a name. */
const NO_TEST = "no test at all";

/** How many test files run at the same time. */
const WIDTH = Math.max(2, navigator.hardwareConcurrency);

/** The words that run test files. */
type Command = readonly [program: string, ...args: string[]];

/** `node` is the one on the `PATH`; other versions and Bun come from npm. */
function commandOf(runtime: string): Command | undefined {
  const [, name, version] = /^(node|bun)(@[\w.-]+)?$/.exec(runtime) ?? [];
  if (name === "bun") {
    const bun: Command = ["npx", "-y", `bun${version ?? "@1.4.5"}`];
    return [...bun, "test", `--parallel=${WIDTH}`, "--timeout=120000", "--only-failures"];
  }
  if (name !== "node") return undefined;
  const node: Command = version === undefined ? ["node"] : ["npx", "-y", runtime];
  // To optimize the code of PGlite takes longer than to run it.
  return [
    ...node,
    "--liftoff-only",
    "--enable-source-maps",
    "--test",
    `--test-concurrency=${WIDTH}`,
    "--test-reporter=spec",
  ];
}

/** The suite, and the names of the tests that Deno finds in it. */
interface Prepared extends PortableSuite {
  readonly expected: readonly string[];
}

let preparation: Promise<Prepared> | undefined;

async function prepare(only: readonly string[]): Promise<Prepared> {
  const suite = await buildPortableSuite(only);
  const report = await Deno.makeTempFile({ prefix: "metapg_", suffix: ".xml" });
  try {
    const args = ["-A", "-q", "--no-check", "--parallel", `--filter=${NO_TEST}`, `--junit-path=${report}`];
    await deno(["test", ...args, ...suite.files]);
    return { ...suite, expected: testNames(await Deno.readTextFile(report)) };
  } finally {
    await Deno.remove(report);
  }
}

/**
 * Runs the tests. They are bundled once in a process.
 *
 * @param runtime `node`, `bun`, or one of them with `@` and a version.
 * @param env Environment variables that name the servers of the tests.
 * @param only Paths of test files; none means all.
 * @returns How many passed and failed.
 * @throws If there is no such runtime.
 */
export async function portableTests(
  runtime: string,
  env: Readonly<Record<string, string>>,
  only: readonly string[] = [],
): Promise<Tally> {
  const command = commandOf(runtime);
  if (command === undefined) throw new Error(`Cannot run tests under "${runtime}": it is neither node nor bun`);
  const { home, files, expected } = await (preparation ??= prepare(only));
  const outcomes = await Deno.makeTempFile({ prefix: "metapg_" });
  try {
    const [program, ...args] = command;
    const options = { cwd: home, env: { ...env, [OUTCOMES]: outcomes }, timeoutMs: TIMEOUT_MS };
    const exitCode = await run(program, [...args, ...files.map((file) => `./${bundled(file)}`)], options);
    const tally = tallyOfOutcomes({ expected, log: await Deno.readTextFile(outcomes), exitCode });
    for (const complaint of tally.complaints) console.error(complaint);
    return tally;
  } finally {
    await Deno.remove(outcomes);
  }
}

if (import.meta.main) {
  const [runtime = "", ...only] = Deno.args;
  if (commandOf(runtime) === undefined) {
    console.error("Usage: portable_tests.ts node|bun[@VERSION] [FILE …]");
    Deno.exit(2);
  }
  const servers = await startTestServers([14, 18]);
  try {
    const { passed, failed } = await portableTests(runtime, servers.env, only);
    console.log(`${passed} passed, ${failed} failed`);
    if (failed > 0) Deno.exitCode = 1;
  } finally {
    await servers.stop();
  }
}
