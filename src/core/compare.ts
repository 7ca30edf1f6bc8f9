/**
 * Compares migration files with the history.
 *
 * @module
 */

import { describeFaults } from "./fault.ts";
import { orderMigrations } from "./graph.ts";
import type { Migration } from "./migration.ts";
import type { FileOutline } from "./migration_fields.ts";
import type { Problem } from "./problem.ts";
import { hasRun, type MigrationRecord } from "./record.ts";
import { type Difference, MigrationStatus } from "./status.ts";

/** What is compared of a file. Of one that is applied as it is no more need be known. */
export type ComparedFile = FileOutline & Pick<Migration, "checksum" | "tokenChecksum">;

/** Files and history side by side. */
export interface Comparison<F extends ComparedFile = Migration> {
  /** Counts and lists, as a user sees them. */
  readonly status: MigrationStatus;
  /** Every file, in the order in which all of them would be applied to an empty database. */
  readonly order: readonly F[];
  /** Every row of the history, in order of application. */
  readonly records: readonly MigrationRecord[];
  /** Dependencies that cannot be met; empty if the order is sound. */
  readonly problems: readonly Problem[];
}

/** What {@linkcode compare} takes. */
export interface CompareInput<F extends ComparedFile = Migration> {
  /** Name of the database. */
  readonly dbName: string;
  /** All files, in any order. One that is no {@linkcode Migration} must be applied as it is. */
  readonly migrations: readonly F[];
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
export function compare<F extends ComparedFile = Migration>(input: CompareInput<F>): Comparison<F> {
  const records = input.records.toSorted((a, b) => a.seq - b.seq);
  const byName = new Map(records.map((record) => [record.name, record]));
  const files = new Map(input.migrations.map((migration) => [migration.name, migration]));
  const broken = input.broken ?? new Set();
  const ran = records.filter(hasRun);
  const known = new Set([...ran.map((record) => record.name), ...broken]);
  const { order, faults } = orderMigrations(input.migrations, (name) => known.has(name));
  const gone = ran.filter((record) => !files.has(record.name) && !broken.has(record.name));
  const parsed = order.filter(isParsed);
  const pending = parsed.filter((migration) => byName.get(migration.name)?.isApplied !== true);
  const renamed = findRenamed(gone, pending, byName);
  const renamedRecords = new Set(renamed.map((difference) => difference.record.name));
  const renamedFiles = new Set(renamed.map((difference) => difference.migration.name));
  const both = parsed.flatMap((migration) => {
    const record = byName.get(migration.name);
    return record?.isApplied === true ? [{ record, migration }] : [];
  }).toSorted((a, b) => a.record.seq - b.record.seq);
  const status = new MigrationStatus({
    dbName: input.dbName,
    applied: records.filter((record) => record.isApplied),
    pending,
    totalFiles: input.migrations.length,
    failed: records.filter((record) =>
      !record.isApplied && (record.partial !== null || (record.error !== null && files.has(record.name)))
    ),
    missing: gone.filter((record) => !renamedRecords.has(record.name)),
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
    problems: describeFaults(faults, { names: [...known, ...files.keys()] }),
  };
}

/** Tells what was parsed from what is known to be applied as it is. */
export function isParsed<F extends ComparedFile>(file: F): file is F & Migration {
  return "up" in file;
}

/** Pairs applied migrations whose file is gone with pending files: first by text, then by version, each once. */
function findRenamed(
  gone: readonly MigrationRecord[],
  pending: readonly Migration[],
  byName: ReadonlyMap<string, MigrationRecord>,
): Difference[] {
  if (gone.length === 0) return [];
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
  order: readonly ComparedFile[],
  pending: readonly Migration[],
  ran: readonly MigrationRecord[],
): Migration[] {
  if (pending.length === 0) return [];
  const names = new Set(ran.map((record) => record.name));
  const waiting = new Map(pending.map((migration) => [migration.name, migration]));
  const files = new Set(order.map((migration) => migration.name));
  let highest = ran.reduce((top, record) => files.has(record.name) ? top : Math.max(top, record.version), -1);
  const late: Migration[] = [];
  for (const { name, version } of order.toReversed()) {
    const migration = waiting.get(name);
    if (migration !== undefined && !names.has(name) && version < highest) late.push(migration);
    if (names.has(name)) highest = Math.max(highest, version);
  }
  return late.reverse();
}
