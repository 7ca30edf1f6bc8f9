/**
 * Types of all kinds, and the constraints of domains.
 *
 * @module
 */

import { attributes, catalog, type CatalogQuery, decode, FIRST_USER_OID, unlessZero, yes } from "./catalog_query.ts";

function select(kind: string, own: Readonly<Record<string, string>>, more = ""): string {
  return `
SELECT '${kind}', ${catalog("pg_type")}, t.oid, 0, ARRAY[n.nspname, t.typname]::text[], NULL::text, ${
    catalog("pg_namespace")
  }, n.oid, t.typowner, t.typacl, ${attributes(own)}
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace ${more}`;
}

const USER_MADE = `t.oid >= ${FIRST_USER_OID}`;

const COLLATION = (column: string, byDefault: string) =>
  `(SELECT format('%I.%I', cn.nspname, co.collname)
      FROM pg_collation co JOIN pg_namespace cn ON cn.oid = co.collnamespace
      WHERE co.oid = ${column} AND ${column} <> ${byDefault})`;

/** Enums with their labels in order. */
export const enumQuery: CatalogQuery = () =>
  `${
    select("enum", {
      "labels": `(SELECT string_agg(quote_literal(e.enumlabel), E'\\n' ORDER BY e.enumsortorder) FROM pg_enum e
      WHERE e.enumtypid = t.oid)`,
    })
  }
WHERE ${USER_MADE} AND t.typtype = 'e'`;

/** Domains. */
export const domainQuery: CatalogQuery = () =>
  `${
    select("domain", {
      "type": "format_type(t.typbasetype, t.typtypmod)",
      "collation": COLLATION("t.typcollation", "b.typcollation"),
      "default": "pg_get_expr(t.typdefaultbin, 0)",
      "not null": yes("t.typnotnull"),
    }, "JOIN pg_type b ON b.oid = t.typbasetype")
  }
WHERE ${USER_MADE} AND t.typtype = 'd'`;

/** Constraints of domains; that it is not null is told with the domain. */
export const domainConstraintQuery: CatalogQuery = () => `
SELECT 'domain constraint', ${
  catalog("pg_constraint")
}, o.oid, 0, ARRAY[n.nspname, t.typname, o.conname]::text[], NULL::text, ${
  catalog("pg_type")
}, t.oid, 0::oid, NULL::aclitem[], ${attributes({ "definition": "pg_get_constraintdef(o.oid)" })}
FROM pg_constraint o JOIN pg_type t ON t.oid = o.contypid JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE o.oid >= ${FIRST_USER_OID} AND o.contype = 'c'`;

/** Composite types; their columns are those of a relation. */
export const compositeQuery: CatalogQuery = () =>
  `${
    select(
      "composite type",
      {
        "column order": `(SELECT string_agg(quote_ident(a.attname), E'\\n' ORDER BY a.attnum)
      FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)`,
      },
      "JOIN pg_class c ON c.oid = t.typrelid AND c.relkind = 'c'",
    )
  }
WHERE ${USER_MADE}`;

/** Ranges; their multiranges belong to them. */
export const rangeQuery: CatalogQuery = () =>
  `${
    select(
      "range",
      {
        "subtype": "format_type(r.rngsubtype, NULL)",
        "collation": COLLATION("r.rngcollation", "b.typcollation"),
        "operator class": `(SELECT format('%I.%I', cn.nspname, oc.opcname) FROM pg_opclass oc
      JOIN pg_namespace cn ON cn.oid = oc.opcnamespace WHERE oc.oid = r.rngsubopc AND NOT oc.opcdefault)`,
        "canonical": unlessZero("r.rngcanonical"),
        "difference": unlessZero("r.rngsubdiff"),
        "multirange": `(SELECT format('%I.%I', mn.nspname, m.typname) FROM pg_type m
      JOIN pg_namespace mn ON mn.oid = m.typnamespace WHERE m.oid = r.rngmultitypid)`,
      },
      "JOIN pg_range r ON r.rngtypid = t.oid JOIN pg_type b ON b.oid = r.rngsubtype",
    )
  }
WHERE ${USER_MADE}`;

/** Base types, and those of which only the name is known. */
export const baseTypeQuery: CatalogQuery = () =>
  `${
    select("type", {
      "input": unlessZero("t.typinput"),
      "output": unlessZero("t.typoutput"),
      "receive": unlessZero("t.typreceive"),
      "send": unlessZero("t.typsend"),
      "modifier input": unlessZero("t.typmodin"),
      "modifier output": unlessZero("t.typmodout"),
      "analyze": unlessZero("t.typanalyze"),
      "subscript": unlessZero("t.typsubscript"),
      "length": "CASE WHEN t.typlen = -1 THEN 'variable' ELSE t.typlen::text END",
      "by value": yes("t.typbyval"),
      "alignment": decode("t.typalign", { c: "char", s: "int2", d: "double" }),
      "storage": decode("t.typstorage", { e: "external", x: "extended", m: "main" }),
      "category": "CASE WHEN t.typcategory <> 'U' THEN t.typcategory::text END",
      "preferred": yes("t.typispreferred"),
      "default": "t.typdefault",
      "element": "CASE WHEN t.typelem <> 0 THEN format_type(t.typelem, NULL) END",
      "delimiter": "CASE WHEN t.typdelim <> ',' THEN t.typdelim::text END",
      "collatable": yes("t.typcollation <> 0"),
    })
  }
WHERE ${USER_MADE} AND t.typtype = 'b' AND NOT EXISTS (SELECT FROM pg_type e WHERE e.oid = t.typelem AND e.typarray = t.oid)
UNION ALL
${select("shell type", {})}
WHERE ${USER_MADE} AND t.typtype = 'p' AND NOT t.typisdefined`;
