/**
 * Packs the npm package, installs it as its users do, and tries it: types, CommonJS, missing packages, and library and
 * command line under Node and Bun. `package_check.ts FOLDER` takes a package that is built; without a folder it is the
 * one of `build_node.ts`, which is made anew.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { capture, tryCapture } from "./capture.ts";
import { readManifest, root } from "./deno.ts";
import { findFileProblems, findMachinePaths, packPackage } from "./npm_package.ts";
import { importedVersion, npmManifest, OPTIONAL } from "./npm_manifest.ts";
import { installedProject, lonelyProject } from "./npm_project.ts";
import { EMSCRIPTEN_TYPES, installedRuntime, NODE_TYPES, NPX, PG_TYPES, RUNTIMES, TYPESCRIPT } from "./npm_tools.ts";
import { compareErrors, type Compilation, compile } from "./package_types.ts";
import { isGood, type RuntimeResult, table, tryRuntime } from "./package_runtimes.ts";
import { startTestServers } from "./test_servers.ts";

const HOME = new URL("dist/package/", root);
/** What `deno.json` names, and all types. */
const NEWEST = new URL("newest/", HOME);
/** The oldest engines that the package takes. */
const OLDEST = new URL("oldest/", HOME);
/** The package and what npm installs with it. */
const PLAIN = new URL("plain/", HOME);
/** The files of the package. */
const ALONE = new URL("alone/", HOME);

let failed = 0;

/** Prints what a check found; nothing is good. */
function report(name: string, problems: readonly string[]): void {
  console.log(`${name} ... ${problems.length === 0 ? "ok" : "FAILED"}`);
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) failed++;
}

async function checkTypes(): Promise<void> {
  const bare = { program: "bare_consumer.mts", home: PLAIN, tools: NEWEST };
  const full = { program: "consumer.mts", home: NEWEST, tools: NEWEST, lib: ["ES2023", "DOM"] };
  const compilations: readonly Compilation[] = [
    { ...full, resolution: "bundler", types: ["node", "emscripten"] },
    { ...full, resolution: "nodenext", types: ["node", "emscripten"] },
    { ...bare, resolution: "bundler", lib: ["ES2022", "DOM"], types: [] },
    { ...bare, resolution: "nodenext", lib: ["ES2022"], types: ["node"] },
    { ...bare, program: "core_consumer.mts", home: ALONE, resolution: "nodenext", lib: ["ES2022"], types: [] },
  ];
  for (const compilation of compilations) {
    const { code, stdout } = await compile(compilation);
    const { program, resolution, lib, types } = compilation;
    report(`types: ${program}, ${resolution}, ${[...lib, ...types].join(" ")}`, code === 0 ? [] : [stdout]);
  }
  const program = "wrong_consumer.mts";
  const { stdout } = await compile({ ...full, program, resolution: "nodenext", types: ["node", "emscripten"] });
  report("types: mistakes are found", compareErrors(await Deno.readTextFile(new URL(program, NEWEST)), stdout));
}

/** Under every runtime: nothing installed beside the package, CommonJS, an engine that is not there. */
async function checkLoading(): Promise<void> {
  for (const { label, path } of runtimes) {
    const alone = await tryCapture(path, ["alone.js"], { cwd: ALONE });
    report(`${label}: loads without a driver`, alone.code === 0 ? [] : [alone.stderr]);
    const required = await tryCapture(path, ["required.cjs"], { cwd: PLAIN });
    report(`${label}: require()`, required.code === 0 ? [] : [required.stderr]);
    const cli = await tryCapture(path, ["cli.js", "up", "--url", "postgres://me@127.0.0.1:1/app"], { cwd: PLAIN });
    report(`${label}: runCli()`, cli.code === 2 && cli.stderr.includes("migrations/default") ? [] : [cli.stderr]);
  }
  const args = ["status", "-u", "pglite:", "-d", fileURLToPath(new URL("migrations/default", root))];
  const bin = await tryCapture(NPX, ["metapg-migration", ...args], { cwd: PLAIN });
  const advice = "Install it: npm install @electric-sql/pglite";
  report(`command line: ${advice}`, bin.code === 2 && bin.stderr.includes(advice) ? [] : [bin.stderr]);
}

/** Two at a time, for most of it is work of one processor. */
async function checkRuntimes(env: Readonly<Record<string, string>>): Promise<void> {
  const waiting = [...runtimes];
  const results = new Map<string, RuntimeResult>();
  const work = async () => {
    for (let runtime = waiting.shift(); runtime !== undefined; runtime = waiting.shift()) {
      results.set(runtime.label, await tryRuntime(runtime, runtime === runtimes[0] ? OLDEST : NEWEST, env));
    }
  };
  await Promise.all([work(), work()]);
  const inOrder = runtimes.map(({ label }) => results.get(label)!);
  console.log(table(inOrder));
  for (const result of inOrder) report(result.versions, isGood(result) ? [] : [result.stderr]);
}

const manifest = await readManifest();
if (Deno.args[0] === undefined) await capture(Deno.execPath(), ["run", "-A", "--no-lock", "scripts/build_node.ts"]);
const folder = new URL(`${Deno.args[0] ?? "dist/node"}/`, root);
await Deno.mkdir(HOME, { recursive: true });
const packed = await packPackage(folder, HOME);
const kilobytes = (bytes: number) => `${(bytes / 1_000).toFixed(0)} kB`;
console.log(`${packed.files.length} files, ${kilobytes(packed.size)}, unpacked ${kilobytes(packed.unpackedSize)}`);
report("only modules, declarations and pages", findFileProblems(packed.files, npmManifest(manifest)));
report("no path of this machine", await findMachinePaths(folder, packed.files));

const newest = Object.keys(OPTIONAL).map((name) => `${name}@${importedVersion(manifest, name)}`);
/** What a user has who passes a client in. */
const client = `postgres@${importedVersion(manifest, "postgres")}`;
const runtimes = await Promise.all(RUNTIMES.map(installedRuntime));
const oldest = Object.entries(OPTIONAL).map(([name, engine]) => `${name}@${engine.oldest}`);
await Promise.all([
  installedProject(NEWEST, packed, [...newest, client, TYPESCRIPT, NODE_TYPES, PG_TYPES, EMSCRIPTEN_TYPES]),
  installedProject(OLDEST, packed, [...oldest, client]),
  installedProject(PLAIN, packed, []),
  lonelyProject(ALONE, packed),
]);
await Promise.all([checkTypes(), checkLoading()]);
const servers = await startTestServers([18]);
try {
  await checkRuntimes({ ...servers.env, TEST_DATABASE_URL: servers.env.TEST_DATABASE_URL_18 ?? "" });
} finally {
  await servers.stop();
}
if (failed > 0) Deno.exit(1);
