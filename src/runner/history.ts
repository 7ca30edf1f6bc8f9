/**
 * Reads the history.
 *
 * @module
 */

import { TOKEN_CHECKSUM_PREFIX, tokenChecksum } from "../core/checksum.ts";
import { parseStored } from "../core/parse.ts";
import { quoteArray } from "../core/quote.ts";
import { MigrationRecord } from "../core/record.ts";
import { historySql, isoSql, NO_NAMES, type Reading, readRows } from "./history_query.ts";
import type { HistoryTable } from "./history_table.ts";
import type { Session } from "./session.ts";

/**
 * Reads all rows of an existing history, in order of application. Token checksums of another release's kind, and what an
 * older layout does not hold, are taken from the source.
 */
export async function readHistory(session: Session, table: HistoryTable): Promise<MigrationRecord[]> {
  const [row] = await session.query(historySql(table));
  return await toRecords(session, table, String(row?.value));
}

/**
 * Makes records of what {@linkcode historySql} asked for.
 *
 * @param session The session, for the sources of rows that need them.
 * @param table The history table.
 * @param text What it says.
 * @returns The records, in order of application.
 */
export async function toRecords(
  session: Session,
  table: HistoryTable,
  text: string,
): Promise<MigrationRecord[]> {
  const readings = readRows(text);
  const old = readings.filter(isOld);
  if (old.length === 0) return readings.map(toRecord);
  const sources = await readSources(session, table, old.map((record) => record.name));
  return await Promise.all(readings.map(async (record) => {
    const source = isOld(record) ? sources.get(record.name) : undefined;
    return toRecord(source === undefined ? record : { ...record, ...await readFromSource(record, source) });
  }));
}

function isOld({ tokenChecksum, depends }: Reading): boolean {
  return depends === null || !tokenChecksum.startsWith(TOKEN_CHECKSUM_PREFIX);
}

function toRecord(reading: Reading): MigrationRecord {
  return MigrationRecord.from(hasNames(reading) ? reading : { ...reading, depends: NO_NAMES });
}

function hasNames(reading: Reading): reading is Reading & { readonly depends: readonly string[] } {
  return reading.depends !== null;
}

async function readFromSource(
  record: Reading,
  source: string,
): Promise<Pick<Reading, "description" | "depends" | "tokenChecksum">> {
  const { upSql, description, dependencies } = await parseStored(record.name, source);
  return {
    description: record.description ?? description,
    depends: record.depends ?? dependencies,
    tokenChecksum: await tokenChecksum(upSql),
  };
}

/** Reads the stored texts of migrations, by name. */
export async function readSources(
  session: Session,
  table: HistoryTable,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (names.length === 0) return new Map();
  const rows = await session.query(
    `SELECT h.name AS name, h.source AS source FROM ${table.sql} h WHERE h.name = ANY (${quoteArray(names)})`,
  );
  return new Map(rows.map((row) => [String(row.name), String(row.source)]));
}

/** An entry of the log. */
export interface LogEntry {
  /** Order of the entries. */
  readonly id: number;
  /** When it happened. */
  readonly at: Date;
  /** The same for all entries of one run. */
  readonly runId: string;
  /** `applied`, `rolled_back`, `failed`, `repaired`, `renamed`, `forgotten` or `baselined`. */
  readonly action: string;
  /** Name of the migration. */
  readonly name: string;
  /** SHA-256 of its source. */
  readonly checksum: string | null;
  /** How long it ran, in milliseconds. */
  readonly durationMs: number | null;
  /** Database user. */
  readonly dbUser: string | null;
  /** `application_name` of the session. */
  readonly application: string | null;
  /** What failed. */
  readonly error: string | null;
  /** What else is known: of a failure its place, of a repair the old and new values; `null` for most. */
  readonly details: unknown;
}

/** Reads the log, oldest entry first. */
export async function readLog(session: Session, table: HistoryTable): Promise<LogEntry[]> {
  const rows = await session.query(`SELECT pg_catalog.json_build_object(
  'id', l.id, 'at', ${isoSql("l.at")}, 'runId', l.run_id, 'action', l.action, 'name', l.name, 'checksum', l.checksum,
  'durationMs', l.duration_ms, 'dbUser', l.db_user, 'application', l.application, 'error', l.error, 'details', l.details
)::pg_catalog.text AS value
FROM ${table.logSql} l ORDER BY l.id`);
  return rows.map((row) => {
    const entry = JSON.parse(String(row.value)) as Omit<LogEntry, "at"> & { readonly at: string };
    return { ...entry, at: new Date(entry.at) };
  });
}
