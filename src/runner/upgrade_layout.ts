/**
 * Brings a history that an older release made to the layout of this one.
 *
 * @module
 */

import { quoteArray, quoteLiteral, quoteNullable } from "../core/quote.ts";
import type { MigrationRecord } from "../core/record.ts";
import { readHistory } from "./history.ts";
import { type Column, COLUMNS, LOG_COLUMNS } from "./history_columns.ts";
import { commentsSql, createTableSql, type HistoryTable } from "./history_table.ts";
import { completed, type OlderTable, readOlderLayout } from "./older_layout.ts";
import type { Session } from "./session.ts";

/**
 * Writes the statements that upgrade a history. No row is lost, and no column that this release does not know.
 *
 * @param session The session that holds the lock.
 * @param table The history table.
 * @returns SQL without transaction control.
 * @throws A {@linkcode MigrationError} with code `HISTORY_FOREIGN` if it lacks what cannot be made up.
 */
export async function upgradeLayoutSql(session: Session, table: HistoryTable): Promise<string> {
  const layout = await readOlderLayout(session, table);
  const records = await readHistory(session, completed(table, layout));
  return [
    ...addColumnsSql(table.sql, COLUMNS, layout.history),
    ...(records.length === 0 ? [] : [fillSql(table, records)]),
    ...rulesSql(table.sql, COLUMNS, layout.history),
    ...(layout.log === undefined ? [createTableSql(table.logSql, LOG_COLUMNS)] : [
      ...addColumnsSql(table.logSql, LOG_COLUMNS, layout.log),
      ...rulesSql(table.logSql, LOG_COLUMNS, layout.log),
    ]),
    ...commentsSql(table),
  ].join("\n");
}

function addColumnsSql(sql: string, columns: readonly Column[], { columns: present }: OlderTable): string[] {
  return columns.flatMap(({ name, type, clause = "" }) => {
    if (!Object.hasOwn(present, name)) return [`ALTER TABLE ${sql} ADD COLUMN ${name} ${type} ${clause};`];
    return present[name]!.type === type ? [] : [`ALTER TABLE ${sql} ALTER COLUMN ${name} TYPE ${type};`];
  });
}

/** Rows that lack nothing stay as they are: when the row of a part-way migration was written tells what came after. */
function fillSql(table: HistoryTable, records: readonly MigrationRecord[]): string {
  const rows = records.map(({ name, seq, description, tokenChecksum, depends }) =>
    `(${quoteLiteral(name)}, ${seq}, ${quoteNullable(description)}, ${quoteLiteral(tokenChecksum)}, ${
      quoteArray(depends)
    })`
  );
  const names = ["seq", "description", "token_checksum", "depends"];
  return `UPDATE ${table.sql} h SET ${names.map((name) => `${name} = coalesce(h.${name}, v.${name})`).join(", ")}
FROM (VALUES ${rows.join(",\n")}) v (name, ${names.join(", ")})
WHERE h.name = v.name AND pg_catalog.num_nulls(${names.map((name) => `h.${name}`).join(", ")}) > 0;`;
}

function rulesSql(sql: string, columns: readonly Column[], older: OlderTable): string[] {
  return columns.flatMap(({ name, rule }) => {
    if (rule === undefined) return [];
    const notNull = `ALTER TABLE ${sql} ALTER COLUMN ${name} SET NOT NULL;`;
    if (rule === "NOT NULL" || older.columns[name]?.unique === true) return [notNull];
    const key = rule === "PRIMARY KEY" && older.primaryKey === "absent" ? "PRIMARY KEY" : "UNIQUE";
    return [notNull, `ALTER TABLE ${sql} ADD ${key} (${name});`];
  });
}
