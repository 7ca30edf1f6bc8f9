/**
 * The SQL that writes the history.
 *
 * @module
 */

import type { Migration } from "../core/migration.ts";
import { quoteArray, quoteLiteral, quoteNullable, quoteSource } from "../core/quote.ts";
import type { PartialSection, UnitState } from "../core/record.ts";
import type { HistoryTable } from "./history_table.ts";
import { failUnless } from "./transaction.ts";

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
  /** How long it ran, in milliseconds. */
  readonly durationMs?: number;
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
  }, ${entry.durationMs ?? "NULL"}, session_user, pg_catalog.current_setting('application_name'), ${
    quoteNullable(entry.error)
  }, ${details});`;
}

/** The state that a row of the history is put into. */
export interface RowState {
  /** `now` if it is fully applied by this. */
  readonly applied: "now" | "no";
  /** Its place in the order of application; without it the history is asked. */
  readonly seq?: number | undefined;
  /** How long it ran: milliseconds, or an expression for them. */
  readonly durationMs?: number | string;
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
  return `${forgetNotesSql(table, migration)}\n${mustWriteSql(putRowSql(table, rowValues(table, migration, state)))}`;
}

/** Writes a change of one row, given without an end, which fails if a trigger or a policy lets it go. */
function mustWriteSql(change: string): string {
  return `WITH s AS (${change}\nRETURNING name)\n${failUnless("EXISTS (SELECT FROM s)", "unwritten")}`;
}

/** Writes what deletes notes of failures that another file of the same version left. */
export function forgetNotesSql(table: HistoryTable, { version, name }: Migration): string {
  return `DELETE FROM ${table.sql} h WHERE h.version = ${version} AND h.name <> ${
    quoteLiteral(name)
  } AND h.applied_at IS NULL AND h.partial IS NULL;`;
}

/** Columns that say what a migration is. */
export type TextColumn = "name" | "version" | "description" | "checksum" | "token_checksum" | "depends" | "source";

/** Columns that say how it stands. */
export type StateColumn =
  | "seq"
  | "applied_at"
  | "duration_ms"
  | "applied_by"
  | "error"
  | "partial"
  | "units_done"
  | "unit_state";

/** A row of the history as expressions, by column. */
export type RowValues = Readonly<Record<TextColumn | StateColumn, string>>;

/** Writes an `INSERT` of a migration's row, without an end; a row that is there is put into the new state. */
export function putRowSql(table: HistoryTable, values: RowValues): string {
  const updates = Object.keys(values).slice(1).map((name) => `${name} = excluded.${name}`);
  return `${insertRowSql(table, values)}\nON CONFLICT (name) DO UPDATE SET ${updates.join(", ")}`;
}

/** Writes an `INSERT` of a migration's row, without an end, which fails if there is one. */
export function insertRowSql(table: HistoryTable, values: RowValues): string {
  return `INSERT INTO ${table.sql} (${Object.keys(values).join(", ")})\nVALUES (${Object.values(values).join(", ")})`;
}

/** Writes the row of a migration in a state. */
export function rowValues(table: HistoryTable, migration: Migration, state: RowState): RowValues {
  return { ...textValues(migration), ...stateValues(table, state) };
}

/** Writes the columns that say what a migration is. */
export function textValues(migration: Migration): Readonly<Record<TextColumn, string>> {
  return {
    name: quoteLiteral(migration.name),
    version: String(migration.version),
    description: quoteLiteral(migration.description),
    checksum: quoteLiteral(migration.checksum),
    token_checksum: quoteLiteral(migration.tokenChecksum),
    depends: quoteArray(migration.dependencies),
    source: quoteSource(migration.text),
  };
}

/** Writes the columns that say how a migration stands. */
export function stateValues(table: HistoryTable, state: RowState): Readonly<Record<StateColumn, string>> {
  return {
    seq: state.seq === undefined ? `(SELECT coalesce(max(h.seq), 0) + 1 FROM ${table.sql} h)` : String(state.seq),
    applied_at: state.applied === "now" ? "pg_catalog.clock_timestamp()" : "NULL",
    duration_ms: String(state.durationMs ?? "NULL"),
    applied_by: state.applied === "now" || state.partial !== undefined ? "session_user" : "NULL",
    error: quoteNullable(state.error),
    partial: quoteNullable(state.partial),
    units_done: String(state.unitsDone ?? "NULL"),
    unit_state: quoteNullable(state.unitState),
  };
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
  return mustWriteSql(
    `UPDATE ${table.sql} h SET applied_at = NULL, partial = ${
      quoteLiteral(state.partial)
    }, units_done = ${state.unitsDone}, unit_state = ${quoteNullable(state.unitState)}, error = ${
      quoteNullable(state.error)
    } WHERE h.name = ${quoteLiteral(name)}`,
  );
}

/** Writes a `DELETE` of the row of a name, which is an expression, without an end. */
export function deleteRowSql(table: HistoryTable, name: string): string {
  return `DELETE FROM ${table.sql} h WHERE h.name = ${name}`;
}
