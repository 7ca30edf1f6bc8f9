/**
 * Compares migration files with the history.
 *
 * @module
 */

import { type GraphFault, orderMigrations } from "./graph.ts";
import type { Migration } from "./migration.ts";
import type { FileOutline } from "./migration_fields.ts";
import { nearestName } from "./nearest.ts";
import { positionAt } from "./position.ts";
import type { Problem } from "./problem.ts";
import type { MigrationRecord } from "./record.ts";
import { type Difference, MigrationStatus } from "./status.ts";

/** Files and history side by side. */
export interface Comparison {
  /** Counts and lists, as a user sees them. */
  readonly status: MigrationStatus;
  /** Every file, in the order in which all of them would be applied to an empty database. */
  readonly order: readonly Migration[];
  /** Every row of the history, in order of application. */
  readonly records: readonly MigrationRecord[];
  /** Dependencies that cannot be met; empty if the order is sound. */
  readonly problems: readonly Problem[];
}

/** What {@linkcode compare} takes. */
export interface CompareInput {
  /** Name of the database. */
  readonly dbName: string;
  /** All files, in any order. */
  readonly migrations: readonly Migration[];
  /** All rows of the history, with token checksums of this release's kind. */
  readonly records: readonly MigrationRecord[];
  /**
   * Names of files that are there but cannot be used: they are neither missing nor unknown.
   *
   * @default {"none"}
   */
  readonly broken?: ReadonlySet<string>;
}

/**
 * Compares files with history rows.
 *
 * @param input Files and rows.
 * @returns What is applied, pending, changed and so on, and the order of all files.
 */
export function compare(input: CompareInput): Comparison {
  const records = input.records.toSorted((a, b) => a.seq - b.seq);
  const byName = new Map(records.map((record) => [record.name, record]));
  const ran = records.filter((record) => record.isApplied || record.partial !== null);
  const broken = input.broken ?? new Set();
  const known = new Set([...ran.map((record) => record.name), ...broken]);
  const { order, faults } = orderMigrations(input.migrations, (name) => known.has(name));
  const files = new Map(input.migrations.map((migration) => [migration.name, migration]));
  const isGone = (record: MigrationRecord) => !files.has(record.name) && !broken.has(record.name);
  const pending = order.filter((migration) => byName.get(migration.name)?.isApplied !== true);
  const renamed = findRenamed(ran.filter(isGone), pending, byName);
  const renamedRecords = new Set(renamed.map((difference) => difference.record.name));
  const renamedFiles = new Set(renamed.map((difference) => difference.migration.name));
  const both = records.filter((record) => record.isApplied).flatMap((record) => {
    const migration = files.get(record.name);
    return migration === undefined ? [] : [{ record, migration }];
  });
  const status = new MigrationStatus({
    dbName: input.dbName,
    applied: records.filter((record) => record.isApplied),
    pending,
    totalFiles: input.migrations.length,
    failed: records.filter((record) =>
      !record.isApplied && (record.partial !== null || (record.error !== null && files.has(record.name)))
    ),
    missing: ran.filter((record) => isGone(record) && !renamedRecords.has(record.name)),
    changed: both.filter(({ record, migration }) => record.tokenChecksum !== migration.tokenChecksum),
    reformatted: both.filter(({ record, migration }) =>
      record.tokenChecksum === migration.tokenChecksum && record.checksum !== migration.checksum
    ),
    renamed,
    late: findLate(order, pending, ran).filter((migration) => !renamedFiles.has(migration.name)),
  });
  return {
    status,
    order,
    records,
    problems: faults.map((fault) => describeFault(fault, { names: [...known, ...files.keys()] })),
  };
}

/** Pairs applied migrations whose file is gone with pending files: first by text, then by version, each once. */
function findRenamed(
  gone: readonly MigrationRecord[],
  pending: readonly Migration[],
  byName: ReadonlyMap<string, MigrationRecord>,
): Difference[] {
  const fresh = new Set(pending.filter((migration) => (byName.get(migration.name)?.partial ?? null) === null));
  const pairs = new Map<MigrationRecord, Migration>();
  const pair = (key: (one: MigrationRecord | Migration) => string | number) => {
    const files = new Map([...fresh].map((migration) => [key(migration), migration]));
    for (const record of gone) {
      const migration = files.get(key(record));
      if (pairs.has(record) || migration === undefined || !fresh.delete(migration)) continue;
      pairs.set(record, migration);
    }
  };
  pair((one) => one.checksum);
  pair((one) => one.version);
  return gone.flatMap((record) => {
    const migration = pairs.get(record);
    return migration === undefined ? [] : [{ record, migration }];
  });
}

/** Pending ones of a lower version than an applied one that comes after them in the order. */
function findLate(
  order: readonly Migration[],
  pending: readonly Migration[],
  ran: readonly MigrationRecord[],
): Migration[] {
  const names = new Set(ran.map((record) => record.name));
  const waiting = new Set(pending.map((migration) => migration.name));
  const files = new Set(order.map((migration) => migration.name));
  let highest = ran.reduce((top, record) => files.has(record.name) ? top : Math.max(top, record.version), -1);
  const late: Migration[] = [];
  for (const migration of order.toReversed()) {
    if (waiting.has(migration.name) && !names.has(migration.name) && migration.version < highest) late.push(migration);
    if (names.has(migration.name)) highest = Math.max(highest, migration.version);
  }
  return late.reverse();
}

/** What {@linkcode describeFault} knows beside the fault. */
export interface FaultContext {
  /** Names that a dependency may have been meant to be. */
  readonly names: readonly string[];
  /**
   * The lowest version of the files, if no history was at hand: a dependency below it is then only warned of.
   *
   * @default {0}
   */
  readonly lowest?: number;
}

/**
 * Puts a fault of the graph into words, with the line of the header that it is about.
 *
 * @param fault The fault.
 * @param context What else is known.
 * @returns The finding.
 */
export function describeFault(fault: GraphFault<FileOutline>, { names, lowest = 0 }: FaultContext): Problem {
  switch (fault.type) {
    case "self":
      return dependencyProblem(fault.node, fault.node.name, `Migration "${fault.node.name}" depends on itself`, {
        hint: "Remove its own name from Depends",
      });
    case "cycle": {
      const path = [...fault.path, fault.path[0]!].map((node) => node.name);
      return dependencyProblem(fault.path[0]!, path[1]!, `Dependencies form a cycle: ${path.join(" -> ")}`, {
        hint: "Remove one of these dependencies",
      });
    }
    case "unknown": {
      const message = `Unknown dependency "${fault.dependency}"`;
      if (Number.parseInt(fault.dependency, 10) < lowest) {
        const hint = "It is older than every file here: it must be applied in the database already";
        return dependencyProblem(fault.node, fault.dependency, message, { severity: "warning", hint });
      }
      const nearest = nearestName(fault.dependency, names.filter((name) => name !== fault.node.name));
      const hint = nearest === undefined
        ? "There is no file of that name, and none was applied"
        : `Did you mean "${nearest}"?`;
      return dependencyProblem(fault.node, fault.dependency, message, { hint });
    }
  }
}

function dependencyProblem(
  migration: FileOutline,
  dependency: string,
  message: string,
  options: { readonly severity?: Problem["severity"]; readonly hint: string },
): Problem {
  return {
    code: "dependency",
    severity: options.severity ?? "error",
    message,
    path: migration.path,
    name: migration.name,
    ...positionAt(migration.text, findInHeader(migration.text, dependency)),
    hint: options.hint,
  };
}

/** Offset of a name in the line that declares the dependencies; the start of the file if it is not there. */
function findInHeader(text: string, name: string): number {
  const line = /^[ \t]*--[ \t]*depends[ \t]*:.*$/im.exec(text);
  if (line === null) return 0;
  const names = /[^\s,]+/g;
  names.lastIndex = line[0].indexOf(":") + 1;
  for (let found = names.exec(line[0]); found !== null; found = names.exec(line[0])) {
    if (found[0] === name) return line.index + found.index;
  }
  return line.index;
}
