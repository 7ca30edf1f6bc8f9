/**
 * The tables that stand for all, and their ratios side by side.
 *
 * @module
 */

import { ratioText, type ReportTable } from "./report_tables.ts";

/** The number of migrations at which growth shows; the smaller ones are those of other workloads. */
const LARGEST = "10,000";

/**
 * Of each workload and variant the table of the first condition, if it has ratios.
 *
 * @param tables All tables, in the order of the report.
 * @returns Those that a picture and a summary have room for.
 */
export function mainTables(tables: readonly ReportTable[]): readonly ReportTable[] {
  const seen = new Set<string>();
  return tables.filter(({ id, variant, rows }) => {
    const key = `${id} ${variant}`;
    const isFirst = !seen.has(key);
    seen.add(key);
    const hasRatios = rows.some(({ ratio }) => ratio !== undefined && ratio.median !== 1);
    return isFirst && hasRatios && (id !== "W9" || variant === LARGEST);
  });
}

/**
 * Header and cells: a row for each contender, a column for each of the main tables.
 *
 * @param tables All tables, in the order of the report.
 * @param names Names of the contenders, in the order of the report.
 * @returns Them; nothing if there is no table with ratios.
 */
export function summaryCells(
  tables: readonly ReportTable[],
  names: readonly string[],
): readonly (readonly string[])[] {
  const main = mainTables(tables);
  if (main.length === 0) return [];
  const rows = names.map((name) => [name, ...main.map((table) => cellOf(table, name))]);
  return [
    ["contender", ...main.map(({ id, variant }) => variant === "" ? id : `${id} ${variant}`)],
    ...rows.filter((row) => row.slice(1).some((cell) => cell !== "")),
  ];
}

function cellOf({ rows }: ReportTable, name: string): string {
  const row = rows.find(({ contender }) => contender === name);
  if (row === undefined) return "";
  if (row.ratio !== undefined) return ratioText(row.ratio.median);
  return row.failed === undefined ? "" : "failed";
}
