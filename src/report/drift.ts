/**
 * Drift, in words.
 *
 * @module
 */

import type { Drift } from "../rehearsal/drift.ts";
import type { Fields } from "./json.ts";
import { differenceFields, formatDifferences } from "./schema_differences.ts";
import type { Style } from "./style.ts";
import { countOf } from "./wording.ts";

/**
 * Prints drift as a diff: from what the history says to what the database holds.
 *
 * @param drift The drift.
 * @param style Emphasis.
 * @returns Lines.
 */
export function formatDrift({ db, differences, applied }: Drift, style: Style): string[] {
  const said = countOf(applied.length, "applied migration");
  if (differences.length === 0) return [`${db}: no drift from ${said}`];
  return [
    `${db}: ${countOf(differences.length, "difference")} between ${said} (-) and the database (+)`,
    ...formatDifferences(differences, style).map((line) => `  ${line}`),
  ];
}

/**
 * Advises on drift.
 *
 * @param drift The drift.
 * @returns Lines; none where there is nothing to say.
 */
export function adviseOnDrift({ differences, partial }: Drift): string[] {
  const hasOwners = differences.some(({ attributes }) => attributes.some(({ name }) => name === "owner"));
  return [
    ...(partial.length === 0 ? [] : [`Part-way, and so not compared: ${partial.join(", ")}`]),
    ...(hasOwners ? ["If migrations run as another role than the one that connects, name it with --role"] : []),
    ...(differences.length === 0 ? [] : ["Next: Undo it in the database, or write it into a new migration"]),
  ];
}

/**
 * Makes the keys that `drift` adds.
 *
 * @param drift The drift.
 * @returns engine, applied, partial, differences.
 */
export function driftFields({ engine, applied, partial, differences }: Drift): Fields {
  return { engine, applied, partial, differences: differences.map(differenceFields) };
}
