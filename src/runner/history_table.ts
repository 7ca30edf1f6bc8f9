/**
 * The history table: its name, its layout and its lock key.
 *
 * @module
 */

import { MigrationError } from "../core/error.ts";
import { quoteIdentifier, quoteLiteral } from "../core/quote.ts";
import { type Column, COLUMNS, LOG_COLUMNS } from "./history_columns.ts";

/** The layout that this release reads and writes. */
export const LAYOUT = 1;

/** What a name may have in bytes, so that log and lease can be named after it. */
const LONGEST_NAME = 57;

const COMMENT_PREFIX = "@metapg/migration layout ";

/** The comment on a table of this layout. */
export const COMMENT: string = `${COMMENT_PREFIX}${LAYOUT}`;

/** The comment on its log. */
export const LOG_COMMENT = "@metapg/migration log: one entry for each change of the history";

/** The history table and its log, as SQL and as text. */
export interface HistoryTable {
  /** Name of the schema. */
  readonly schema: string;
  /** Name of the table. */
  readonly name: string;
  /** The table, qualified and quoted. */
  readonly sql: string;
  /** Its log, qualified and quoted. */
  readonly logSql: string;
  /** Its lease, qualified and quoted. */
  readonly leaseSql: string;
}

/**
 * Reads the `table` option.
 *
 * @param option `name` or `schema.name`; a part that is no plain lower-case name is put in double quotes.
 * @returns The table.
 * @throws A {@linkcode MigrationError} with code `CONFIG` if it is neither.
 */
export function parseHistoryTable(option = "metapg_migrations"): HistoryTable {
  const parts = /^(?:([a-z_][a-z0-9_$]*|"(?:[^"\0]|"")+")\.)?([a-z_][a-z0-9_$]*|"(?:[^"\0]|"")+")$/.exec(option);
  const [schema, name] = [unquote(parts?.[1] ?? "public"), unquote(parts?.[2] ?? "")];
  const bytes = (text: string) => new TextEncoder().encode(text).length;
  if (parts === null || bytes(schema) > 63 || bytes(name) > LONGEST_NAME) {
    throw new MigrationError("CONFIG", `Invalid history table "${option}"`, {
      hint:
        `Use "name" or "schema.name"; put a part with other characters than a-z, 0-9 and _ in double quotes; ${LONGEST_NAME} bytes at most`,
    });
  }
  const qualify = (table: string) => `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`;
  return { schema, name, sql: qualify(name), logSql: qualify(`${name}_log`), leaseSql: qualify(`${name}_lease`) };
}

function unquote(part: string): string {
  return part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part;
}

/**
 * Computes the advisory lock key of a history table, the same in all releases.
 *
 * @param table The table.
 * @returns The first 8 bytes of SHA-256 of `metapg:schema.table`, as a signed integer.
 */
export async function lockKey(table: HistoryTable): Promise<bigint> {
  const text = new TextEncoder().encode(`metapg:${table.schema}.${table.name}`);
  return new DataView(await crypto.subtle.digest("SHA-256", text)).getBigInt64(0);
}

/** What a comment on a table says of its layout: a number, or `foreign` if it is none of ours. */
export function readLayout(comment: string | null): number | "foreign" {
  const number = comment?.startsWith(COMMENT_PREFIX) === true ? comment.slice(COMMENT_PREFIX.length) : "";
  return /^\d{1,9}$/.test(number) ? Number(number) : "foreign";
}

/**
 * Writes the statements that create the history table and its log.
 *
 * @param table The table.
 * @param schema Whether its schema exists.
 * @returns SQL without transaction control.
 */
export function createHistorySql(table: HistoryTable, schema: "exists" | "absent"): string {
  return [
    ...(schema === "absent" ? [`CREATE SCHEMA ${quoteIdentifier(table.schema)};`] : []),
    createTableSql(table.sql, COLUMNS),
    createTableSql(table.logSql, LOG_COLUMNS),
    ...commentsSql(table),
  ].join("\n");
}

/** Writes the statement that creates a table of these columns. */
export function createTableSql(sql: string, columns: readonly Column[]): string {
  const lines = columns.map(({ name, type, clause, rule }) =>
    `  ${[name, type, clause, rule].filter((part) => part !== undefined).join(" ")}`
  );
  return `CREATE TABLE ${sql} (\n${lines.join(",\n")}\n);`;
}

/** Writes the comments on both tables and all columns; the one on the history says which layout it has. */
export function commentsSql(table: HistoryTable): string[] {
  const ofColumns = (sql: string, columns: readonly Column[]) =>
    columns.map(({ name, comment }) => `COMMENT ON COLUMN ${sql}.${name} IS ${quoteLiteral(comment)};`);
  return [
    `COMMENT ON TABLE ${table.sql} IS ${quoteLiteral(COMMENT)};`,
    `COMMENT ON TABLE ${table.logSql} IS ${quoteLiteral(LOG_COMMENT)};`,
    ...ofColumns(table.sql, COLUMNS),
    ...ofColumns(table.logSql, LOG_COLUMNS),
  ];
}
