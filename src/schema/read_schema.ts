/**
 * Reads what people made in a database.
 *
 * @module
 */

import type { Connection } from "../core/database.ts";
import { catalogSql, DEPENDENCIES_SQL } from "./catalog_sql.ts";
import { type CatalogRow, makeSchema } from "./make_schema.ts";
import type { DependencyRow } from "./requirements.ts";
import type { Schema } from "./schema.ts";
import { settingSql } from "./sql/setting_sql.ts";

/** How a schema is read. */
export interface ReadSchemaOptions {
  /**
   * The role that migrations run as. What it owns has no owner in the schema, so that databases whose roles have other
   * names can be compared.
   *
   * @default {"the role of the session"}
   */
  readonly owner?: string;
}

/** Settings that texts of the catalog depend on, and that are set while it is read. */
const SETTINGS: Readonly<Record<string, string>> = {
  search_path: "pg_catalog, pg_temp",
  quote_all_identifiers: "off",
  DateStyle: "ISO, MDY",
  IntervalStyle: "postgres",
  TimeZone: "UTC",
  extra_float_digits: "1",
  bytea_output: "hex",
  jit: "off",
};

/** Sets them until the transaction ends. */
export const CATALOG_SETTINGS_SQL: string = settingsSql(SETTINGS);

/**
 * Reads everything that people made in a database, without the tables of this tool. It takes three messages and no more
 * than the right to connect; nothing is changed, not even in a transaction that is open.
 *
 * @param connection The session.
 * @param options Whose objects need no mention of their owner.
 * @returns The schema.
 * @throws {DatabaseError} With what the server said.
 */
export async function readSchema(
  connection: Pick<Connection, "query">,
  options: ReadSchemaOptions = {},
): Promise<Schema> {
  const [state] = await connection.query(stateSql());
  const { version, role, ...before } = state as Readonly<Record<string, string>>;
  const server = Number(version);
  const rows = await connection.query(`${CATALOG_SETTINGS_SQL}${catalogSql(server)};\n${settingsSql(before)}`);
  const dependencies = await connection.query(DEPENDENCIES_SQL);
  return makeSchema({
    server,
    owner: options.owner ?? role ?? "",
    rows: rows.map((row) => JSON.parse(String(row.object)) as CatalogRow),
    dependencies: readDependencies(dependencies[0]?.dependencies),
  });
}

/** An array of nothing is null. */
function readDependencies(json: unknown): readonly DependencyRow[] {
  return json === null || json === undefined ? [] : JSON.parse(String(json));
}

function stateSql(): string {
  const settings = Object.keys(SETTINGS).map((name) => `pg_catalog.current_setting('${name}') AS "${name}"`);
  return `SELECT pg_catalog.current_setting('server_version_num') AS version, current_user::pg_catalog.text AS role,
  ${settings.join(", ")}`;
}

/** `set_config()` would be a result of its own. */
function settingsSql(settings: Readonly<Record<string, string>>): string {
  const lines = Object.entries(settings).map(([name, value]) => `SET LOCAL ${settingSql(`${name}=${value}`)};\n`);
  return lines.join("");
}
