/**
 * Drift, in words.
 *
 * @module
 */

import type { Drift } from "../rehearsal/drift.ts";
import type { PartWay } from "../rehearsal/part_way.ts";
import type { CommandLine } from "./advice.ts";
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
export function formatDrift({ db, differences, applied, partWay }: Drift, style: Style): string[] {
  const more = partWay.length === 0 ? "" : ` and ${partWay.length} part-way`;
  const said = `${countOf(applied.length, "applied migration")}${more}`;
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
 * @param commandLine Writes a command as it is typed.
 * @returns Lines; none where there is nothing to say.
 */
export function adviseOnDrift(drift: Drift, commandLine: CommandLine): string[] {
  return [...drift.partWay.map((one) => describePartWay(one, commandLine)), ...adviseOnDifferences(drift, commandLine)];
}

function describePartWay({ name, direction, unitsDone, units, openUnit }: PartWay, commandLine: CommandLine): string {
  const section = direction === "up" ? "" : "the rollback of ";
  const next = openUnit === null ? "" : `, and what unit ${openUnit} does may be there or not`;
  const command = commandLine(direction === "up" ? "up" : `down ${name}`);
  return `Part-way: of ${section}${name} ${unitsDone} of ${countOf(units, "unit")} count as done${next}; ${command} goes on`;
}

function adviseOnDifferences({ differences, applied, partWay }: Drift, commandLine: CommandLine): string[] {
  if (differences.length === 0) return [];
  if (applied.length === 0 && partWay.length === 0) {
    return [
      `Next: The history is empty. If migrations made this, record them with ${commandLine("baseline --to NAME")}; ` +
      "if it is not theirs, it needs a database of its own, or migrations that begin with it",
    ];
  }
  const hasOwners = differences.some(({ attributes }) => attributes.some(({ name }) => name === "owner"));
  return [
    ...(hasOwners ? ["If migrations run as another role than the one that connects, name it with --role"] : []),
    "Next: Change the database back by hand, or keep the change: write it into a new migration " +
    `(${commandLine('new "WHAT CHANGED"')}) that runs where it is there already, too (IF EXISTS, IF NOT EXISTS), ` +
    `and apply it with ${commandLine("up")}`,
  ];
}

/**
 * Makes the keys that `drift` adds.
 *
 * @param drift The drift.
 * @returns engine, applied, partial, partWay, differences.
 */
export function driftFields({ engine, applied, partWay, differences }: Drift): Fields {
  const partial = partWay.map(({ name }) => name);
  return { engine, applied, partial, partWay, differences: differences.map(differenceFields) };
}
