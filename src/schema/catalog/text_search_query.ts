/**
 * Text search.
 *
 * @module
 */

import { attributes, catalog, type CatalogQuery, FIRST_USER_OID, unlessZero } from "./catalog_query.ts";

const SPACE = (column: string) => `${catalog("pg_namespace")}, ${column}`;

/** Configurations, with the dictionaries for each kind of token. */
export const textConfigurationQuery: CatalogQuery = () => `
SELECT 'text search configuration', ${
  catalog("pg_ts_config")
}, c.oid, 0, ARRAY[n.nspname, c.cfgname]::text[], NULL::text,
  ${SPACE("n.oid")}, c.cfgowner, NULL::aclitem[], ${
  attributes({
    "parser":
      "(SELECT format('%I.%I', pn.nspname, p.prsname) FROM pg_ts_parser p JOIN pg_namespace pn ON pn.oid = p.prsnamespace WHERE p.oid = c.cfgparser)",
    "mappings": `(SELECT string_agg(token || ': ' || dictionaries, E'\\n' ORDER BY token COLLATE "C") FROM (
      SELECT (SELECT t.alias FROM ts_token_type(c.cfgparser) AS t WHERE t.tokid = m.maptokentype) AS token,
        string_agg(format('%I.%I', dn.nspname, d.dictname), ', ' ORDER BY m.mapseqno) AS dictionaries
      FROM pg_ts_config_map m JOIN pg_ts_dict d ON d.oid = m.mapdict JOIN pg_namespace dn ON dn.oid = d.dictnamespace
      WHERE m.mapcfg = c.oid GROUP BY m.maptokentype) AS mappings)`,
  })
}
FROM pg_ts_config c JOIN pg_namespace n ON n.oid = c.cfgnamespace
WHERE c.oid >= ${FIRST_USER_OID}`;

/** Dictionaries. */
export const textDictionaryQuery: CatalogQuery = () => `
SELECT 'text search dictionary', ${catalog("pg_ts_dict")}, d.oid, 0, ARRAY[n.nspname, d.dictname]::text[], NULL::text,
  ${SPACE("n.oid")}, d.dictowner, NULL::aclitem[], ${
  attributes({ "template": "format('%I.%I', tn.nspname, t.tmplname)", "options": "d.dictinitoption" })
}
FROM pg_ts_dict d JOIN pg_namespace n ON n.oid = d.dictnamespace
JOIN pg_ts_template t ON t.oid = d.dicttemplate JOIN pg_namespace tn ON tn.oid = t.tmplnamespace
WHERE d.oid >= ${FIRST_USER_OID}`;

/** Parsers. */
export const textParserQuery: CatalogQuery = () => `
SELECT 'text search parser', ${catalog("pg_ts_parser")}, p.oid, 0, ARRAY[n.nspname, p.prsname]::text[], NULL::text,
  ${SPACE("n.oid")}, 0::oid, NULL::aclitem[], ${
  attributes({
    "start": "p.prsstart::text",
    "token": "p.prstoken::text",
    "end": "p.prsend::text",
    "headline": unlessZero("p.prsheadline"),
    "token types": "p.prslextype::text",
  })
}
FROM pg_ts_parser p JOIN pg_namespace n ON n.oid = p.prsnamespace
WHERE p.oid >= ${FIRST_USER_OID}`;

/** Templates of dictionaries. */
export const textTemplateQuery: CatalogQuery = () => `
SELECT 'text search template', ${catalog("pg_ts_template")}, t.oid, 0, ARRAY[n.nspname, t.tmplname]::text[], NULL::text,
  ${SPACE("n.oid")}, 0::oid, NULL::aclitem[], ${
  attributes({ "init": unlessZero("t.tmplinit"), "lexize": "t.tmpllexize::text" })
}
FROM pg_ts_template t JOIN pg_namespace n ON n.oid = t.tmplnamespace
WHERE t.oid >= ${FIRST_USER_OID}`;
