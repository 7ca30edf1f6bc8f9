/**
 * Results as tables: for each workload a row for each contender.
 *
 * @module
 */

import type { Measurement, Results } from "./results.ts";
import { ratiosOf, type Spread, spreadOf } from "./statistics.ts";
import type { Workload } from "./workload.ts";

/** A table. */
export interface ReportTable {
  /** What it is about. */
  readonly title: string;
  /** `W1` … */
  readonly id: string;
  /** What is varied within the workload. */
  readonly variant: string;
  /** The measurements that it shows. */
  readonly rows: readonly ReportRow[];
}

/** A row of it. */
export interface ReportRow {
  readonly contender: string;
  /** The values themselves. */
  readonly value?: Spread;
  readonly unit: Measurement["unit"];
  /** As a multiple of the floor of all. */
  readonly ratio?: Spread;
  /** As a multiple of the floor of its runtime, for a workload that a script does, too. */
  readonly runtimeRatio?: Spread;
  /** Why there is no value. */
  readonly failed?: string;
}

/** How conditions are called. */
const STORAGE = { memory: "data in memory", disk: "data on disk" } as const;
const COMMIT = { wait: "commits wait", async: "synchronous_commit=off" } as const;

/**
 * Makes the tables.
 *
 * @param results What was measured.
 * @param workloads All workloads, in the order of the report.
 * @param floor Name of the contender that all are compared with.
 * @returns A table for each variant and condition that was measured.
 */
export function reportTables(results: Results, workloads: readonly Workload[], floor: string): readonly ReportTable[] {
  return workloads.flatMap((workload) => {
    const own = results.measurements.filter((one) => one.workload === workload.id);
    return [...Map.groupBy(own, titleOf).entries()].map(([title, measurements]) => ({
      id: workload.id,
      variant: measurements[0]!.variant,
      title: `${workload.id} ${workload.title}${title}`,
      rows: rowsOf(results, measurements, floor),
    }));
  });
}

function titleOf({ variant, storage, commit, workload }: Measurement): string {
  const conditions = workload === "W6" ? [variant] : [variant, STORAGE[storage], COMMIT[commit]];
  const words = conditions.filter(Boolean).join(", ");
  return words === "" ? "" : ` (${words})`;
}

/** In the order of the contenders, which is not always that of the measurements. */
function rowsOf(results: Results, measurements: readonly Measurement[], floor: string): readonly ReportRow[] {
  const byName = new Map(measurements.map((one) => [one.contender, one]));
  const floorValues = byName.get(floor)?.values ?? [];
  return results.participants.flatMap(({ name, runtime }) => {
    const measurement = byName.get(name);
    if (measurement === undefined) return [];
    const { values, unit, failed } = measurement;
    const script = byName.get(`script-${runtime}`);
    return [{
      contender: name,
      unit,
      ...defined("value", spreadOf(values.filter((value) => value !== null))),
      ...(unit === "ms" ? defined("ratio", ratiosOf(values, floorValues)) : {}),
      ...(script === undefined ? {} : defined("runtimeRatio", ratiosOf(values, script.values))),
      ...defined("failed", failed),
    }];
  });
}

function defined<K extends string, T>(key: K, value: T | undefined): { readonly [P in K]?: T } {
  return value === undefined ? {} : { [key]: value } as { readonly [P in K]: T };
}

/** Header and cells of a table as texts. */
export function cellsOf({ rows }: ReportTable, floor: string): readonly (readonly string[])[] {
  const hasRatio = rows.some(({ ratio }) => ratio !== undefined);
  const hasRuntime = rows.some(({ runtimeRatio }) => runtimeRatio !== undefined);
  const header = [
    "contender",
    rows[0]?.unit === "MB" ? "MB" : "time",
    "range",
    ...(hasRatio ? [`× ${floor}`, "range"] : []),
    ...(hasRuntime ? ["× script of its runtime"] : []),
    "runs",
  ];
  return [
    header,
    ...rows.map(({ contender, value, unit, ratio, runtimeRatio, failed }) =>
      value === undefined ? [contender, `failed: ${failed ?? "no value"}`] : [
        failed === undefined ? contender : `${contender} (then failed: ${failed})`,
        valueText(value.median, unit),
        rangeOf(value, (one) => valueText(one, unit)),
        ...(hasRatio ? ratioCells(ratio) : []),
        ...(hasRuntime ? [runtimeRatio === undefined ? "" : ratioText(runtimeRatio.median)] : []),
        `${value.count}`,
      ]
    ),
  ];
}

function ratioCells(ratio: Spread | undefined): readonly string[] {
  return ratio === undefined ? ["", ""] : [ratioText(ratio.median), rangeOf(ratio, ratioText)];
}

function rangeOf({ low, high, count }: Spread, text: (value: number) => string): string {
  return count === 1 ? "" : `${text(low)} – ${text(high)}`;
}

/** Three digits: more would be noise. */
function valueText(value: number, unit: Measurement["unit"]): string {
  if (unit === "MB") return value.toFixed(0);
  return value < 1_000 ? `${digits(value)} ms` : `${digits(value / 1_000)} s`;
}

/** A ratio, so that differences of a few percent show where they matter. */
export function ratioText(ratio: number): string {
  return ratio < 0.1 ? ratio.toPrecision(2) : digits(ratio);
}

function digits(value: number): string {
  return value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : value.toFixed(0);
}
