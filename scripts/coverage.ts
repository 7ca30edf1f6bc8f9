/**
 * Line coverage of `src/core` and `src/runner`, file by file. A file that no test loads counts with all its lines.
 *
 * @module
 */

import { deno, root } from "./deno.ts";
import { isJsrReachable } from "./jsr.ts";
import { type FileCoverage, parseLcov, percentage } from "./lcov.ts";
import { sourceFiles } from "./source_files.ts";
import { startTestServers } from "./test_servers.ts";

const FOLDERS = ["src/core", "src/runner"];
const LEAST_PERCENT = 95;
const OUTPUT = "coverage";

/** Runs the tests under the profiler. */
async function profileTests(): Promise<void> {
  const ignored = await isJsrReachable() ? [] : ["--ignore=tests/jsr"];
  const servers = await startTestServers([14, 18]);
  try {
    const args = ["test", "-A", "--parallel", `--coverage=${OUTPUT}/tests`, "--coverage-raw-data-only", "tests"];
    const code = await deno([...args, ...ignored], { env: servers.env });
    if (code !== 0) Deno.exit(code);
  } finally {
    await servers.stop();
  }
}

/** Loads files and does nothing with them: the report then knows which of their lines could run. */
async function profileLoading(paths: readonly string[]): Promise<void> {
  const loader = new URL(`${OUTPUT}/load.ts`, root);
  await Deno.writeTextFile(loader, paths.map((path) => `import "../${path}";\n`).join(""));
  const code = await deno(["run", "-A", `--coverage=${OUTPUT}/loading`, loader.href]);
  if (code !== 0) Deno.exit(code);
}

/** The coverage of a profile, by path from the top of the checkout. */
async function report(profile: string): Promise<ReadonlyMap<string, FileCoverage>> {
  const command = new Deno.Command(Deno.execPath(), { args: ["coverage", "--lcov", profile], cwd: root });
  const files = parseLcov(new TextDecoder().decode((await command.output()).stdout));
  const start = decodeURIComponent(root.pathname).length;
  return new Map(files.map((file) => [file.path.slice(start), { ...file, path: file.path.slice(start) }]));
}

function line(name: string, files: readonly FileCoverage[]): string {
  const lines = files.reduce((total, file) => total + file.lines, 0);
  const hit = files.reduce((total, file) => total + file.hit, 0);
  return `${name.padEnd(44)} ${`${hit}/${lines}`.padStart(11)} ${percentage(files).toFixed(1).padStart(6)} %`;
}

await Deno.remove(new URL(OUTPUT, root), { recursive: true }).catch(() => {});
await profileTests();

const paths = (await Promise.all(FOLDERS.map(sourceFiles))).flat();
const tested = await report(`${OUTPUT}/tests`);
await profileLoading(paths);
const loaded = await report(`${OUTPUT}/loading`);
const files = paths.map((path) => tested.get(path) ?? { path, lines: loaded.get(path)?.lines ?? 0, hit: 0 });

for (const file of files) {
  console.log(file.lines === 0 ? `${file.path.padEnd(44)}  types only` : line(file.path, [file]));
}
console.log(line("total", files));
if (percentage(files) < LEAST_PERCENT) {
  console.error(`Coverage is below ${LEAST_PERCENT} %`);
  Deno.exit(1);
}
