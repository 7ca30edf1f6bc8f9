/**
 * What hangs on tables and views beside columns, constraints and indexes: triggers, rules, policies and sequences.
 *
 * @module
 */

import { attributes, catalog, type CatalogQuery, decode, FIRST_USER_OID, yes } from "./catalog_query.ts";

const FIRED = { D: "disabled", R: "replica", A: "always" };

/** Triggers, without those behind foreign keys and without the copies that partitions get of their parent's. */
export const triggerQuery: CatalogQuery = () => `
SELECT 'trigger', ${catalog("pg_trigger")}, t.oid, 0, ARRAY[n.nspname, c.relname, t.tgname]::text[], NULL::text, ${
  catalog("pg_class")
}, c.oid, 0::oid, NULL::aclitem[], ${
  attributes({
    "definition": "CASE WHEN t.tgparentid = 0 THEN pg_get_triggerdef(t.oid) END",
    "fired": `CASE WHEN t.tgenabled <> coalesce(p.tgenabled, 'O') THEN CASE t.tgenabled WHEN 'O' THEN 'origin' ELSE ${
      decode("t.tgenabled", FIRED)
    } END END`,
  })
}
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_trigger p ON p.oid = t.tgparentid
WHERE t.oid >= ${FIRST_USER_OID} AND (t.tgconstraint = 0
    OR EXISTS (SELECT FROM pg_constraint o WHERE o.oid = t.tgconstraint AND o.contype = 't'))
  AND (t.tgparentid = 0 OR t.tgenabled <> p.tgenabled)`;

/** Rules, without those that make a view one. */
export const ruleQuery: CatalogQuery = () => `
SELECT 'rule', ${catalog("pg_rewrite")}, r.oid, 0, ARRAY[n.nspname, c.relname, r.rulename]::text[], NULL::text, ${
  catalog("pg_class")
}, c.oid, 0::oid, NULL::aclitem[], ${
  attributes({ "definition": "pg_get_ruledef(r.oid)", "fired": decode("r.ev_enabled", FIRED) })
}
FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE r.oid >= ${FIRST_USER_OID} AND r.rulename <> '_RETURN'`;

/** Policies of row level security. */
export const policyQuery: CatalogQuery = () => `
SELECT 'policy', ${catalog("pg_policy")}, p.oid, 0, ARRAY[n.nspname, c.relname, p.polname]::text[], NULL::text, ${
  catalog("pg_class")
}, c.oid, 0::oid, NULL::aclitem[], ${
  attributes({
    "restrictive": yes("NOT p.polpermissive"),
    "command": decode("p.polcmd", { r: "select", a: "insert", w: "update", d: "delete" }),
    "roles": `(SELECT string_agg(quote_ident(pg_get_userbyid(role)), E'\\n' ORDER BY pg_get_userbyid(role) COLLATE "C")
      FROM unnest(p.polroles) AS role WHERE role <> 0)`,
    "using": "pg_get_expr(p.polqual, p.polrelid)",
    "check": "pg_get_expr(p.polwithcheck, p.polrelid)",
  })
}
FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE p.oid >= ${FIRST_USER_OID}`;

/** The largest value that a sequence of a type has. */
const MAXIMUM = `CASE s.seqtypid WHEN 'smallint'::regtype THEN 32767 WHEN 'integer'::regtype THEN 2147483647
      ELSE 9223372036854775807 END`;

const MINIMUM = `(-1 - ${MAXIMUM})`;

/** A sequence of a column is logged as its table is from PostgreSQL 15 on, and always before. */
const OWNED = `EXISTS (SELECT FROM pg_depend d
      WHERE d.classid = ${catalog("pg_class")} AND d.objid = c.oid AND d.refclassid = ${catalog("pg_class")}
        AND d.deptype IN ('a', 'i'))`;

/** Sequences, also those behind identity columns. Where they stand is data. */
export const sequenceQuery: CatalogQuery = () => `
SELECT 'sequence', ${catalog("pg_class")}, c.oid, 0, ARRAY[n.nspname, c.relname]::text[], NULL::text, ${
  catalog("pg_namespace")
}, n.oid, c.relowner, c.relacl, ${
  attributes({
    "type": "CASE WHEN s.seqtypid <> 'bigint'::regtype THEN format_type(s.seqtypid, NULL) END",
    "start":
      `CASE WHEN s.seqstart <> CASE WHEN s.seqincrement > 0 THEN s.seqmin ELSE s.seqmax END THEN s.seqstart::text END`,
    "increment": "CASE WHEN s.seqincrement <> 1 THEN s.seqincrement::text END",
    "minimum": `CASE WHEN s.seqmin <> CASE WHEN s.seqincrement > 0 THEN 1 ELSE ${MINIMUM} END THEN s.seqmin::text END`,
    "maximum": `CASE WHEN s.seqmax <> CASE WHEN s.seqincrement > 0 THEN ${MAXIMUM} ELSE -1 END THEN s.seqmax::text END`,
    "cache": "CASE WHEN s.seqcache <> 1 THEN s.seqcache::text END",
    "cycle": yes("s.seqcycle"),
    "unlogged": yes(`c.relpersistence = 'u' AND NOT ${OWNED}`),
    "owned by": `(SELECT format('%I.%I.%I', tn.nspname, t.relname, a.attname)
      FROM pg_depend d JOIN pg_class t ON t.oid = d.refobjid JOIN pg_namespace tn ON tn.oid = t.relnamespace
      JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
      WHERE d.classid = ${catalog("pg_class")} AND d.objid = c.oid AND d.refclassid = ${catalog("pg_class")}
        AND d.deptype IN ('a', 'i'))`,
    "identity": yes(`EXISTS (SELECT FROM pg_depend d
      WHERE d.classid = ${catalog("pg_class")} AND d.objid = c.oid AND d.refclassid = ${catalog("pg_class")}
        AND d.deptype = 'i')`),
  })
}
FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.oid >= ${FIRST_USER_OID}`;

/** Extended statistics. */
export const statisticsQuery: CatalogQuery = () => `
SELECT 'statistics', ${catalog("pg_statistic_ext")}, s.oid, 0, ARRAY[n.nspname, s.stxname]::text[], NULL::text, ${
  catalog("pg_class")
}, s.stxrelid, s.stxowner, NULL::aclitem[], ${
  attributes({
    "definition": "pg_get_statisticsobjdef(s.oid)",
    "statistics target": "CASE WHEN s.stxstattarget >= 0 THEN s.stxstattarget::text END",
  })
}
FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace
WHERE s.oid >= ${FIRST_USER_OID}`;
