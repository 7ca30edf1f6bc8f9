/**
 * The SQL that writes down that a step is done, and how long it took.
 *
 * @module
 */

import type { Step } from "../core/plan.ts";
import { quoteLiteral } from "../core/quote.ts";
import { deleteRowSql, forgetNotesSql, insertRowSql, putRowSql, type RowState, rowValues } from "./history_sql.ts";
import type { HistoryTable } from "./history_table.ts";

/** What the history holds of an `up` before it: nothing, or perhaps a note of a failure, which gives way. */
export type RowFound = "none" | "note";

/** A step that is done. */
export interface Settlement {
  /** The same for all entries of one run. */
  readonly runId: string;
  /** The step. */
  readonly step: Step;
  /** How long it took, in milliseconds, or an expression for it. */
  readonly durationMs: number | string;
  /** What the history holds of it. */
  readonly found: RowFound;
  /** Its place in the order of application; without it the history is asked. */
  readonly seq?: number | undefined;
}

/**
 * Writes row and log entry of a step in one statement.
 *
 * @param table The history table.
 * @param settlement The step that is done.
 * @returns SQL without transaction control.
 */
export function settleSql(table: HistoryTable, { runId, step, durationMs, found, seq }: Settlement): string {
  const { direction, migration, name } = step;
  const checksum = quoteLiteral(migration.checksum);
  if (direction === "down") {
    const entry: LoggedChange = { runId, action: "rolled_back", checksum, durationMs };
    return loggedSql(table, deleteRowSql(table, name), entry);
  }
  const state: RowState = { applied: "now", durationMs, seq };
  const change = (found === "note" ? putRowSql : insertRowSql)(table, rowValues(migration), state);
  const settled = loggedSql(table, change, { runId, action: "applied", checksum, durationMs: "s.duration_ms" });
  return found === "note" ? `${forgetNotesSql(table, migration)}\n${settled}` : settled;
}

/** What the log says of a change of a row. */
export interface LoggedChange {
  /** The same for all entries of one run. */
  readonly runId: string;
  /** What was done. */
  readonly action: "applied" | "rolled_back";
  /** Checksum of the migration, as SQL. */
  readonly checksum: string;
  /** How long it took, in milliseconds, or an expression for it. */
  readonly durationMs: number | string;
}

/**
 * Writes a statement that changes a row and the log together.
 *
 * @param table The history table.
 * @param change The statement that changes the row.
 * @param entry What the log says of it.
 * @returns The statement.
 */
export function loggedSql(table: HistoryTable, change: string, entry: LoggedChange): string {
  return `WITH s AS (${change}
RETURNING name, duration_ms)
INSERT INTO ${table.logSql} (run_id, action, name, checksum, duration_ms, db_user, application)
SELECT ${quoteLiteral(entry.runId)}, ${
    quoteLiteral(entry.action)
  }, s.name, ${entry.checksum}, ${entry.durationMs}, session_user, pg_catalog.current_setting('application_name') FROM s;`;
}

/** An expression for the milliseconds since the message came in. */
export const SINCE_MESSAGE: string = millisecondsSince("pg_catalog.statement_timestamp()");

/** Writes a query for how long the step took that this message wrote down last. */
export function settledDurationSql(table: HistoryTable): string {
  return `SELECT l.duration_ms FROM ${table.logSql} l WHERE l.id = (SELECT pg_catalog.lastval())`;
}

/** Writes an expression for the milliseconds since the last entry of the log: of the step before in the same message. */
export function sinceLastEntry(table: HistoryTable): string {
  return millisecondsSince(`(SELECT l.at FROM ${table.logSql} l ORDER BY l.id DESC LIMIT 1)`);
}

function millisecondsSince(moment: string): string {
  const seconds = `extract(epoch FROM pg_catalog.clock_timestamp() - ${moment})`;
  return `pg_catalog.round((${seconds} * 1000)::pg_catalog.numeric, 3)::pg_catalog.float8`;
}

/**
 * Writes a query for the last steps that a run did: name, action and milliseconds of each, as a list in JSON.
 *
 * @param table The history table.
 * @param runId The run.
 * @param count How many.
 * @returns The query, for one text.
 */
export function lastSettledSql(table: HistoryTable, runId: string, count: number): string {
  return `SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_array(s.name, s.action, s.duration_ms) ORDER BY s.id), '[]')
FROM (SELECT l.* FROM ${table.logSql} l WHERE l.run_id = ${
    quoteLiteral(runId)
  } AND l.action IN ('applied', 'rolled_back') ORDER BY l.id DESC LIMIT ${count}) AS s`;
}
