/**
 * The first question of a run: what the server is, and what its history says. It needs hardly anything else of the runner, so
 * that it is on its way while the rest is loaded.
 *
 * @module
 */

import { type HistoryTable, parseHistoryTable } from "./history_table.ts";
import { serverAndSql } from "./server.ts";

/** A moment as ISO 8601 UTC with milliseconds. */
export function isoSql(expression: string): string {
  return `pg_catalog.to_char(${expression} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

const json = (expression: string): string => `pg_catalog.to_json(${expression})`;

/**
 * What is read of a row, each part as it stands between two tabs: to make JSON of all of it takes server and client twice as
 * long. What may hold a tab or a line feed is JSON, which writes them in another way.
 */
const PARTS: readonly string[] = [
  "h.name",
  "h.version",
  "h.seq",
  json("h.description"),
  "h.checksum",
  "h.token_checksum",
  json("h.depends"),
  isoSql("h.applied_at"),
  "h.duration_ms",
  json("h.applied_by"),
  json("h.error"),
  "h.partial",
  "h.units_done",
  "h.unit_state",
];

/** Writes the query for all rows of a history, as one text. */
export function historySql(table: HistoryTable): string {
  const line = `pg_catalog.concat(${PARTS.join(", E'\\t', ")})`;
  return `SELECT coalesce(pg_catalog.string_agg(${line}, E'\\n' ORDER BY h.seq), '') AS value FROM ${table.sql} h`;
}

/** Writes the question that asks for server and history at once. */
export function surveySql(table: HistoryTable): string {
  return serverAndSql(table, historySql(table));
}

/**
 * Writes the question that a run begins with.
 *
 * @param table The `table` option.
 * @returns The question.
 * @throws A {@linkcode MigrationError} with code `CONFIG` if the option is wrong.
 */
export function openingQuestion(table?: string): string {
  return surveySql(parseHistoryTable(table));
}
