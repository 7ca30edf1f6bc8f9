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
  if (differences.length === 0) {
    const isEmpty = applied.length === 0 && partWay.length === 0;
    return [
      isEmpty ? `${db}: no drift: nothing is applied, and the database is empty` : `${db}: no drift from ${said}`,
    ];
  }
  return [
    `${db}: ${countOf(differences.length, "difference")} between ${said} (-) and the database (+)`,
    ...formatDifferences(differences, style).map((line) => `  ${line}`),
  ];
}

/** What advice on drift depends on. */
export interface DriftAdvice {
  /** Writes a command as it is typed. */
  readonly commandLine: CommandLine;
  /** The role that was named. */
  readonly role?: string | undefined;
}

/**
 * Advises on drift.
 *
 * @param drift The drift.
 * @param advice What the advice depends on.
 * @returns Lines; none where there is nothing to say.
 */
export function adviseOnDrift(drift: Drift, advice: DriftAdvice): string[] {
  return [
    ...drift.partWay.map((one) => describePartWay(one, advice.commandLine)),
    ...adviseOnDifferences(drift, advice),
  ];
}

function describePartWay({ name, direction, unitsDone, units, openUnit }: PartWay, commandLine: CommandLine): string {
  const section = direction === "up" ? "" : "the rollback of ";
  const next = openUnit === null ? "" : `, and what unit ${openUnit} does may be there or not`;
  const command = commandLine(direction === "up" ? "up" : `down ${name}`);
  return `Part-way: of ${section}${name} ${unitsDone} of ${
    countOf(units, "unit")
  } count as done${next}; ${command} goes on`;
}

function adviseOnDifferences({ differences, applied, partWay }: Drift, { commandLine, role }: DriftAdvice): string[] {
  if (differences.length === 0) return [];
  if (applied.length === 0 && partWay.length === 0) {
    const baseline = commandLine("baseline --to NAME");
    return [
      "Next: See that it is the right database: its history holds nothing. What these migrations made without it is " +
      `recorded by ${baseline}; what was there before them belongs into a first migration`,
    ];
  }
  const hasOwners = differences.some(({ attributes }) => attributes.some(({ name }) => name === "owner"));
  return [
    ...(hasOwners && role === undefined
      ? [
        "Objects are expected to belong to who applied the migrations: if these run as another role, name it with --role",
      ]
      : []),
    "Next: Undo it in the database; or keep it, and write it into a new migration that also runs where it is there " +
    `already (IF EXISTS, IF NOT EXISTS), then ${commandLine("up")}`,
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
