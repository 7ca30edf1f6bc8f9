/**
 * Schemas, extensions and default privileges.
 *
 * @module
 */

import { attributes, catalog, type CatalogQuery, decode, FIRST_USER_OID, NOWHERE } from "./catalog_query.ts";

/** Schemas. `public` is there from the start, with an owner and privileges that depend on the server's version. */
export const schemaQuery: CatalogQuery = () => `
SELECT 'schema', ${catalog("pg_namespace")}, n.oid, 0, ARRAY[n.nspname]::text[], NULL::text, ${NOWHERE},
  n.nspowner, n.nspacl, ${attributes({})}
FROM pg_namespace n
WHERE (n.oid >= ${FIRST_USER_OID} OR n.nspname = 'public') AND n.nspname !~ '^pg_(temp|toast)'`;

/** Extensions. Their version depends on what the server has, and is left out. */
export const extensionQuery: CatalogQuery = () => `
SELECT 'extension', ${catalog("pg_extension")}, e.oid, 0, ARRAY[e.extname]::text[], NULL::text, ${NOWHERE},
  0::oid, NULL::aclitem[], ${attributes({ "schema": "n.nspname" })}
FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace`;

/** Default privileges of a role, in one schema or in all of them. */
export const defaultPrivilegesQuery: CatalogQuery = () => `
SELECT 'default privileges', ${catalog("pg_default_acl")}, d.oid, 0,
  ARRAY[pg_get_userbyid(d.defaclrole), coalesce(n.nspname, ''), ${
  decode("d.defaclobjtype", {
    r: "TABLES",
    S: "SEQUENCES",
    f: "FUNCTIONS",
    T: "TYPES",
    n: "SCHEMAS",
    L: "LARGE OBJECTS",
  })
}]::text[], NULL::text, ${catalog("pg_namespace")}, d.defaclnamespace, d.defaclrole, d.defaclacl, ${attributes({})}
FROM pg_default_acl d LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace`;

/** What the databases that come with a server are said to be. */
const FIRST_COMMENTS = `'default administrative connection database', 'default template for new databases',
      'unmodifiable empty database'`;

/**
 * The database itself, which has no name here: each has its own. What settings it gives to its sessions, or to those of a
 * role, and its comment.
 */
export const databaseQuery: CatalogQuery = () => `
SELECT 'database', ${catalog("pg_database")}, b.oid, 0, ARRAY[]::text[], NULL::text, ${NOWHERE}, b.datdba, b.datacl, ${
  attributes({
    "settings": `(SELECT string_agg(line, E'\\n' ORDER BY line COLLATE "C") FROM (
      SELECT CASE WHEN s.setrole <> 0 THEN quote_ident(pg_get_userbyid(s.setrole)) || ': ' ELSE '' END || unnest(s.setconfig) AS line
      FROM pg_db_role_setting s WHERE s.setdatabase = b.oid) AS settings)`,
    "comment": `CASE WHEN shobj_description(b.oid, 'pg_database') NOT IN (${FIRST_COMMENTS})
      THEN shobj_description(b.oid, 'pg_database') END`,
  })
}
FROM pg_database b WHERE b.datname = current_database()`;
