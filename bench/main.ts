/**
 * `deno task bench`: measures the product beside psql and the tools that one would use instead. README.md says how.
 *
 * @module
 */

import { CONTENDERS, FLOOR } from "./contender_list.ts";
import { growthCells } from "./growth.ts";
import { measureAll } from "./measure_all.ts";
import { type BenchOptions, parseOptions, USAGE } from "./options.ts";
import { readResults, writeReport, writeResults } from "./report_files.ts";
import { wireCells } from "./report_page.ts";
import { cellsOf, reportTables } from "./report_tables.ts";
import { mergeResults, type Results } from "./results.ts";
import { gatherTeam, pickContenders } from "./team.ts";
import { terminalTable } from "./terminal_table.ts";
import { WORKLOADS } from "./workload.ts";

async function measure(options: BenchOptions): Promise<Results> {
  const earlier = options.earlier === "keep" ? await readResults() : undefined;
  const whole = (results: Results) => earlier === undefined ? results : mergeResults(earlier, results);
  const say = (line: string) => console.error(line);
  const team = await gatherTeam(pickContenders(CONTENDERS, options.contenders), say);
  const command = ["deno task bench", ...Deno.args].join(" ");
  const save = (results: Results) => writeResults(whole(results));
  const results = await measureAll(options, { team, workloads: WORKLOADS, command, say, save });
  print(results);
  return whole(results);
}

function print(results: Results): void {
  for (const table of reportTables(results, WORKLOADS, FLOOR)) {
    console.log(`\n${table.title}\n${terminalTable(cellsOf(table, FLOOR))}`);
  }
  const growth = growthCells(results.measurements);
  if (growth.length > 0) console.log(`\nW9 Time per migration\n${terminalTable(growth)}`);
  if (results.wire.length > 0) console.log(`\nRound trips and commits\n${terminalTable(wireCells(results.wire))}`);
  for (const [name, reason] of Object.entries(results.absent)) console.log(`\n${name} did not take part: ${reason}`);
}

async function redraw(): Promise<Results> {
  const results = await readResults();
  if (results === undefined) throw new Error("Cannot redraw the report: nothing was measured before");
  return results;
}

function list(): void {
  for (const { id, title } of WORKLOADS) console.log(`${id.padEnd(18)} ${title}`);
  console.log(`${"wire".padEnd(18)} Round trips and commits of 100 migrations, counted\n`);
  for (const { name, kind, how } of CONTENDERS) console.log(`${name.padEnd(18)} ${kind.padEnd(6)} ${how}`);
}

async function main(args: readonly string[]): Promise<void> {
  const names = { workloads: WORKLOADS.map(({ id }) => id), contenders: CONTENDERS.map(({ name }) => name) };
  const options = parseOptions(args, names);
  if (options.task === "help") return console.log(USAGE.trimEnd());
  if (options.task === "list") return list();
  const results = options.task === "redraw" ? await redraw() : await measure(options);
  const page = await writeReport(results, { workloads: WORKLOADS, floor: FLOOR, target: options.report });
  console.log(`\nReport: ${page}`);
}

try {
  await main(Deno.args);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  Deno.exit(1);
}
