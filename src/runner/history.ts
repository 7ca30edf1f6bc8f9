/**
 * Reads the history; the SQL that writes it.
 *
 * @module
 */

import { TOKEN_CHECKSUM_PREFIX, tokenChecksum } from "../core/checksum.ts";
import type { Migration } from "../core/migration.ts";
import { parseStored } from "../core/parse.ts";
import { quoteArray, quoteLiteral, quoteNullable, quoteSource } from "../core/quote.ts";
import { MigrationRecord, type MigrationRecordFields, type PartialSection, type UnitState } from "../core/record.ts";
import type { HistoryTable } from "./history_table.ts";
import type { Session } from "./session.ts";

/** A moment as ISO 8601 UTC with milliseconds. */
export function isoSql(expression: string): string {
  return `pg_catalog.to_char(${expression} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

/** The time since the message came in, or since the last entry that this run wrote, which may be in the same message. */
export interface Elapsed {
  /** The run. */
  readonly since: string;
}

function elapsedSql(table: HistoryTable, { since }: Elapsed): string {
  const start = `greatest(pg_catalog.statement_timestamp(), (${lastEntrySql(table, since, "at")}))`;
  return `pg_catalog.round((extract(epoch FROM pg_catalog.clock_timestamp() - ${start}) * 1000)::pg_catalog.numeric, 3)::pg_catalog.float8`;
}

function lastEntrySql(table: HistoryTable, runId: string, column: "at" | "duration_ms"): string {
  return `SELECT l.${column} FROM ${table.logSql} l WHERE l.run_id = ${quoteLiteral(runId)} ORDER BY l.id DESC LIMIT 1`;
}

/**
 * Reads all rows of an existing history. Token checksums of another release's kind, and what an older layout does not
 * hold, are taken from the source.
 *
 * @param session The session.
 * @param table The history table.
 * @returns The rows, in order of application.
 */
export async function readHistory(session: Session, table: HistoryTable): Promise<MigrationRecord[]> {
  const [row] = await session.query(historySql(table));
  return await toRecords(session, table, String(row?.value));
}

/** Writes the query for all rows of a history, as one text. */
export function historySql(table: HistoryTable): string {
  return `SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
  'name', h.name, 'version', h.version, 'seq', h.seq, 'description', h.description, 'checksum', h.checksum,
  'tokenChecksum', h.token_checksum, 'depends', h.depends, 'appliedAt', ${isoSql("h.applied_at")},
  'durationMs', h.duration_ms, 'appliedBy', h.applied_by, 'error', h.error, 'partial', h.partial,
  'unitsDone', h.units_done, 'unitState', h.unit_state
) ORDER BY h.seq), '[]')::pg_catalog.text AS value
FROM ${table.sql} h`;
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
  const fields = JSON.parse(text) as readonly Reading[];
  const old = fields.filter(({ tokenChecksum, depends }) =>
    depends === null || !tokenChecksum.startsWith(TOKEN_CHECKSUM_PREFIX)
  );
  const sources = await readSources(session, table, old.map((record) => record.name));
  return await Promise.all(fields.map(async (record) => {
    const source = sources.get(record.name);
    return MigrationRecord.from({
      ...record,
      depends: record.depends ?? [],
      ...(source === undefined ? {} : await readFromSource(record, source)),
    });
  }));
}

/** A row; an older layout may not hold what it depends on. */
type Reading = Omit<MigrationRecordFields, "depends" | "tokenChecksum"> & {
  readonly depends: readonly string[] | null;
  readonly tokenChecksum: string;
};

async function readFromSource(record: Reading, source: string): Promise<Partial<MigrationRecordFields>> {
  const { upSql, description, dependencies } = await parseStored(record.name, source);
  return {
    description: record.description ?? description,
    depends: record.depends ?? dependencies,
    tokenChecksum: await tokenChecksum(upSql),
  };
}

/**
 * Reads the stored texts of migrations.
 *
 * @param session The session.
 * @param table The history table.
 * @param names Which ones.
 * @returns Name to text.
 */
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

/**
 * Reads the log.
 *
 * @param session The session.
 * @param table The history table.
 * @returns The entries, oldest first.
 */
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

/** Writes a query for how long the last migration of a run took, as the log says. */
export function lastDurationSql(table: HistoryTable, runId: string): string {
  return lastEntrySql(table, runId, "duration_ms");
}

/** Writes a query for how long each migration of a run took behind the first so many, as a list in JSON. */
export function settledSinceSql(table: HistoryTable, runId: string, before: number): string {
  return `SELECT pg_catalog.json_agg(s.duration_ms ORDER BY s.id) FROM (SELECT l.id, l.duration_ms FROM ${table.logSql} l
  WHERE l.run_id = ${
    quoteLiteral(runId)
  } AND l.action IN ('applied', 'rolled_back') ORDER BY l.id OFFSET ${before}) AS s`;
}

/** What the log says. */
export type LogAction = "applied" | "rolled_back" | "failed" | "repaired" | "renamed" | "forgotten" | "baselined";

/** What an entry of the log holds beside who and when. */
export interface LogFields {
  /** The same for all entries of one run. */
  readonly runId: string;
  /** What happened. */
  readonly action: LogAction;
  /** Name of the migration. */
  readonly name: string;
  /** SHA-256 of its source. */
  readonly checksum: string;
  /** How long it ran; `recorded` for what its row says. */
  readonly durationMs?: number | Elapsed | "recorded";
  /** What failed. */
  readonly error?: string;
  /** What else is known. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Writes an `INSERT` into the log. */
export function logSql(table: HistoryTable, entry: LogFields): string {
  const details = entry.details === undefined
    ? "NULL"
    : `${quoteLiteral(JSON.stringify(entry.details))}::pg_catalog.jsonb`;
  return `INSERT INTO ${table.logSql} (run_id, action, name, checksum, duration_ms, db_user, application, error, details)
VALUES (${quoteLiteral(entry.runId)}, ${quoteLiteral(entry.action)}, ${quoteLiteral(entry.name)}, ${
    quoteLiteral(entry.checksum)
  }, ${
    entry.durationMs === "recorded"
      ? `(SELECT h.duration_ms FROM ${table.sql} h WHERE h.name = ${quoteLiteral(entry.name)})`
      : durationSql(table, entry.durationMs)
  }, session_user, pg_catalog.current_setting('application_name'), ${quoteNullable(entry.error)}, ${details});`;
}

function durationSql(table: HistoryTable, duration: number | Elapsed | undefined): string {
  if (duration === undefined) return "NULL";
  return typeof duration === "number" ? String(duration) : elapsedSql(table, duration);
}

/** The state that a row of the history is put into. */
export interface RowState {
  /** `now` if it is fully applied by this. */
  readonly applied: "now" | "no";
  /** How long it ran. */
  readonly durationMs?: number | Elapsed;
  /** What failed. */
  readonly error?: string;
  /** Which section is part-way. */
  readonly partial?: PartialSection;
  /** Units finished of it. */
  readonly unitsDone?: number;
  /** How its next unit stands. */
  readonly unitState?: UnitState;
}

/** Writes what puts a migration's row into a state; a row that was only a note of a failure gives way. */
export function recordSql(table: HistoryTable, migration: Migration, state: RowState): string {
  const columns: readonly (readonly [string, string])[] = [
    ["name", quoteLiteral(migration.name)],
    ["version", String(migration.version)],
    ["seq", "coalesce(max(h.seq), 0) + 1"],
    ["description", quoteLiteral(migration.description)],
    ["checksum", quoteLiteral(migration.checksum)],
    ["token_checksum", quoteLiteral(migration.tokenChecksum)],
    ["depends", quoteArray(migration.dependencies)],
    ["source", quoteSource(migration.text)],
    ["applied_at", state.applied === "now" ? "pg_catalog.clock_timestamp()" : "NULL"],
    ["duration_ms", durationSql(table, state.durationMs)],
    ["applied_by", state.applied === "now" ? "session_user" : "NULL"],
    ["error", quoteNullable(state.error)],
    ["partial", quoteNullable(state.partial)],
    ["units_done", state.unitsDone === undefined ? "NULL" : String(state.unitsDone)],
    ["unit_state", quoteNullable(state.unitState)],
  ];
  const names = columns.map(([name]) => name);
  return `DELETE FROM ${table.sql} h WHERE h.version = ${migration.version} AND h.name <> ${
    quoteLiteral(migration.name)
  } AND h.applied_at IS NULL AND h.partial IS NULL;
INSERT INTO ${table.sql} (${names.join(", ")})
SELECT ${columns.map(([, value]) => value).join(", ")} FROM ${table.sql} h
ON CONFLICT (name) DO UPDATE SET ${names.slice(1).map((name) => `${name} = excluded.${name}`).join(", ")};`;
}

/** Writes what puts only the progress of an existing row into a state. */
export function progressSql(
  table: HistoryTable,
  name: string,
  state: {
    readonly partial: PartialSection;
    readonly unitsDone: number;
    readonly unitState?: UnitState;
    readonly error?: string;
  },
): string {
  return `UPDATE ${table.sql} h SET applied_at = NULL, partial = ${
    quoteLiteral(state.partial)
  }, units_done = ${state.unitsDone}, unit_state = ${quoteNullable(state.unitState)}, error = ${
    quoteNullable(state.error)
  } WHERE h.name = ${quoteLiteral(name)};`;
}

/** Writes what deletes a row. */
export function deleteSql(table: HistoryTable, name: string): string {
  return `DELETE FROM ${table.sql} h WHERE h.name = ${quoteLiteral(name)};`;
}
