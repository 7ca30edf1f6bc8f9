/**
 * Everything that says whether the checkout is good, and a last line that says how much of it is: `N passed, N failed`.
 *
 * @module
 */

import { deno, root, run } from "./deno.ts";
import { POOLER } from "../tests/support/pooler.ts";
import { isJsrReachable } from "./jsr.ts";
import { reported } from "./junit.ts";
import { portableTests } from "./portable_tests.ts";
import { entryPoints, sourceFiles } from "./source_files.ts";
import { sum, type Tally, tallyOf } from "./tally.ts";
import { startTestServers } from "./test_servers.ts";

/** A test that hangs must not hang everything. */
const TIMEOUT_MS = 20 * 60_000;

/** Many tests wait for a server, so that a processor for each test file would be idle for a quarter of the time. */
const JOBS = navigator.hardwareConcurrency + 1;

/** Something that is looked at. */
interface Step {
  readonly name: string;
  readonly run: (env: Readonly<Record<string, string>>) => Promise<Tally>;
}

const steps: readonly Step[] = [
  { name: "Format", run: async () => tallyOf(await run(Deno.execPath(), ["fmt", "--check"])) },
  { name: "Lint", run: async () => tallyOf(await run(Deno.execPath(), ["lint"])) },
  { name: "Types", run: async () => tallyOf(await deno(["check", ...await sourceFiles()])) },
  { name: "Documentation", run: documentation },
  { name: "Examples", run: examples },
  { name: "Tests", run: tests },
  { name: "Package for npm", run: async (env) => tallyOf(await script("package_check.ts", [], env)) },
  { name: "Examples in use", run: examplesInUse },
  { name: "Package for JSR", run: async () => tallyOf(await script("publish_check.ts")) },
  { name: "Tests in Node", run: (env) => portableTests("node", env) },
  { name: "Tests in Bun", run: (env) => portableTests("bun", env) },
];

/** Each entry point by itself, for its reader has that page alone: a type that only another one exports is not on it. */
async function documentation(): Promise<Tally> {
  const entries = await entryPoints();
  return sum(await Promise.all(entries.map(async (entry) => tallyOf(await deno(["doc", "--lint", entry])))));
}

async function examples(): Promise<Tally> {
  const pages = ["README.md", "docs"].filter(exists);
  return await denoTest(["--doc", ...await entryPoints(), "src", ...pages], {});
}

async function tests(env: Readonly<Record<string, string>>): Promise<Tally> {
  const reachable = await isJsrReachable();
  if (!reachable) console.error("JSR does not answer: tests/jsr did not run");
  if (POOLER === undefined) console.error("PgBouncer is not installed: tests behind a pooler did not run");
  const args = ["--parallel", "tests", ...reachable ? [] : ["--ignore=tests/jsr"]];
  return await denoTest(args, { ...env, DENO_JOBS: `${JOBS}` });
}

async function examplesInUse(env: Readonly<Record<string, string>>): Promise<Tally> {
  return await reported((flag) => script("examples.ts", [flag], env));
}

async function denoTest(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Tally> {
  return await reported((flag) => deno(["test", "-A", flag, ...args], { env, timeoutMs: TIMEOUT_MS }));
}

async function script(
  name: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<number> {
  return await run(Deno.execPath(), ["run", "-A", "--no-lock", `scripts/${name}`, ...args], { env });
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(new URL(path, root)) !== undefined;
  } catch {
    return false;
  }
}

/** A step that throws has failed, and the others still run. */
async function outcome(step: Step, env: Readonly<Record<string, string>>): Promise<Tally> {
  console.error(`\n=== ${step.name}`);
  const start = performance.now();
  let tally: Tally;
  try {
    tally = await step.run(env);
  } catch (error) {
    console.error(error);
    tally = { passed: 0, failed: 1, complaints: [`Did not come to its end: ${error}`] };
  }
  const seconds = Math.round((performance.now() - start) / 1_000);
  console.error(`=== ${step.name}: ${tally.passed} passed, ${tally.failed} failed (${seconds} s)`);
  return { ...tally, complaints: tally.complaints.map((complaint) => `${step.name}: ${complaint}`) };
}

let interrupted = false;
Deno.addSignalListener("SIGINT", () => interrupted = true);

await isJsrReachable();
const servers = await startTestServers([14, 18]);
const tallies: Tally[] = [];
try {
  for (const step of steps) {
    if (!interrupted) tallies.push(await outcome(step, servers.env));
  }
} finally {
  await servers.stop();
}
if (interrupted) Deno.exit(130);
const { passed, failed, complaints } = sum(tallies);
// Who sees only the end of a long output sees what failed.
if (failed > 0) console.error(`\n=== Failed\n${complaints.join("\n")}\n`);
console.log(`${passed} passed, ${failed} failed`);
Deno.exit(failed === 0 ? 0 : 1);
