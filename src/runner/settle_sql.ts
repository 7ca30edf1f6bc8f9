/**
 * The SQL that writes down that a step is done, and how long it took.
 *
 * @module
 */

import type { Step } from "../core/plan.ts";
import { quoteLiteral } from "../core/quote.ts";
import { deleteRowSql, forgetNotesSql, insertRowSql, putRowSql, type RowValues, rowValues } from "./history_sql.ts";
import type { HistoryTable } from "./history_table.ts";
import { failUnless } from "./transaction.ts";

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
 * Writes row and log entry of a step in one statement, which fails if a trigger or a policy lets either of them go.
 *
 * @param table The history table.
 * @param settlement The step that is done.
 * @returns SQL without transaction control.
 */
export function settleSql(table: HistoryTable, { runId, step, durationMs, found, seq }: Settlement): string {
  const { direction, migration } = step;
  const values = rowValues(table, migration, { applied: "now", durationMs, seq });
  const run = quoteLiteral(runId);
  if (direction === "down") return rolledBackSql(table, values, { runId: run });
  const change = (found === "note" ? putRowSql : insertRowSql)(table, values);
  const forget = found === "note" ? `${forgetNotesSql(table, migration)}\n` : "";
  return `${forget}${appliedSql(table, change, values.checksum, { runId: run })}`;
}

/**
 * Writes the statement for a row of the history of what was applied, and its entry in the log.
 *
 * @param table The history table.
 * @param change What writes the row, without an end.
 * @param checksum An expression for the checksum.
 * @param of The run.
 * @returns One statement.
 */
export function appliedSql(table: HistoryTable, change: string, checksum: string, of: EntryOrigin): string {
  return entrySql(table, change, { action: "'applied'", checksum, duration: "s.duration_ms", ...of });
}

/**
 * Writes the statement that deletes the row of what was rolled back, and makes its entry in the log.
 *
 * @param table The history table.
 * @param values Expressions for what is told of it.
 * @param of The run.
 * @returns One statement.
 */
export function rolledBackSql(
  table: HistoryTable,
  { name, checksum, duration_ms: duration }: Pick<RowValues, "name" | "checksum" | "duration_ms">,
  of: EntryOrigin,
): string {
  return entrySql(table, deleteRowSql(table, name), { action: "'rolled_back'", checksum, duration, ...of });
}

/** What an entry of the log is written by. */
export interface EntryOrigin {
  /** An expression for the run. */
  readonly runId: string;
  /** A condition that is always met, for what it does when the entry is written. */
  readonly onWrite?: string;
}

interface Entry extends EntryOrigin {
  readonly action: string;
  readonly checksum: string;
  readonly duration: string;
}

function entrySql(table: HistoryTable, change: string, { action, checksum, duration, runId, onWrite }: Entry): string {
  const where = onWrite === undefined ? "" : ` WHERE ${onWrite}`;
  return `WITH s AS (${change}
RETURNING name, duration_ms), l AS (
INSERT INTO ${table.logSql} (run_id, action, name, checksum, duration_ms, db_user, application)
SELECT ${runId}, ${action}, s.name, ${checksum}, ${duration}, session_user, pg_catalog.current_setting('application_name') FROM s${where}
RETURNING id)
${failUnless("EXISTS (SELECT FROM l)", "unwritten")}`;
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

/** Writes a query for the last steps that a run did: name, action and milliseconds of each, as one text, a list in JSON. */
export function lastSettledSql(table: HistoryTable, runId: string, count: number): string {
  return `SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_array(s.name, s.action, s.duration_ms) ORDER BY s.id), '[]')
FROM (SELECT l.* FROM ${table.logSql} l WHERE l.run_id = ${
    quoteLiteral(runId)
  } AND l.action IN ('applied', 'rolled_back') ORDER BY l.id DESC LIMIT ${count}) AS s`;
}
