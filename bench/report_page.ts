/**
 * The page that tells what was measured, how to read it and what it does not say.
 *
 * @module
 */

import { cellsOf, type ReportTable } from "./report_tables.ts";
import type { Results, WireCount } from "./results.ts";
import { growthCells } from "./growth.ts";
import { mainTables, summaryCells } from "./summary.ts";
import { markdownTable } from "./terminal_table.ts";

/** What a page is made of. */
export interface PageContent {
  readonly results: Results;
  readonly tables: readonly ReportTable[];
  /** Name of the contender that all are compared with. */
  readonly floor: string;
  /** Path of the picture, seen from the page. */
  readonly picture: string;
}

/** Writes the page, in Markdown. */
export function reportPage({ results, tables, floor, picture }: PageContent): string {
  const parts = [
    "# Benchmarks",
    `What applying migrations costs, as a multiple of what ${floor} takes for the same SQL in the same round on the same machine.
Made by \`deno task bench\`; [bench/README.md](../bench/README.md) says how to run it and how to add a contender.`,
    `![Bars of the ratios, by workload](${picture})`,
    ...summary(results, tables),
    "## What was measured on",
    facts(results),
    "## How to read it",
    READING,
    "## What it does not say",
    LIMITS,
    "## Where the time goes",
    PROFILE,
    "## Results",
    ...tables.flatMap((table) => [`### ${table.title}`, markdownTable(cellsOf(table, floor))]),
    ...growthSection(results),
    ...(results.wire.length === 0 ? [] : ["## Round trips and commits", WIRE, markdownTable(wireCells(results.wire))]),
    "## Contenders",
    markdownTable([
      ["contender", "version", "how"],
      ...results.participants.map(({ name, version, how }) => [name, version, how]),
    ]),
    ...absentees(results),
  ];
  return `${parts.join("\n\n")}\n`;
}

const READING =
  `- Every figure is the time of a whole process, from its start to its end, with its runtime's start and its connection.
- Contenders take turns, round by round. A ratio is taken within a round, and the table shows the median of the ratios and
  their range: a moment in which the machine was busy does not count for one alone.
- Up to 1,000 migrations on a near server a contender does everything twice in its turn, and the second time counts. Where
  the machine puts out to disk what was idle for seconds, a program of 100 MB would else begin with being read.
- After each run the tables in the database are counted. What left another number than it should have failed, whatever it
  said, and so has what took too long. A contender that is slow runs fewer rounds; the last column says how many.
- "Data in memory" is a server whose folder lies in \`/dev/shm\`, with the settings of the other one, \`fsync\` included. A
  disk that others use shows the disk; this one shows the tools.
- "Commits wait" is PostgreSQL as it comes. With \`synchronous_commit=off\`, set by \`PGOPTIONS\` and for the database,
  nobody's commit waits for the disk.
- Where there is nothing to do, psql asks \`SELECT 1\`, and for the status it reads a table of names. For eight databases
  at once, a tool that takes one URL runs as eight processes.
- "Script of its runtime" does the least that is possible there: for nothing to do it imports postgres.js, connects and
  asks \`SELECT 1\`; for \`--version\` it is empty.`;

const LIMITS =
  `- Each migration makes one small table and one index. Migrations that move data take what the data take, with any tool.
- Tools differ in what they do for their time: whether files are checked against what was applied, whether a migration
  and its history row commit together, whether two runs at once are safe, what a failure leaves. Some apply everything in
  one transaction, which is fewer commits and more locks. None of that is in the figures.
- Client and server share the processor of one machine. On a loaded machine, or with a server elsewhere, times differ;
  ratios differ less.
- Memory is that of the client's processes (\`VmHWM\` of \`/proc\`, summed over those that live at one time), pages of the
  program's file included, and not that of the server.`;

const PROFILE =
  `Looked into on 2026-11-30 with Node 20 and 24, Deno 2.9.6, Bun 1.4.5 and PostgreSQL 15, by CPU and heap profiles, marks
in the program, and by leaving things out.

- **A migration of W1 and W2** takes the server 0.75 ms under every runtime, for more messages are there before one is
  done. Three quarters of that are \`CREATE TABLE\` and \`CREATE INDEX\`. Of the server's CPU the tool takes 0.13 ms: 28 µs
  the log, 18 the guard that looks at rows, 16 the settings, 11 the closing row, 10 lock, time-out and resets, the rest the
  row of the history and the transaction. The program has time left meanwhile, so what is over psql in W1 is what comes
  before the first migration, and the ratio depends on what five round trips cost psql. What runtime and driver take for
  the least that can be done is told by the scripts: they hash nothing, parse nothing, lock nothing and send all at once.
- **Before the first migration** of W1 Node 20 takes 2.3 times its own start, which is 53 ms on a quiet machine: 16 more for
  the program, 8 for the driver, 3 for the runner, 3 for the arguments, 12 for parsing 100 files with code that is not
  compiled yet. From the plan to the second migration it is 13, in which four answers are waited for (4 ms of them make the
  history). The server is greeted before the runner is loaded: its answer is there when the files are read.
- **Under Node** a start of W3 takes 30 to 35 ms more than the script: 10 are compiling the 395 kB that are loaded, 12
  listing, reading and hashing 1,000 files, 7 garbage. CommonJS modules are loaded in 8 ms less than ES modules; what
  executes migrations and all commands but \`up\` and \`status\` are loaded by who needs them. Names of one letter made 1 %.
  Any flag of V8 costs 14 ms, for its own snapshot does not count then. Node 22 and 24 can keep what they compiled (\`NODE_COMPILE_CACHE\`): 5 ms less from
  the second call on, up to 10 more for the first, which in a new container is every one.
- **Under Bun** a start is that of the binary, which is Bun, and the parsing of the source, which the binary has as
  bytecode. As Bun counts it (\`BUN_JSC_reportParseTimes\`, \`BUN_JSC_reportBytecodeCompileTimes\`) a start of W3 parses 991
  times in 31 ms and compiles 978 functions in 21; the script 343 in 11 and 331 in 5, the binary 33 in 1 and 32 in 1. One
  file instead of many, CommonJS, fields that are not private, minified names, functions put into their callers and the
  mark that keeps Bun from transpiling made 3 % or nothing; bytecode beside a file took a third of it away, but is of one
  version of Bun. Leaving out every function that does not run saves 4 ms of 45.
- **Under Deno** the sources are 420 modules, loaded before anything runs: with \`--unstable-lazy-dynamic-imports\`
  \`--version\` takes 1.04 times the empty script instead of 2. The package is a few files; more than half of its start is
  the script's own (Node's API, which the driver imports).
- **Memory**: a function made for one call that knows how to settle a promise is kept, with all that it knows, by V8 from
  version 13 on (Node 24, Deno) until it collects everything. The driver makes three for each query, and the program made
  others that knew the text of the message; without them 10,000 migrations take 152 to 163 MB under Deno instead of 198 to
  209. With \`--v8-flags=--max-semi-space-size=8\` they take 122.`;

const WIRE =
  `Counted while 100 migrations are applied, in a run that is not timed, by a proxy before the server: a round trip is each time
that the client sends something after an answer, the start of a connection included. Commits are those in
\`pg_stat_database\`; transactions that only read are among them, and a few of the server's own upkeep may be.`;

function facts({ machine, commands, at }: Results): string {
  const { system, processor, cores, memoryGb, postgres, storage, roundTripMs } = machine;
  const trips = Object.entries(roundTripMs).map(([variant, ms]) => `${variant}: ${ms.toFixed(1)} ms`);
  const lines = [
    `PostgreSQL ${postgres}, settings as it comes`,
    ...Object.entries(storage).map(([name, fileSystem]) =>
      `data ${name === "memory" ? "in memory" : "on disk"}: ${fileSystem}`
    ),
    `${system}, ${cores} × ${processor}, ${memoryGb} GB`,
    ...(trips.length === 0 ? [] : [`a round trip through the proxy, measured: ${trips.join(", ")}`]),
    `${at.slice(0, 10)}; ${commands.map((command) => `\`${command}\``).join(", ")}`,
  ];
  return lines.map((line) => `- ${line}`).join("\n");
}

/** The table of what was counted. */
export function wireCells(counts: readonly WireCount[]): readonly (readonly string[])[] {
  return [
    ["contender", "round trips", "per migration", "connections", "commits", "kB sent"],
    ...counts.map(({ contender, migrations, roundTrips, connections, commits, bytesSent, failed }) =>
      failed !== undefined ? [contender, `failed: ${failed}`] : [
        contender,
        `${roundTrips}`,
        (roundTrips / migrations).toFixed(2),
        `${connections}`,
        `${commits}`,
        (bytesSent / 1_000).toFixed(0),
      ]
    ),
  ];
}

function summary({ participants }: Results, tables: readonly ReportTable[]): readonly string[] {
  const cells = summaryCells(tables, participants.map(({ name }) => name));
  if (cells.length === 0) return [];
  const titles = mainTables(tables).map(({ title }) => `- ${title}`);
  return ["Medians of the ratios; what the columns are stands below.", markdownTable(cells), titles.join("\n")];
}

function growthSection({ measurements }: Results): readonly string[] {
  const cells = growthCells(measurements);
  return cells.length === 0 ? [] : ["### W9 Time per migration, by number of migrations", markdownTable(cells)];
}

function absentees({ absent }: Results): readonly string[] {
  const entries = Object.entries(absent);
  return entries.length === 0 ? [] : ["Not there:", entries.map(([name, why]) => `- ${name}: ${why}`).join("\n")];
}
