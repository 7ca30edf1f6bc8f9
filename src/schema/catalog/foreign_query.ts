/**
 * Foreign-data wrappers, servers and user mappings.
 *
 * @module
 */

import { attributes, catalog, type CatalogQuery, FIRST_USER_OID, NOWHERE, optionLines } from "./catalog_query.ts";

/** Foreign-data wrappers. */
export const wrapperQuery: CatalogQuery = () => `
SELECT 'foreign-data wrapper', ${catalog("pg_foreign_data_wrapper")}, w.oid, 0, ARRAY[w.fdwname]::text[], NULL::text,
  ${NOWHERE}, w.fdwowner, w.fdwacl, ${
  attributes({
    "handler": "CASE WHEN w.fdwhandler <> 0 THEN w.fdwhandler::regproc::text END",
    "validator": "CASE WHEN w.fdwvalidator <> 0 THEN w.fdwvalidator::regproc::text END",
    "options": optionLines("w.fdwoptions"),
  })
}
FROM pg_foreign_data_wrapper w
WHERE w.oid >= ${FIRST_USER_OID}`;

/** Foreign servers. */
export const serverQuery: CatalogQuery = () => `
SELECT 'server', ${catalog("pg_foreign_server")}, s.oid, 0, ARRAY[s.srvname]::text[], NULL::text,
  ${NOWHERE}, s.srvowner, s.srvacl, ${
  attributes({
    "type": "s.srvtype",
    "version": "s.srvversion",
    "wrapper": "w.fdwname",
    "options": optionLines("s.srvoptions"),
  })
}
FROM pg_foreign_server s JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw
WHERE s.oid >= ${FIRST_USER_OID}`;

/** Who may see the options of a user mapping, as the view has it: for others it has none. */
const SEES_OPTIONS = `u.umuser <> 0 AND u.usename = current_user
    AND (pg_has_role(s.srvowner, 'USAGE') OR has_server_privilege(s.oid, 'USAGE'))
  OR u.umuser = 0 AND pg_has_role(s.srvowner, 'USAGE')
  OR (SELECT r.rolsuper FROM pg_roles r WHERE r.rolname = current_user)`;

/** User mappings, through the view that everybody may read. */
export const userMappingQuery: CatalogQuery = () => `
SELECT 'user mapping', ${catalog("pg_user_mapping")}, u.umid, 0, ARRAY[u.srvname, u.usename]::text[], NULL::text,
  ${catalog("pg_foreign_server")}, u.srvid, 0::oid, NULL::aclitem[], ${
  attributes({ "options": optionLines("u.umoptions"), "hidden": `CASE WHEN NOT (${SEES_OPTIONS}) THEN 'options' END` })
}
FROM pg_user_mappings u JOIN pg_foreign_server s ON s.oid = u.srvid
WHERE u.umid >= ${FIRST_USER_OID}`;
