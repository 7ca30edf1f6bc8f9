/**
 * Tables, views and everything else that has columns.
 *
 * @module
 */

import {
  attributes,
  catalog,
  type CatalogQuery,
  decode,
  FIRST_USER_OID,
  optionLines,
  unless,
  yes,
} from "./catalog_query.ts";

const KINDS = decode("c.relkind", {
  r: "table",
  p: "table",
  v: "view",
  m: "materialized view",
  f: "foreign table",
});

/** Options, those of the TOAST table with `toast.` before them. */
const OPTIONS = `(SELECT string_agg(line, E'\\n' ORDER BY line COLLATE "C") FROM (
      SELECT unnest(c.reloptions) AS line
      UNION ALL SELECT 'toast.' || unnest(t.reloptions) FROM pg_class t WHERE t.oid = c.reltoastrelid
    ) AS options)`;

/** PGlite from 0.5.17 on notes down with every column when it was described, in an option that no statement sets. */
const BOOKKEEPING = "^pg_attver=";

const PARENTS = `(SELECT string_agg(format('%I.%I', pn.nspname, p.relname), E'\\n' ORDER BY h.inhseqno)
      FROM pg_inherits h JOIN pg_class p ON p.oid = h.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace
      WHERE h.inhrelid = c.oid)`;

const COLUMN_ORDER = `(SELECT string_agg(quote_ident(a.attname), E'\\n' ORDER BY a.attnum)
      FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)`;

const REPLICA_IDENTITY = `CASE c.relreplident WHEN 'f' THEN 'full' WHEN 'n' THEN 'nothing' WHEN 'i' THEN coalesce((
      SELECT 'index ' || quote_ident(x.relname) FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
      WHERE i.indrelid = c.oid AND i.indisreplident), 'nothing') END`;

/** Tables, partitioned and foreign tables, views and materialized views. */
export const relationQuery: CatalogQuery = () => `
SELECT ${KINDS}, ${catalog("pg_class")}, c.oid, 0, ARRAY[n.nspname, c.relname]::text[], NULL::text, ${
  catalog("pg_namespace")
}, n.oid, c.relowner, c.relacl, ${
  attributes({
    "unlogged": yes("c.relpersistence = 'u'"),
    "column order": COLUMN_ORDER,
    "access method":
      "CASE WHEN c.relkind IN ('r', 'm', 'p') THEN (SELECT m.amname FROM pg_am m WHERE m.oid = c.relam AND m.amname <> 'heap') END",
    "tablespace": "(SELECT s.spcname FROM pg_tablespace s WHERE s.oid = c.reltablespace)",
    "options": OPTIONS,
    "of type": "CASE WHEN c.reloftype <> 0 THEN format_type(c.reloftype, NULL) END",
    "inherits": `CASE WHEN NOT c.relispartition THEN ${PARENTS} END`,
    "partition of": `CASE WHEN c.relispartition THEN ${PARENTS} END`,
    "partition bound": "pg_get_expr(c.relpartbound, c.oid)",
    "partition key": "CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END",
    "row level security": yes("c.relrowsecurity"),
    "row level security for owner": yes("c.relforcerowsecurity"),
    "replica identity": `CASE WHEN c.relkind IN ('r', 'p') THEN ${REPLICA_IDENTITY} END`,
    "definition": "CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END",
    "server": `(SELECT s.srvname FROM pg_foreign_table f JOIN pg_foreign_server s ON s.oid = f.ftserver
      WHERE f.ftrelid = c.oid)`,
    "foreign options": `(SELECT ${optionLines("f.ftoptions")} FROM pg_foreign_table f WHERE f.ftrelid = c.oid)`,
  })
}
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.oid >= ${FIRST_USER_OID} AND c.relkind IN ('r', 'p', 'v', 'm', 'f')`;

const SPECIAL_COLLATION = `(SELECT format('%I.%I', cn.nspname, co.collname)
      FROM pg_collation co JOIN pg_namespace cn ON cn.oid = co.collnamespace
      WHERE co.oid = a.attcollation AND a.attcollation <> t.typcollation)`;

/** Hardly any column has some. */
const OPTIONS_OF_COLUMN = `CASE WHEN a.attoptions IS NOT NULL THEN ${optionLines("a.attoptions", BOOKKEEPING)} END`;

/** Whether a column must have a value. From PostgreSQL 18 on a constraint says so, which has more to it. */
function notNull(version: number): string {
  if (version < 180000) return yes("a.attnotnull");
  return `CASE WHEN a.attnotnull THEN coalesce((
      SELECT CASE WHEN NOT o.convalidated THEN 'not valid' WHEN o.connoinherit THEN 'no inherit' END
      FROM pg_constraint o WHERE o.conrelid = c.oid AND o.contype = 'n' AND o.conkey[1] = a.attnum), 'yes') END`;
}

/** Columns of all of these, and of composite types. */
export const columnQuery: CatalogQuery = (version) => `
SELECT 'column', ${
  catalog("pg_class")
}, c.oid, a.attnum, ARRAY[n.nspname, c.relname, a.attname]::text[], NULL::text, ${`CASE c.relkind WHEN 'c' THEN ${
  catalog("pg_type")
} ELSE ${catalog("pg_class")} END`}, CASE c.relkind WHEN 'c' THEN c.reltype ELSE c.oid END, 0::oid, a.attacl, ${
  attributes({
    "type": "format_type(a.atttypid, a.atttypmod)",
    "collation": SPECIAL_COLLATION,
    "not null": notNull(version),
    "default": "CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END",
    "generated": `CASE a.attgenerated WHEN 's' THEN 'stored ' WHEN 'v' THEN 'virtual ' END
      || pg_get_expr(d.adbin, d.adrelid)`,
    "identity": `CASE WHEN NOT c.relispartition THEN ${decode("a.attidentity", { a: "always", d: "by default" })} END`,
    "inherited": "CASE WHEN a.attinhcount > 0 THEN CASE WHEN a.attislocal THEN 'and local' ELSE 'yes' END END",
    "storage": `CASE WHEN a.attstorage <> t.typstorage AND c.relkind IN ('r', 'p', 'm', 'f') THEN ${
      decode("a.attstorage", { p: "plain", e: "external", x: "extended", m: "main" })
    } END`,
    "compression": decode("a.attcompression", { p: "pglz", l: "lz4" }),
    "statistics target": unless("coalesce(a.attstattarget, -1)", "-1"),
    "options": OPTIONS_OF_COLUMN,
    "foreign options": optionLines("a.attfdwoptions"),
  })
}
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.oid >= ${FIRST_USER_OID} AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c') AND a.attnum > 0 AND NOT a.attisdropped`;
