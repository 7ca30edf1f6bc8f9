/**
 * What is no part of a database, but of its server: roles, and more where all of the server is made for one.
 *
 * @module
 */

import { quoteArray } from "../../core/quote.ts";
import {
  attributes,
  catalog,
  type CatalogQuery,
  FIRST_USER_OID,
  NOWHERE,
  optionLines,
  sortedLines,
  unless,
  yes,
} from "./catalog_query.ts";

/** `WITHOUT …` as `GRANT` can say it. */
const OPTIONS_SINCE = 160000;

/**
 * Roles with what they are members of and the settings that they have everywhere; those for one database are the
 * database's. Those that came with the server cannot be altered.
 *
 * @param names `all`, or the older ones that count: of a server that others use, too.
 * @returns The query. A role that is younger than the database counts in any case.
 */
export function roleQuery(names: "all" | readonly string[]): CatalogQuery {
  return (version) => `
SELECT 'role', ${
    catalog("pg_authid")
  }, r.oid, 0, ARRAY[r.rolname]::text[], NULL::text, ${NOWHERE}, 0::oid, NULL::aclitem[], ${
    attributes({
      "superuser": yes("r.rolsuper"),
      "no inherit": yes("NOT r.rolinherit"),
      "create role": yes("r.rolcreaterole"),
      "create database": yes("r.rolcreatedb"),
      "login": yes("r.rolcanlogin"),
      "replication": yes("r.rolreplication"),
      "bypass row security": yes("r.rolbypassrls"),
      "connection limit": unless("r.rolconnlimit", "-1"),
      "valid until": "r.rolvaliduntil::text",
      // Who may read it may read that there is one; what it is has no place in a report.
      ...(names === "all"
        ? { "password": yes("(SELECT a.rolpassword IS NOT NULL FROM pg_authid a WHERE a.oid = r.oid)") }
        : {}),
      "settings": "(SELECT s.lines FROM everywhere s WHERE s.setrole = r.oid)",
      "member of": `(SELECT string_agg(line, E'\\n' ORDER BY line COLLATE "C") FROM (
      SELECT DISTINCT quote_ident(pg_get_userbyid(m.roleid)) || CASE WHEN m.admin_option THEN ' with admin' ELSE '' END${
        version < OPTIONS_SINCE ? "" : `
        || CASE WHEN m.inherit_option THEN '' ELSE ' without inherit' END
        || CASE WHEN m.set_option THEN '' ELSE ' without set' END`
      } AS line FROM pg_auth_members m WHERE m.member = r.oid) AS memberships)`,
      "comment": "shobj_description(r.oid, 'pg_authid')",
    })
  }
FROM pg_roles r
WHERE r.rolname !~ '^pg_'${
    names === "all" ? "" : ` AND (r.rolname = ANY (${quoteArray(names)})
  OR r.oid > (SELECT b.oid FROM pg_database b WHERE b.datname = current_database()))`
  }`;
}

/** Settings of all roles, of other databases, of the server, and its tablespaces and the rights to its parameters. */
const serverQueries: readonly CatalogQuery[] = [
  () => `
SELECT 'role', ${
    catalog("pg_authid")
  }, 0::oid, 0, ARRAY['ALL']::text[], NULL::text, ${NOWHERE}, 0::oid, NULL::aclitem[], ${
    attributes({ "settings": "s.lines" })
  }
FROM everywhere s WHERE s.setrole = 0`,
  () => `
SELECT 'database', ${catalog("pg_database")}, b.oid, 0, ARRAY[b.datname]::text[], NULL::text, ${NOWHERE}, ${
    ["datdba", "datacl"].map((column) => `CASE WHEN b.datname <> current_database() THEN b.${column} END`).join(", ")
  }, ${
    attributes({
      "connection limit": unless("b.datconnlimit", "-1"),
      "template": yes("b.datistemplate"),
      "tablespace":
        "(SELECT t.spcname FROM pg_tablespace t WHERE t.oid = b.dattablespace AND t.spcname <> 'pg_default')",
      "settings": `(SELECT ${sortedLines("s.setconfig")} FROM pg_db_role_setting s
      WHERE s.setdatabase = b.oid AND s.setrole = 0 AND b.datname <> current_database())`,
    })
  }
FROM pg_database b`,
  () => `
SELECT 'tablespace', ${
    catalog("pg_tablespace")
  }, t.oid, 0, ARRAY[t.spcname]::text[], NULL::text, ${NOWHERE}, t.spcowner, t.spcacl, ${
    attributes({
      // One inside of the server's folder is named for its number.
      "location": "substring(pg_tablespace_location(t.oid) FROM '^/.*')",
      "options": optionLines("t.spcoptions"),
    })
  }
FROM pg_tablespace t WHERE t.oid >= ${FIRST_USER_OID}`,
  () => `
SELECT 'system setting', ${
    catalog("pg_settings")
  }, 0::oid, 0, ARRAY[m[1]]::text[], NULL::text, ${NOWHERE}, 0::oid, NULL::aclitem[], ${attributes({ "value": "m[2]" })}
FROM regexp_matches(pg_read_file('postgresql.auto.conf', true), E'^([^#\\\\s]+) = (.*)$', 'gn') AS m`,
  () => `
SELECT 'parameter', ${
    catalog("pg_parameter_acl")
  }, p.oid, 0, ARRAY[p.parname]::text[], NULL::text, ${NOWHERE}, 0::oid, p.paracl, ${attributes({})}
FROM pg_parameter_acl p`,
];

/**
 * Chooses what of a server is looked at.
 *
 * @param roles `all` if the server is made for the database, and then everything; else the older roles that count.
 * @returns The queries, and what they refer to.
 */
export function serverStateQueries(roles: "all" | readonly string[]): readonly CatalogQuery[] {
  return [roleQuery(roles), ...(roles === "all" ? serverQueries : [])];
}

/** Settings of roles in all databases, by role: what the queries refer to. */
export const EVERYWHERE_SQL: string = `everywhere AS (
  SELECT s.setrole, ${sortedLines("s.setconfig")} AS lines FROM pg_db_role_setting s WHERE s.setdatabase = 0
)`;
