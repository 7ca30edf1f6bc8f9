/**
 * How long the command line takes under every runtime: to start, by `--version`, and to look at a server that is up to
 * date, by `status`. Medians of several runs of whole processes, taken in turn so that a busy moment slows all alike.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { capture, tryCapture } from "./capture.ts";
import { root } from "./deno.ts";
import { BIN, modulePath } from "./npm_manifest.ts";
import { packPackage } from "./npm_package.ts";
import { installedProject } from "./npm_project.ts";
import { installedRuntime, RUNTIMES } from "./npm_tools.ts";
import { withDatabase } from "../tests/support/databases.ts";
import { startServer } from "../tests/support/server.ts";

const RUNS = 15;
const HOME = new URL("dist/startup/", root);

/** A runtime with the command line. */
interface Program {
  readonly name: string;
  readonly path: string;
  readonly args: readonly string[];
}

/** The checkout under Deno, the npm package under the others. */
async function programs(): Promise<readonly Program[]> {
  await capture(Deno.execPath(), ["run", "-A", "--no-lock", "scripts/build_node.ts"]);
  await Deno.mkdir(HOME, { recursive: true });
  await installedProject(HOME, await packPackage(new URL("dist/node/", root), new URL("dist/", root)), []);
  const bin = fileURLToPath(new URL(`node_modules/@metapg/migration/${modulePath(BIN, ".js")}`, HOME));
  const others = await Promise.all(RUNTIMES.map(installedRuntime));
  const deno = [
    "run",
    "-A",
    "--no-lock",
    "--config",
    fileURLToPath(new URL("deno.json", root)),
    new URL("cli.ts", root).href,
  ];
  return [
    { name: `Deno ${Deno.version.deno}`, path: Deno.execPath(), args: deno },
    ...others.map(({ label, path }) => ({ name: label, path, args: [bin] })),
  ];
}

/** Milliseconds that one process took from its start to its end. */
async function measure({ path, args }: Program, command: readonly string[]): Promise<number> {
  const start = performance.now();
  const { code, stderr } = await tryCapture(path, [...args, ...command], { cwd: HOME });
  if (code !== 0) throw new Error(`Cannot run ${path} ${command.join(" ")}: ${stderr}`);
  return performance.now() - start;
}

function median(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** Prints the medians for a database that the sample migrations are applied to. */
async function compare(url: string): Promise<void> {
  const target = ["-u", url, "-d", fileURLToPath(new URL("migrations/default", root))];
  const commands = [["--version"], ["status", ...target]];
  const rows = (await programs()).map((program) => ({ program, times: commands.map((): number[] => []) }));
  await measure(rows[0]!.program, ["up", ...target]);
  for (let run = 0; run <= RUNS; run++) {
    for (const { program, times } of rows) {
      for (const [column, command] of commands.entries()) {
        const took = await measure(program, command);
        // The first run fills caches.
        if (run > 0) times[column]!.push(took);
      }
    }
  }
  console.log(`medians of ${RUNS} runs   --version     status`);
  for (const { program, times } of rows) {
    const cells = times.map((column) => `${median(column).toFixed(0)} ms`.padStart(11));
    console.log(`${program.name.padEnd(18)} ${cells.join("")}`);
  }
}

const server = await startServer({ major: 18 });
try {
  await withDatabase(compare, { server });
} finally {
  await server.stop();
}
