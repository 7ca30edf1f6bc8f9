/**
 * A history that an older release made: which columns it has, and how it is read as if it had all.
 *
 * @module
 */

import { MigrationError } from "../core/error.ts";
import { quoteLiteral } from "../core/quote.ts";
import { type Column, COLUMNS, LOG_COLUMNS } from "./history_columns.ts";
import type { HistoryTable } from "./history_table.ts";
import type { Session } from "./session.ts";

/** A column as an older release made it. */
export interface OlderColumn {
  /** Its type, as the server writes it. */
  readonly type: string;
  /** Whether an index of this column alone keeps its values apart. */
  readonly unique: boolean;
}

/** A table as an older release made it. */
export interface OlderTable {
  /** Name to column. */
  readonly columns: Readonly<Record<string, OlderColumn>>;
  /** Whether it has a primary key. */
  readonly primaryKey: "exists" | "absent";
}

/** Both tables as an older release made them. */
export interface OlderLayout {
  /** The history. */
  readonly history: OlderTable;
  /** The log, if that release had one. */
  readonly log: OlderTable | undefined;
}

/**
 * Reads which columns a history of an older layout has.
 *
 * @param session The session.
 * @param table The history table.
 * @returns The columns.
 * @throws A {@linkcode MigrationError} with code `HISTORY_FOREIGN` if it lacks what cannot be made up.
 */
export async function readOlderLayout(session: Pick<Session, "query">, table: HistoryTable): Promise<OlderLayout> {
  const [row] = await session.query(
    `SELECT pg_catalog.json_build_object('history', ${tableSql(table.schema, table.name)}, 'log', ${
      tableSql(table.schema, `${table.name}_log`)
    })::pg_catalog.text AS value`,
  );
  const { history, log } = JSON.parse(String(row?.value)) as { readonly history: OlderTable; readonly log: unknown };
  const layout = { history, log: log === null ? undefined : log as OlderTable };
  refuseLack(table.sql, COLUMNS, layout.history);
  if (layout.log !== undefined) refuseLack(table.logSql, LOG_COLUMNS, layout.log);
  return layout;
}

function tableSql(schema: string, name: string): string {
  return `(SELECT pg_catalog.json_build_object(
  'columns', (SELECT pg_catalog.json_object_agg(a.attname, pg_catalog.json_build_object(
      'type', pg_catalog.format_type(a.atttypid, a.atttypmod),
      'unique', EXISTS (SELECT FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid AND i.indisunique AND i.indimmediate
        AND i.indisvalid AND i.indpred IS NULL AND i.indnkeyatts = 1 AND i.indkey[0] = a.attnum)))
    FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
  'primaryKey', CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid AND i.indisprimary)
    THEN 'exists' ELSE 'absent' END)
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = ${quoteLiteral(schema)} AND c.relname = ${quoteLiteral(name)})`;
}

function refuseLack(sql: string, columns: readonly Column[], { columns: present }: OlderTable): void {
  const lacking = columns.filter(({ name, absent }) => absent === undefined && !Object.hasOwn(present, name));
  if (lacking.length === 0) return;
  const names = lacking.map(({ name }) => `"${name}"`).join(", ");
  throw new MigrationError(
    "HISTORY_FOREIGN",
    `Cannot use ${sql} for the history: it is of an older layout and lacks ${
      lacking.length === 1 ? "the column" : "the columns"
    } ${names}, which cannot be made up`,
    { hint: "Add what is missing, or choose another name with --table (library: table)" },
  );
}

/**
 * Reads a history of an older layout as if it had all columns.
 *
 * @param table The history table.
 * @param layout Which columns it has.
 * @returns The tables to read from, each a query; what only the source tells is `NULL`, the token checksum empty.
 */
export function completed(table: HistoryTable, layout: OlderLayout): HistoryTable {
  return {
    ...table,
    sql: completedSql(table.sql, COLUMNS, layout.history),
    logSql: layout.log === undefined ? noRowsSql(LOG_COLUMNS) : completedSql(table.logSql, LOG_COLUMNS, layout.log),
  };
}

function completedSql(sql: string, columns: readonly Column[], { columns: present }: OlderTable): string {
  const values = columns.map(({ name, type, absent = "NULL" }) => {
    const value = Object.hasOwn(present, name) ? `coalesce(t.${name}::${type}, ${absent})` : `(${absent})::${type}`;
    return `${value} AS ${name}`;
  });
  return `(SELECT ${values.join(", ")} FROM ${sql} t)`;
}

function noRowsSql(columns: readonly Column[]): string {
  return `(SELECT ${columns.map(({ name, type }) => `NULL::${type} AS ${name}`).join(", ")} WHERE false)`;
}
