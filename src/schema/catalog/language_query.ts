/**
 * Languages and what comes with them, access methods, collations and conversions.
 *
 * @module
 */

import { attributes, catalog, type CatalogQuery, FIRST_USER_OID, NOWHERE, unlessZero, yes } from "./catalog_query.ts";

/** Languages. */
export const languageQuery: CatalogQuery = () => `
SELECT 'language', ${catalog("pg_language")}, l.oid, 0, ARRAY[l.lanname]::text[], NULL::text, ${NOWHERE},
  l.lanowner, l.lanacl, ${
  attributes({
    "trusted": yes("l.lanpltrusted"),
    "handler": unlessZero("l.lanplcallfoid::regproc"),
    "inline": unlessZero("l.laninline::regproc"),
    "validator": unlessZero("l.lanvalidator::regproc"),
  })
}
FROM pg_language l
WHERE l.oid >= ${FIRST_USER_OID}`;

/** Transforms between types and languages. */
export const transformQuery: CatalogQuery = () => `
SELECT 'transform', ${catalog("pg_transform")}, t.oid, 0, ARRAY[format_type(t.trftype, NULL), l.lanname]::text[],
  NULL::text, ${NOWHERE}, 0::oid, NULL::aclitem[], ${
  attributes({
    "from": "CASE WHEN t.trffromsql <> 0 THEN t.trffromsql::regprocedure::text END",
    "to": "CASE WHEN t.trftosql <> 0 THEN t.trftosql::regprocedure::text END",
  })
}
FROM pg_transform t JOIN pg_language l ON l.oid = t.trflang
WHERE t.oid >= ${FIRST_USER_OID}`;

/** Access methods. */
export const accessMethodQuery: CatalogQuery = () => `
SELECT 'access method', ${catalog("pg_am")}, a.oid, 0, ARRAY[a.amname]::text[], NULL::text, ${NOWHERE},
  0::oid, NULL::aclitem[], ${
  attributes({
    "type": "CASE a.amtype WHEN 'i' THEN 'index' WHEN 't' THEN 'table' END",
    "handler": "a.amhandler::text",
  })
}
FROM pg_am a
WHERE a.oid >= ${FIRST_USER_OID}`;

/** The locale of other providers than libc, in the column that the version has for it. */
function locale(version: number): string {
  if (version < 150000) return "NULL::text";
  return version < 170000 ? "c.colliculocale" : "c.colllocale";
}

/** Collations. The version that a library gave them is no part of them. */
export const collationQuery: CatalogQuery = (version) => `
SELECT 'collation', ${catalog("pg_collation")}, c.oid, 0, ARRAY[n.nspname, c.collname]::text[], NULL::text,
  ${catalog("pg_namespace")}, n.oid, c.collowner, NULL::aclitem[], ${
  attributes({
    "provider": "CASE c.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' END",
    "locale": `coalesce(${locale(version)}, CASE WHEN c.collcollate = c.collctype THEN c.collcollate END)`,
    "collate": "CASE WHEN c.collcollate <> c.collctype THEN c.collcollate END",
    "character type": "CASE WHEN c.collcollate <> c.collctype THEN c.collctype END",
    "not deterministic": yes("NOT c.collisdeterministic"),
    ...(version < 160000 ? {} : { "rules": "c.collicurules" }),
  })
}
FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace
WHERE c.oid >= ${FIRST_USER_OID}`;

/** Conversions between encodings. */
export const conversionQuery: CatalogQuery = () => `
SELECT 'conversion', ${catalog("pg_conversion")}, c.oid, 0, ARRAY[n.nspname, c.conname]::text[], NULL::text,
  ${catalog("pg_namespace")}, n.oid, c.conowner, NULL::aclitem[], ${
  attributes({
    "from": "pg_encoding_to_char(c.conforencoding)",
    "to": "pg_encoding_to_char(c.contoencoding)",
    "function": "c.conproc::text",
    "default": yes("c.condefault"),
  })
}
FROM pg_conversion c JOIN pg_namespace n ON n.oid = c.connamespace
WHERE c.oid >= ${FIRST_USER_OID}`;
