import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { drawChart } from "../../bench/chart.ts";
import { growthCells } from "../../bench/growth.ts";
import { reportPage } from "../../bench/report_page.ts";
import { cellsOf, ratioText, reportTables } from "../../bench/report_tables.ts";
import { mainTables, summaryCells } from "../../bench/summary.ts";
import { terminalTable } from "../../bench/terminal_table.ts";
import { WORKLOADS } from "../../bench/workload.ts";
import { SAMPLE } from "./sample_results.ts";

const tables = reportTables(SAMPLE, WORKLOADS, "psql");
const GOLDEN = new URL("report_golden.txt", import.meta.url);

/** The cells of the table whose title begins so. */
function cells(title: string): readonly (readonly string[])[] {
  return cellsOf(tables.find((table) => table.title.startsWith(title))!, "psql");
}

Deno.test("reportTables() makes a table for each workload, variant and condition, in the order of the workloads", () => {
  assertEquals(tables.map(({ title }) => title), [
    "W1 Apply 100 migrations to an empty database (data in memory, commits wait)",
    "W1 Apply 100 migrations to an empty database (data on disk, synchronous_commit=off)",
    "W3 Nothing to do, 1,000 applied (data in memory, commits wait)",
    "W7 Apply 100 migrations to a server far away (5 ms each way, data in memory, commits wait)",
    "W9 Growth: apply everything to an empty database (100, data in memory, commits wait)",
    "W9 Growth: apply everything to an empty database (1,000, data in memory, commits wait)",
    "W9 Growth: apply everything to an empty database (10,000, data in memory, commits wait)",
    "W10 Peak memory while migrations are applied (1,000, data in memory, commits wait)",
  ]);
});

Deno.test("cellsOf() shows medians, ranges, ratios of each round, the number of runs, and why there is no figure", () => {
  assertEquals(cells("W1 Apply 100 migrations to an empty database (data in memory"), [
    ["contender", "time", "range", "× psql", "range", "runs"],
    ["psql", "100 ms", "100 ms – 2.00 s", "1.00", "1.00 – 1.00", "3"],
    ["node", "150 ms", "120 ms – 2.20 s", "1.20", "1.10 – 1.50", "3"],
    ["slowtool", "9.00 s", "", "90.0", "", "1"],
    ["liar", "failed: 0 tables are there, not 100"],
  ]);
});

Deno.test("cellsOf() compares with the script of the same runtime where that does the workload, too", () => {
  assertEquals(cells("W3").map((row) => [row[0], row[5]]), [
    ["contender", "× script of its runtime"],
    ["psql", ""],
    ["script-node", "1.00"],
    ["node", "1.30"],
  ]);
});

Deno.test("cellsOf() shows memory without ratios", () => {
  assertEquals(cells("W10"), [["contender", "MB", "range", "runs"], ["node", "95", "", "1"]]);
});

Deno.test("growthCells() divides by the number of migrations and compares the last two numbers", () => {
  assertEquals(growthCells(SAMPLE.measurements), [
    ["contender", "ms of 100", "ms of 1,000", "ms of 10,000", "10,000 : 1,000"],
    ["node", "2.10", "1.80", "2.00", "1.11"],
  ]);
  assertEquals(growthCells(SAMPLE.measurements.filter(({ variant }) => variant !== "1,000" && variant !== "100")), []);
});

Deno.test("ratioText() has two digits after the point where they matter, and keeps small ratios apart", () => {
  assertEquals([0.0123, 0.97, 1, 9.994, 10.04, 41.26, 412.6].map(ratioText), [
    ...["0.012", "0.97", "1.00", "9.99", "10.0", "41.3", "413"],
  ]);
});

Deno.test("terminalTable() aligns numbers to the right and lets a reason run on", () => {
  assertEquals(
    terminalTable([["contender", "time", "runs"], ["a", "9 ms", "3"], ["b", "failed: it is a long story"]]),
    [
      "contender  time  runs",
      "a          9 ms     3",
      "b          failed: it is a long story",
    ].join("\n"),
  );
});

Deno.test("reportPage() is as report_golden.txt has it", async () => {
  const page = reportPage({ results: SAMPLE, tables, floor: "psql", picture: "benchmarks.svg" });
  if (Deno.env.get("UPDATE_GOLDEN") !== undefined) await Deno.writeTextFile(GOLDEN, page);
  assertEquals(page, await Deno.readTextFile(GOLDEN));
});

Deno.test("mainTables() takes the first condition of each workload and variant that has ratios", () => {
  assertEquals(mainTables(tables).map(({ id, variant }) => `${id} ${variant}`.trim()), [
    "W1",
    "W3",
    "W7 5 ms each way",
  ]);
});

Deno.test("summaryCells() puts ratios side by side and leaves out who has none", () => {
  assertEquals(summaryCells(tables, [...SAMPLE.participants.map(({ name }) => name), "nobody"]), [
    ["contender", "W1", "W3", "W7 5 ms each way"],
    ["psql", "1.00", "1.00", "1.00"],
    ["script-node", "", "10.0", ""],
    ["node", "1.20", "13.0", "0.030"],
    ["slowtool", "90.0", "", ""],
    ["liar", "failed", "", ""],
  ]);
  assertEquals(summaryCells([], ["psql"]), []);
});

Deno.test("drawChart() draws a bar and a number for each ratio, none for what failed, and a dark side", async () => {
  const picture = await drawChart(SAMPLE, tables, "psql");
  assertEquals(picture.match(/<svg /g)?.length, 4);
  for (const text of ["1.20×", "90.0×", "0.030×", "13.0×", "this tool"]) assertStringIncludes(picture, `>${text}<`);
  assert(!picture.includes(">liar<"));
  assertStringIncludes(picture, "prefers-color-scheme: dark");
  const widths = [...picture.matchAll(/<rect fill="#2f81f7"[^>]* width="([\d.]+)"/g)].map(([, width]) => Number(width));
  // Ours has one in each block.
  assertEquals(widths.length, 3);
  assert(widths.every((width) => width > 0));
});
