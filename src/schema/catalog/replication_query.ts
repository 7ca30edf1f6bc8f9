/**
 * Publications, subscriptions and event triggers.
 *
 * @module
 */

import {
  attributes,
  catalog,
  type CatalogQuery,
  decode,
  FIRST_USER_OID,
  NOWHERE,
  sortedLines,
  yes,
} from "./catalog_query.ts";

/** Tables of a publication, each with its columns and its condition, which there are from PostgreSQL 15 on. */
function tables(version: number): string {
  const columns = version < 150000 ? "''" : `coalesce(' (' || (
        SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)
        FROM unnest(r.prattrs) AS number JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = number) || ')', '')`;
  const condition = version < 150000 ? "''" : "coalesce(' WHERE (' || pg_get_expr(r.prqual, c.oid) || ')', '')";
  return `(SELECT string_agg(line, E'\\n' ORDER BY line COLLATE "C") FROM (
      SELECT format('%I.%I', n.nspname, c.relname) || ${columns} || ${condition} AS line
      FROM pg_publication_rel r JOIN pg_class c ON c.oid = r.prrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE r.prpubid = p.oid) AS tables)`;
}

const SCHEMAS = `(SELECT string_agg(quote_ident(n.nspname), E'\\n' ORDER BY n.nspname COLLATE "C")
      FROM pg_publication_namespace s JOIN pg_namespace n ON n.oid = s.pnnspid WHERE s.pnpubid = p.oid)`;

/** Publications. */
export const publicationQuery: CatalogQuery = (version) => `
SELECT 'publication', ${catalog("pg_publication")}, p.oid, 0, ARRAY[p.pubname]::text[], NULL::text,
  ${NOWHERE}, p.pubowner, NULL::aclitem[], ${
  attributes({
    "all tables": yes("p.puballtables"),
    "tables": tables(version),
    ...(version < 150000 ? {} : { "schemas": SCHEMAS }),
    "publish": `CASE WHEN NOT (p.pubinsert AND p.pubupdate AND p.pubdelete AND p.pubtruncate) THEN concat_ws(', ',
      CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END,
      CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END) END`,
    "via root": yes("p.pubviaroot"),
    ...(version < 180000 ? {} : { "generated columns": "CASE WHEN p.pubgencols = 's' THEN 'stored' END" }),
  })
}
FROM pg_publication p
WHERE p.oid >= ${FIRST_USER_OID}`;

/** Subscriptions. Where they connect to is a secret, and whether they are enabled is a state. */
export const subscriptionQuery: CatalogQuery = () => `
SELECT 'subscription', ${catalog("pg_subscription")}, s.oid, 0, ARRAY[s.subname]::text[], NULL::text,
  ${NOWHERE}, s.subowner, NULL::aclitem[], ${
  attributes({
    "publications": sortedLines("s.subpublications"),
    "slot": "CASE WHEN s.subslotname IS DISTINCT FROM s.subname THEN coalesce(s.subslotname, '') END",
    "binary": yes("s.subbinary"),
    "synchronous commit": "CASE WHEN s.subsynccommit <> 'off' THEN s.subsynccommit END",
  })
}
FROM pg_subscription s
WHERE s.subdbid = (SELECT b.oid FROM pg_database b WHERE b.datname = current_database())`;

/** Event triggers. */
export const eventTriggerQuery: CatalogQuery = () => `
SELECT 'event trigger', ${catalog("pg_event_trigger")}, t.oid, 0, ARRAY[t.evtname]::text[], NULL::text,
  ${NOWHERE}, t.evtowner, NULL::aclitem[], ${
  attributes({
    "event": "t.evtevent",
    "tags": sortedLines("t.evttags"),
    "function": "t.evtfoid::regproc::text",
    "fired": decode("t.evtenabled", { D: "disabled", R: "replica", A: "always" }),
  })
}
FROM pg_event_trigger t
WHERE t.oid >= ${FIRST_USER_OID}`;
