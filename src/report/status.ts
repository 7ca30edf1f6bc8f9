/**
 * The table of `status`.
 *
 * @module
 */

import { formatDuration } from "../core/duration.ts";
import type { Migration } from "../core/migration.ts";
import { describeUnits, type MigrationRecord } from "../core/record.ts";
import { isSameMigration, type MigrationStatus } from "../core/status.ts";
import { oneLine } from "./printable.ts";
import type { Paint, Style } from "./style.ts";
import { type Cell, formatTable } from "./table.ts";
import { formatTime } from "./time.ts";

/** The word for how one migration stands. */
type State = "applied" | "changed" | "reformatted" | "renamed" | "missing" | "pending" | "late" | "failed" | "part-way";

/** One line of the table. */
interface Line {
  readonly state: State;
  readonly name: string;
  readonly record?: MigrationRecord | undefined;
  readonly note?: string | undefined;
}

/**
 * Prints how files and database stand to each other.
 *
 * @param status The status.
 * @param style Emphasis.
 * @returns A line that counts, and a table where there is anything.
 */
export function formatStatus(status: MigrationStatus, style: Style): string[] {
  const head = `${style.bold(status.dbName)}: ${summarizeStatus(status)}`;
  const lines = [...appliedLines(status), ...pendingLines(status)];
  if (lines.length === 0) return [head];
  const paints = statePaints(style);
  const rows = lines.map(({ state, name, record, note }): Cell[] => [
    { text: state, paint: paints[state] },
    /^\d+/.exec(name)?.[0] ?? "",
    name,
    record?.appliedAt ? formatTime(record.appliedAt) : "",
    record?.appliedAt && record.durationMs !== null ? formatDuration(record.durationMs) : "",
    { text: note ?? "", paint: style.dim },
  ]);
  const table = formatTable(
    [
      { title: "STATE" },
      { title: "VERSION", align: "right" },
      { title: "NAME" },
      { title: "APPLIED AT" },
      { title: "TIME", align: "right" },
      { title: "NOTE" },
    ],
    rows,
    style,
  );
  return [head, "", ...table];
}

/**
 * Counts what a status holds; what is not as it should be stands behind what it is one of.
 *
 * @param status The status.
 * @returns `3 applied (1 changed), 2 pending (1 late), 1 failed`.
 */
export function summarizeStatus(status: MigrationStatus): string {
  if (status.totalFiles + status.applied.length + status.missing.length === 0) return "no migrations";
  const applied = countStates(appliedLines(status));
  const pending = countStates(pendingLines(status));
  const partial = (applied["part-way"] ?? 0) + (pending["part-way"] ?? 0);
  return [
    `${status.applied.length} applied${qualify(applied, ["changed", "reformatted", "renamed", "missing"])}`,
    `${(pending.pending ?? 0) + (pending.late ?? 0)} pending${qualify(pending, ["late"])}`,
    ...listStates({ ...pending, "part-way": partial }, ["failed", "part-way"]),
  ].join(", ");
}

/** How many lines there are of each state. */
type StateCounts = Readonly<Partial<Record<State, number>>>;

function countStates(lines: readonly Line[]): StateCounts {
  const counts: Partial<Record<State, number>> = {};
  for (const { state } of lines) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

function listStates(counts: StateCounts, states: readonly State[]): string[] {
  return states.flatMap((state) => counts[state] ? [`${counts[state]} ${state}`] : []);
}

function qualify(counts: StateCounts, states: readonly State[]): string {
  const parts = listStates(counts, states);
  return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
}

function appliedLines(status: MigrationStatus): Line[] {
  const changed = new Set(status.changed.map(({ record }) => record.name));
  const reformatted = new Set(status.reformatted.map(({ record }) => record.name));
  const missing = new Set(status.missing.map((record) => record.name));
  const renamed = new Map(status.renamed.map((difference) => [difference.record.name, difference]));
  const gone = [...status.missing, ...status.renamed.map(({ record }) => record)]
    .filter((record) => !record.isApplied);
  return [...status.applied, ...gone].map((record) => {
    const { name } = record;
    if (changed.has(name)) return { state: "changed", name, record, note: "edited after it was applied" };
    const difference = renamed.get(name);
    if (difference !== undefined) {
      const file = difference.migration.name;
      return isSameMigration(difference)
        ? { state: "renamed", name, record, note: `the file is ${file} by now` }
        : { state: "missing", name, record, note: `has no file; ${file} has its version, but other statements` };
    }
    if (!record.isApplied) return { state: "part-way", name, record, note: describePartial(record) };
    if (missing.has(name)) return { state: "missing", name, record, note: "has no file" };
    if (reformatted.has(name)) {
      return { state: "reformatted", name, record, note: "edited after it was applied, but not its statements" };
    }
    return { state: "applied", name, record };
  });
}

function pendingLines(status: MigrationStatus): Line[] {
  const failed = new Map(status.failed.map((record) => [record.name, record]));
  const late = new Set(status.late.map((migration) => migration.name));
  const renamed = new Map(status.renamed.map((difference) => [difference.migration.name, difference]));
  return status.pending.map(({ name }: Migration) => {
    const record = failed.get(name);
    if (record?.partial) return { state: "part-way", name, note: describePartial(record) };
    if (record !== undefined) return { state: "failed", name, note: oneLine(record.error ?? "") };
    const difference = renamed.get(name);
    if (difference !== undefined) {
      const applied = difference.record.name;
      return isSameMigration(difference)
        ? { state: "renamed", name, note: `is applied as ${applied}` }
        : { state: "pending", name, note: `has the version of ${applied}, but other statements` };
    }
    if (late.has(name)) return { state: "late", name, note: "comes before an applied one" };
    return { state: "pending", name };
  });
}

function describePartial(record: MigrationRecord): string {
  const section = record.partial === "down" ? "rollback" : "migration";
  const done = `${section} ${describeUnits(record)}`;
  return record.error === null ? done : `${done}: ${oneLine(record.error)}`;
}

function statePaints(style: Style): Readonly<Record<State, Paint>> {
  return {
    applied: style.green,
    reformatted: style.yellow,
    missing: style.yellow,
    late: style.yellow,
    pending: style.cyan,
    changed: style.red,
    renamed: style.red,
    failed: style.red,
    "part-way": style.red,
  };
}
