/**
 * Type-checks the examples and runs each in its runtime, against a server: `examples.ts [FLAG OF deno test …]`.
 *
 * @module
 */

import { deno, root } from "./deno.ts";
import { checkExamples, installExamples } from "./example_project.ts";
import { isJsrReachable } from "./jsr.ts";
import { startTestServers } from "./test_servers.ts";

const TIMEOUT_MS = 3 * 60_000;

/** They are no `_test.ts`: they need what is prepared here. */
async function testFiles(): Promise<readonly string[]> {
  const folder = "tests/examples/";
  const names: string[] = [];
  for await (const { name } of Deno.readDir(new URL(folder, root))) names.push(name);
  return names.filter((name) => name.endsWith("_example.ts")).toSorted().map((name) => folder + name);
}

/** One that fails must not leave another at work. */
async function all(...work: readonly Promise<unknown>[]): Promise<void> {
  const failed = (await Promise.allSettled(work)).find((result) => result.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}

await isJsrReachable();
const servers = await startTestServers([18]);
const folder = await Deno.makeTempDir({ prefix: "metapg_" });
let code = 1;
try {
  await all(checkExamples(), installExamples(folder));
  const args = ["test", "-A", "--no-check", "--parallel", ...Deno.args, ...await testFiles()];
  code = await deno(args, { env: { ...servers.env, METAPG_EXAMPLES: folder }, timeoutMs: TIMEOUT_MS });
} finally {
  await all(servers.stop(), Deno.remove(folder, { recursive: true }));
}
Deno.exit(code);
