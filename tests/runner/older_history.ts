/**
 * Histories as an older release could have made them, by hand, and what a database holds of a history.
 *
 * @module
 */

import { checksum, tokenChecksum } from "../../src/core/checksum.ts";
import { quoteLiteral } from "../../src/core/quote.ts";
import type { Project } from "./project.ts";

/** Three migrations, applied in the order a, c, b. */
export const APPLIED: Readonly<Record<string, string>> = {
  "001_a.sql": "CREATE TABLE a (id int);\n-- ROLLBACK\nDROP TABLE a;\n",
  "002_b.sql": "-- Description: The second\n-- Depends: 001_a\nCREATE TABLE b (id int);\n-- ROLLBACK\nDROP TABLE b;\n",
  "003_c.sql": "CREATE TABLE c (id int);\n-- ROLLBACK\nDROP TABLE c;\n",
};

/** Their order. */
export const ORDER = ["001_a", "003_c", "002_b"];

const KEYED = "name text PRIMARY KEY, version bigint NOT NULL UNIQUE, ";
const KEPT = "checksum text NOT NULL, source text NOT NULL, applied_at timestamptz";
const TOLD = ", duration_ms double precision, applied_by text, error text";
const DERIVED = ", description text, token_checksum text NOT NULL, depends text[] NOT NULL";
const UNITS =
  ", partial text CHECK (partial IN ('up', 'down')), units_done integer, unit_state text CHECK (unit_state IN ('started', 'failed'))";
const SEQ = "seq bigint NOT NULL UNIQUE, ";
const LOG = "id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at timestamptz NOT NULL DEFAULT clock_timestamp(), " +
  "run_id text NOT NULL, action text NOT NULL, name text NOT NULL";
const FULL_LOG =
  `${LOG}, checksum text, duration_ms double precision, db_user text, application text, error text, details jsonb`;

/** Columns of a history and of its log, if there is one. */
export interface Shape {
  /** Of the history. */
  readonly columns: string;
  /** Of the log. */
  readonly log?: string;
}

/** What older layouts may lack. */
export const SHAPES: Readonly<Record<string, Shape>> = {
  "nothing but comments": { columns: KEYED + SEQ + KEPT + TOLD + DERIVED + UNITS, log: FULL_LOG },
  "the progress of units": { columns: KEYED + SEQ + KEPT + TOLD + DERIVED, log: FULL_LOG },
  "the log": { columns: KEYED + SEQ + KEPT + TOLD + DERIVED + UNITS },
  "the order": { columns: KEYED + KEPT + TOLD + DERIVED + UNITS, log: FULL_LOG },
  "what the source tells": { columns: KEYED + SEQ + KEPT + TOLD + UNITS, log: FULL_LOG },
  "columns of the log": { columns: KEYED + SEQ + KEPT + TOLD + DERIVED + UNITS, log: LOG },
  "all that can be made up, keys and width": { columns: `name varchar(200), version integer, ${KEPT}` },
  "only rules": {
    columns: "name text, version bigint, seq bigint, checksum text, source text, applied_at timestamptz" + TOLD +
      ", description text, token_checksum text, depends text[]" + UNITS,
    log: FULL_LOG,
  },
};

/** Makes a history of layout 0, with a row for each migration that is applied, and an entry if there is a log. */
export async function makeHistory({ query, files }: Project, { columns, log }: Shape): Promise<void> {
  Object.assign(files, APPLIED);
  const rows = await Promise.all(ORDER.map(rowOf));
  await query([
    "CREATE TABLE a (id int); CREATE TABLE b (id int); CREATE TABLE c (id int);",
    `CREATE TABLE metapg_migrations (${columns});`,
    "COMMENT ON TABLE metapg_migrations IS '@metapg/migration layout 0';",
    ...rows.map((row) => {
      const present = Object.keys(row).filter((column) => new RegExp(`\\b${column} `).test(columns));
      return `INSERT INTO metapg_migrations (${present}) VALUES (${present.map((column) => row[column]).join(", ")});`;
    }),
    ...(log === undefined ? [] : [
      `CREATE TABLE metapg_migrations_log (${log});`,
      "INSERT INTO metapg_migrations_log (run_id, action, name) VALUES ('r', 'applied', '001_a');",
    ]),
  ].join("\n"));
}

async function rowOf(name: string, index: number): Promise<Record<string, string>> {
  const source = APPLIED[`${name}.sql`]!;
  const up = source.slice(0, source.indexOf("-- ROLLBACK"));
  return {
    name: `'${name}'`,
    version: String(Number(name.slice(0, 3))),
    seq: String(index + 1),
    checksum: `'${await checksum(source)}'`,
    source: quoteLiteral(source),
    applied_at: `'2020-01-0${index + 1} 00:00:00+00'`,
    duration_ms: "12.5",
    applied_by: "'somebody'",
    token_checksum: `'${await tokenChecksum(up)}'`,
    depends: name === "002_b" ? "'{001_a}'" : "'{}'",
  };
}

/** What a database holds of a history: all rows, all columns and all rules. */
export interface Holding {
  /** Rows of the history, by name. */
  readonly rows: readonly Record<string, unknown>[];
  /** Entries of the log. */
  readonly log: readonly Record<string, unknown>[];
  /** Columns and rules of both tables, and their comments. */
  readonly tables: readonly string[];
}

/** Reads what a database holds of a history. */
export async function readHolding({ query }: Project, table = "metapg_migrations"): Promise<Holding> {
  const [said] = await query(tablesSql(table));
  const { log, tables } = JSON.parse(String(said?.value)) as { log: boolean; tables: readonly string[] };
  const all = (name: string, order: string) =>
    `(SELECT coalesce(json_agg(t ORDER BY t.${order}), '[]') FROM ${name} t)`;
  const entries = log ? all(`${table}_log`, "id") : "'[]'::json";
  const [held] = await query(
    `SELECT json_build_object('rows', ${all(table, "name")}, 'log', ${entries})::text AS value`,
  );
  return { ...JSON.parse(String(held?.value)), tables };
}

function tablesSql(table: string): string {
  return `WITH r (part, id) AS (VALUES ('history', to_regclass('${table}')), ('log', to_regclass('${table}_log'))),
lines (line) AS (
  SELECT concat_ws(' ', r.part, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
    pg_get_expr(d.adbin, d.adrelid), col_description(a.attrelid, a.attnum))
  FROM r JOIN pg_attribute a ON a.attrelid = r.id AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  UNION ALL SELECT concat_ws(' ', r.part, pg_get_constraintdef(c.oid)) FROM r JOIN pg_constraint c ON c.conrelid = r.id
  UNION ALL SELECT concat_ws(' ', r.part, obj_description(r.id, 'pg_class')) FROM r
)
SELECT json_build_object('log', to_regclass('${table}_log') IS NOT NULL,
  'tables', (SELECT json_agg(line ORDER BY line COLLATE "C") FROM lines))::text AS value`;
}
