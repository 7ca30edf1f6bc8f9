/**
 * The first question of a run: what the server is, and what its history says. It needs hardly anything else of the runner, so
 * that it is on its way while the rest is loaded.
 *
 * @module
 */

import type { MigrationRecordFields, PartialSection, UnitState } from "../core/record.ts";
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

/**
 * Reads what {@linkcode historySql} asked for.
 *
 * @param text What the server says.
 * @returns The rows.
 */
export function readRows(text: string): readonly Reading[] {
  return text === "" ? [] : text.split("\n").map(toReading);
}

function toReading(line: string): Reading {
  const parts = line.split("\t");
  return {
    name: parts[0]!,
    version: Number(parts[1]),
    seq: Number(parts[2]),
    description: readText(parts[3]!),
    checksum: parts[4]!,
    tokenChecksum: parts[5]!,
    depends: readNames(parts[6]!),
    appliedAt: parts[7]! || null,
    durationMs: readNumber(parts[8]!),
    appliedBy: readText(parts[9]!),
    error: readText(parts[10]!),
    partial: parts[11] as PartialSection || null,
    unitsDone: readNumber(parts[12]!),
    unitState: parts[13] as UnitState || null,
  };
}

/** What is written without a backslash stands in the quotes as it is. */
function readText(json: string): string | null {
  if (json === "") return null;
  return json.includes("\\") ? JSON.parse(json) as string : json.slice(1, -1);
}

function readNames(json: string): readonly string[] | null {
  if (json === "[]") return NO_NAMES;
  return json === "" ? null : JSON.parse(json) as readonly string[];
}

/** Names of those that depend on nothing. */
export const NO_NAMES: readonly string[] = [];

function readNumber(digits: string): number | null {
  return digits === "" ? null : Number(digits);
}

/** A row; an older layout may not hold what it depends on. */
export type Reading = Omit<MigrationRecordFields, "depends" | "tokenChecksum"> & {
  readonly depends: readonly string[] | null;
  readonly tokenChecksum: string;
};

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
