/**
 * Counts how often each piece of the product's code runs while commands work on two projects, one twice as large as the
 * other. Coverage of the engine is what counts: it takes no clock.
 *
 * Run as `growth_program.ts SMALL_URL LARGE_URL`; prints JSON.
 *
 * @module
 */

import { Session } from "node:inspector/promises";
import process from "node:process";
import { setTimeout } from "node:timers/promises";
import { main } from "../../src/cli/main.ts";
import { type FileReader, memoryReader } from "../../src/core/reader.ts";
import { openDatabase } from "../../src/database/open.ts";
import { openShadows } from "../../src/database/shadow.ts";
import { memoryHost } from "../support/memory_host.ts";

/** How many migrations the smaller project has. */
const SIZE = 150;

/** How many migrations each names that it depends on, where there are so many before it. */
const DEPENDENCIES = 5;

/** In which time a server has told its history, in milliseconds. */
const HISTORY_MS = 300;

/** Commands whose work should be in proportion to the number of migrations. */
const COMMANDS: readonly (readonly string[])[] = [
  ["validate"],
  ["plan"],
  ["up", "20"],
  ["up"],
  ["up"],
  ["status"],
  ["status", "--json"],
  ["check"],
  ["graph"],
  ["history"],
  ["down", "--to", "0", "--dry-run"],
  ["redo", "1000", "-y"],
  ["down", "--to", "0", "-y"],
  ["baseline", "--to", nameOf(SIZE), "-y"],
];

function nameOf(number: number): string {
  return `${String(number).padStart(5, "0")}_table`;
}

function files(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => {
    const number = index + 1;
    const depends = Array.from({ length: DEPENDENCIES }, (_, back) => number - 1 - back * 7).filter((one) => one > 0);
    const header = `-- Table ${number}\n-- Depends: ${depends.map(nameOf).join(", ")}`;
    const text = `${header}\nCREATE TABLE t${number} (id int);\n-- ROLLBACK\nDROP TABLE t${number};\n`;
    return [`migrations/default/${nameOf(number)}.sql`, text];
  }));
}

async function runAll(url: string, reader: FileReader): Promise<void> {
  for (const args of COMMANDS) {
    const host = memoryHost({ args, env: { DATABASE_URL: url } });
    const code = await main(Object.create(host, { files: { value: reader } }), {
      openDatabase,
      openShadows: (url, options) => Promise.resolve(openShadows(url, options)),
    });
    if (code !== 0) throw new Error(`${args.join(" ")} exited with ${code}: ${host.err}`);
  }
}

/** Place in the source → how often it ran. Taking the counts sets them back. */
async function takeCounts(session: Session): Promise<Record<string, number>> {
  const { result } = await session.post("Profiler.takePreciseCoverage");
  // A driver's counts depend on how what a server says comes in.
  const scripts = result.filter(({ url }) => url.startsWith(new URL("../../src/", import.meta.url).href));
  return Object.fromEntries(
    scripts.flatMap(({ url, functions }) =>
      functions.flatMap(({ functionName, ranges }) =>
        ranges.map(({ startOffset, endOffset, count }) => [
          `${url.replace(/^.*\/src\//, "src/")} ${functionName} ${startOffset}-${endOffset}`,
          count,
        ])
      )
    ),
  );
}

// How many migrations are sent at once depends on how long others took: by this clock nothing takes any time.
performance.now = () => 0;
const session = new Session();
session.connect();
await session.post("Profiler.enable");
await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
const counts: Record<string, number>[] = [];
for (const [index, url] of process.argv.slice(2).entries()) {
  const reader = memoryReader(files(SIZE * (index + 1)));
  // What is parsed before the history is known depends on which is there first: here it is always the history.
  const list = (directory: string) => setTimeout(HISTORY_MS).then(() => reader.list(directory));
  await runAll(url, { ...reader, list });
  counts.push(await takeCounts(session));
}
console.log(JSON.stringify(counts));
