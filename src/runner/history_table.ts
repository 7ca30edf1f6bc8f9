/**
 * The history table: its name, its layout and its lock key.
 *
 * @module
 */

import { MigrationError } from "../core/error.ts";
import { quoteIdentifier, quoteLiteral } from "../core/quote.ts";

/** The layout that this release reads and writes. */
export const LAYOUT = 1;

/** What a name may have in bytes, so that log and lease can be named after it. */
const LONGEST_NAME = 57;

const COMMENT_PREFIX = "@metapg/migration layout ";

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

interface Column {
  readonly name: string;
  readonly type: string;
  readonly comment: string;
}

const COLUMNS: readonly Column[] = [
  { name: "name", type: "text PRIMARY KEY", comment: "Name of the migration: its file name without .sql" },
  { name: "version", type: "bigint NOT NULL UNIQUE", comment: "The number in front of the name" },
  { name: "seq", type: "bigint NOT NULL UNIQUE", comment: "Order of application" },
  { name: "description", type: "text", comment: "What it does, in words" },
  { name: "checksum", type: "text NOT NULL", comment: "SHA-256 of source, lower-case hex" },
  {
    name: "token_checksum",
    type: "text NOT NULL",
    comment: "Checksum of the statements without comments and white space",
  },
  { name: "depends", type: "text[] NOT NULL", comment: "Names of the migrations that it depends on" },
  {
    name: "source",
    type: "text NOT NULL",
    comment: "The whole file as applied; its rollback section is what down runs",
  },
  { name: "applied_at", type: "timestamptz", comment: "When it was applied; null while it is not fully applied" },
  { name: "duration_ms", type: "double precision", comment: "How long it ran, in milliseconds" },
  { name: "applied_by", type: "text", comment: "Database user that applied it" },
  { name: "error", type: "text", comment: "Last failure of a migration that is not applied" },
  {
    name: "partial",
    type: "text CHECK (partial IN ('up', 'down'))",
    comment: "up or down while a migration without a transaction is part-way",
  },
  { name: "units_done", type: "integer", comment: "Units finished of a part-way migration" },
  {
    name: "unit_state",
    type: "text CHECK (unit_state IN ('started', 'failed'))",
    comment: "How its next unit stands: started (its end is unknown) or failed",
  },
];

const LOG_COLUMNS: readonly Column[] = [
  { name: "id", type: "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY", comment: "Order of the entries" },
  { name: "at", type: "timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp()", comment: "When it happened" },
  { name: "run_id", type: "text NOT NULL", comment: "The same for all entries of one run" },
  {
    name: "action",
    type: "text NOT NULL",
    comment: "applied, rolled_back, failed, repaired, renamed, forgotten or baselined",
  },
  { name: "name", type: "text NOT NULL", comment: "Name of the migration" },
  { name: "checksum", type: "text", comment: "SHA-256 of its source" },
  { name: "duration_ms", type: "double precision", comment: "How long it ran, in milliseconds" },
  { name: "db_user", type: "text", comment: "Database user" },
  { name: "application", type: "text", comment: "application_name of the session" },
  { name: "error", type: "text", comment: "What failed" },
  { name: "details", type: "jsonb", comment: "What else is known, as old and new values of a repair" },
];

/**
 * Writes the statements that create the history table and its log.
 *
 * @param table The table.
 * @param schema Whether its schema exists.
 * @returns SQL without transaction control.
 */
export function createHistorySql(table: HistoryTable, schema: "exists" | "absent"): string {
  const create = (sql: string, columns: readonly Column[]) =>
    `CREATE TABLE ${sql} (\n${columns.map((column) => `  ${column.name} ${column.type}`).join(",\n")}\n);`;
  const comments = (sql: string, columns: readonly Column[]) =>
    columns.map((column) => `COMMENT ON COLUMN ${sql}.${column.name} IS ${quoteLiteral(column.comment)};`);
  return [
    ...(schema === "absent" ? [`CREATE SCHEMA ${quoteIdentifier(table.schema)};`] : []),
    create(table.sql, COLUMNS),
    create(table.logSql, LOG_COLUMNS),
    `COMMENT ON TABLE ${table.sql} IS ${quoteLiteral(`${COMMENT_PREFIX}${LAYOUT}`)};`,
    `COMMENT ON TABLE ${table.logSql} IS ${
      quoteLiteral("@metapg/migration log: one entry for each change of the history")
    };`,
    ...comments(table.sql, COLUMNS),
    ...comments(table.logSql, LOG_COLUMNS),
  ].join("\n");
}
