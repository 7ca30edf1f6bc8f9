/**
 * Constraints and indexes.
 *
 * @module
 */

import { attributes, catalog, type CatalogQuery, FIRST_USER_OID, sortedLines, unless, yes } from "./catalog_query.ts";

/** What can be set on an index, whether it is one of a constraint or not. */
const INDEX = {
  "partition of":
    `(SELECT format('%I.%I', pn.nspname, p.relname) FROM pg_inherits h JOIN pg_class p ON p.oid = h.inhparent
      JOIN pg_namespace pn ON pn.oid = p.relnamespace WHERE h.inhrelid = x.oid)`,
  "invalid": yes("i.indisvalid = false AND x.relkind = 'i'"),
  "clustered": yes("i.indisclustered"),
  "tablespace": "(SELECT s.spcname FROM pg_tablespace s WHERE s.oid = x.reltablespace)",
};

/** Tables whose triggers behind a foreign key are not fired as usual: `ALTER TABLE … DISABLE TRIGGER ALL` does that. */
const UNGUARDED = `CASE WHEN o.contype = 'f' THEN (
      SELECT string_agg(DISTINCT format('%I.%I', tn.nspname, tc.relname), E'\\n')
      FROM pg_trigger t JOIN pg_class tc ON tc.oid = t.tgrelid JOIN pg_namespace tn ON tn.oid = tc.relnamespace
      WHERE t.tgconstraint = o.oid AND t.tgenabled <> 'O') END`;

/**
 * Constraints of tables. Those that say that a column is not null are told with the column: before PostgreSQL 18 they have
 * no name. Copies that the server makes for the partitions of a referenced table follow from their original.
 */
export const constraintQuery: CatalogQuery = () => `
SELECT 'constraint', ${
  catalog("pg_constraint")
}, o.oid, 0, ARRAY[n.nspname, c.relname, o.conname]::text[], NULL::text, ${
  catalog("pg_class")
}, c.oid, 0::oid, NULL::aclitem[], ${
  attributes({
    "definition": "pg_get_constraintdef(o.oid)",
    "inherited": `CASE WHEN o.coninhcount > 0 THEN CASE WHEN o.conislocal THEN 'and local' ELSE 'yes' END END`,
    ...INDEX,
    // The definition of an exclusion has them already, as that of an index has.
    "index options": `CASE WHEN o.contype IN ('p', 'u') THEN ${sortedLines("x.reloptions")} END`,
    "not enforced on": UNGUARDED,
    "index comment": `CASE WHEN o.contype IN ('p', 'u', 'x') THEN obj_description(o.conindid, 'pg_class') END`,
  })
}
FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_index i ON i.indexrelid = o.conindid AND o.contype IN ('p', 'u', 'x')
LEFT JOIN pg_class x ON x.oid = i.indexrelid
WHERE o.oid >= ${FIRST_USER_OID} AND o.contype IN ('c', 'f', 'p', 'u', 'x')
  AND NOT EXISTS (SELECT FROM pg_constraint p WHERE p.oid = o.conparentid AND p.conrelid = o.conrelid)`;

/** Indexes that no constraint made. */
export const indexQuery: CatalogQuery = () => `
SELECT 'index', ${catalog("pg_class")}, x.oid, 0, ARRAY[n.nspname, x.relname]::text[], NULL::text, ${
  catalog("pg_class")
}, i.indrelid, 0::oid, NULL::aclitem[], ${
  attributes({
    "definition": "pg_get_indexdef(x.oid)",
    ...INDEX,
    "statistics targets": `(SELECT string_agg(a.attnum || ' ' || a.attstattarget, E'\\n' ORDER BY a.attnum)
      FROM pg_attribute a WHERE a.attrelid = x.oid AND ${unless("coalesce(a.attstattarget, -1)", "-1")} IS NOT NULL)`,
  })
}
FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_namespace n ON n.oid = x.relnamespace
WHERE x.oid >= ${FIRST_USER_OID} AND n.nspname <> 'pg_toast'
  AND NOT EXISTS (SELECT FROM pg_constraint o WHERE o.conindid = x.oid AND o.contype IN ('p', 'u', 'x'))`;
