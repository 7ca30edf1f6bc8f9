/**
 * Results and reports as files.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { capture } from "../scripts/capture.ts";
import { root } from "../scripts/deno.ts";
import { drawChart } from "./chart.ts";
import { HOME } from "./npm_project.ts";
import { reportPage } from "./report_page.ts";
import { reportTables } from "./report_tables.ts";
import type { Results } from "./results.ts";
import type { Workload } from "./workload.ts";

const RESULTS = new URL("results.json", HOME);

/** What a report is made of. */
export interface ReportOptions {
  readonly workloads: readonly Workload[];
  /** Name of the contender that all are compared with. */
  readonly floor: string;
  /** Where it goes. */
  readonly target: "docs" | "dist";
}

/** Reads the results of earlier runs, if there are any. */
export async function readResults(): Promise<Results | undefined> {
  const text = await Deno.readTextFile(RESULTS).catch(() => undefined);
  if (text === undefined) return undefined;
  const results: Results = JSON.parse(text);
  if (results.format !== 1) throw new Error(`Cannot read "${RESULTS.pathname}": it is of another format`);
  return results;
}

/** Keeps results for later runs. */
export async function writeResults(results: Results): Promise<void> {
  await Deno.mkdir(HOME, { recursive: true });
  await Deno.writeTextFile(RESULTS, `${JSON.stringify(results, null, 2)}\n`);
}

/**
 * Writes page and picture.
 *
 * @param results What was measured.
 * @param options How it is shown.
 * @returns The path of the page.
 */
export async function writeReport(results: Results, { workloads, floor, target }: ReportOptions): Promise<string> {
  const folder = target === "docs" ? new URL("docs/", root) : HOME;
  const tables = reportTables(results, workloads, floor);
  const picture = "benchmarks.svg";
  const page = new URL("benchmarks.md", folder);
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(page, reportPage({ results, tables, floor, picture }));
  await Deno.writeTextFile(new URL(picture, folder), await drawChart(results, tables, floor));
  // What is in docs/ is formatted as everything else is.
  if (target === "docs") await capture(Deno.execPath(), ["fmt", "-q", fileURLToPath(page)]);
  return page.pathname.slice(root.pathname.length);
}
