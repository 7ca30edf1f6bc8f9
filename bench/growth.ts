/**
 * What each migration takes where there are many: the workload that is run with several numbers of them.
 *
 * @module
 */

import type { Measurement } from "./results.ts";
import { ratioText } from "./report_tables.ts";
import { spreadOf } from "./statistics.ts";

/** Id of the workload. */
const GROWTH = "W9";

/**
 * Header and cells of a table: milliseconds per migration by number of migrations, and the last number beside the one before.
 *
 * @param measurements All that was measured.
 * @returns Nothing if growth was not measured with two numbers at least.
 */
export function growthCells(measurements: readonly Measurement[]): readonly (readonly string[])[] {
  const own = measurements.filter(({ workload }) => workload === GROWTH);
  const counts = [...new Set(own.map(({ variant }) => variant))];
  const [before, last] = counts.slice(-2);
  if (before === undefined || last === undefined) return [];
  const rows = Map.groupBy(own, ({ contender }) => contender).entries().map(([contender, ones]) => {
    const each = new Map(ones.map((one) => [one.variant, perMigration(one)]));
    const [small, large] = [each.get(before), each.get(last)];
    return [
      contender,
      ...counts.map((count) => each.get(count)?.toFixed(2) ?? "failed"),
      small === undefined || large === undefined ? "" : ratioText(large / small),
    ];
  });
  return [["contender", ...counts.map((count) => `ms of ${count}`), `${last} : ${before}`], ...rows];
}

function perMigration({ variant, values }: Measurement): number | undefined {
  const spread = spreadOf(values.filter((value) => value !== null));
  return spread === undefined ? undefined : spread.median / Number(variant.replaceAll(",", ""));
}
