/**
 * How long the command line takes to start under every runtime: `--version` beside an empty script, and `up` that finds
 * nothing to do in 1,000 files beside a script that imports the driver, connects and asks `select 1`. Whole processes, taken
 * in turn, so that a busy moment slows all alike; medians of the times and of the ratios of each round.
 *
 * @module
 */

import { tryCapture } from "./capture.ts";
import { root } from "./deno.ts";
import { type Contender, startupContenders, type Workload } from "./startup_contenders.ts";
import { withDatabase } from "../tests/support/databases.ts";
import { startServer } from "../tests/support/server.ts";

const ROUNDS = 15;
const FILES = 1000;
const HOME = new URL("dist/startup/", root);
const WORKLOADS: readonly Workload[] = ["empty", "version", "select", "up"];

/** The times of one contender in milliseconds, by workload and round. */
type Times = Readonly<Record<Workload, number[]>>;

async function writeMigrations(): Promise<void> {
  const folder = new URL("migrations/default/", HOME);
  await Deno.mkdir(folder, { recursive: true });
  for (let version = 1; version <= FILES; version++) {
    const name = `${String(version).padStart(4, "0")}_table_${version}.sql`;
    const table = `CREATE TABLE t${version} (id bigint PRIMARY KEY, name text NOT NULL DEFAULT '', at timestamptz);`;
    const index = `CREATE INDEX t${version}_name ON t${version} (name);`;
    const text = `-- Description: Table ${version}\n\n${table}\n${index}\n\n-- ROLLBACK\nDROP TABLE t${version};\n`;
    await Deno.writeTextFile(new URL(name, folder), text);
  }
}

/** Milliseconds that one process took from its start to its end. */
async function measure({ commands }: Contender, workload: Workload, url: string): Promise<number> {
  const [program, ...args] = commands[workload];
  const start = performance.now();
  const { code, stderr } = await tryCapture(program, args, { cwd: HOME, env: { DATABASE_URL: url } });
  if (code !== 0) throw new Error(`Cannot run ${program} ${args.join(" ")}: ${stderr}`);
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

function row(name: string, times: Times): string {
  const ratio = (a: Workload, b: Workload) => median(times[a].map((time, round) => time / times[b][round]!)).toFixed(2);
  const ms = (workload: Workload) => `${median(times[workload]).toFixed(0)} ms`;
  const cells = [ms("empty"), ms("version"), ratio("version", "empty"), ms("select"), ms("up"), ratio("up", "select")];
  return name.padEnd(18) + cells.map((cell) => cell.padStart(11)).join("");
}

async function compare(url: string, contenders: readonly Contender[]): Promise<void> {
  const rows = contenders.map((contender): { readonly contender: Contender; readonly times: Times } => ({
    contender,
    times: { empty: [], version: [], select: [], up: [] },
  }));
  await measure(contenders[0]!, "up", url);
  for (let round = 0; round <= ROUNDS; round++) {
    for (const { contender, times } of rows) {
      for (const workload of WORKLOADS) {
        const took = await measure(contender, workload, url);
        // The first round fills caches.
        if (round > 0) times[workload].push(took);
      }
    }
  }
  const heads = ["empty", "--version", "ratio", "select 1", `up, ${FILES}`, "ratio"];
  console.log(`${`${ROUNDS} rounds`.padEnd(18)}${heads.map((head) => head.padStart(11)).join("")}`);
  for (const { contender, times } of rows) console.log(row(contender.name, times));
}

const contenders = await startupContenders(HOME);
await writeMigrations();
const server = await startServer({ major: 18 });
try {
  await withDatabase((url) => compare(url, contenders), { server });
} finally {
  await server.stop();
}
