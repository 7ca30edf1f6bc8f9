/**
 * The messages that read a schema.
 *
 * @module
 */

import { catalog, type CatalogQuery, FIRST_USER_OID } from "./catalog/catalog_query.ts";
import { constraintQuery, indexQuery } from "./catalog/constraint_query.ts";
import { databaseQuery, defaultPrivilegesQuery, extensionQuery, schemaQuery } from "./catalog/database_query.ts";
import { serverQuery, userMappingQuery, wrapperQuery } from "./catalog/foreign_query.ts";
import { FOUND_SQL, MEMBERS } from "./catalog/found_query.ts";
import {
  accessMethodQuery,
  collationQuery,
  conversionQuery,
  languageQuery,
  transformQuery,
} from "./catalog/language_query.ts";
import { castQuery, operatorClassQuery, operatorFamilyQuery, operatorQuery } from "./catalog/operator_query.ts";
import { columnQuery, relationQuery } from "./catalog/relation_query.ts";
import { eventTriggerQuery, publicationQuery, subscriptionQuery } from "./catalog/replication_query.ts";
import { aggregateQuery, routineQuery } from "./catalog/routine_query.ts";
import { EVERYWHERE_SQL } from "./catalog/server_query.ts";
import { policyQuery, ruleQuery, sequenceQuery, statisticsQuery, triggerQuery } from "./catalog/table_part_query.ts";
import {
  textConfigurationQuery,
  textDictionaryQuery,
  textParserQuery,
  textTemplateQuery,
} from "./catalog/text_search_query.ts";
import {
  baseTypeQuery,
  compositeQuery,
  domainConstraintQuery,
  domainQuery,
  enumQuery,
  rangeQuery,
} from "./catalog/type_query.ts";

const QUERIES: readonly CatalogQuery[] = [
  schemaQuery,
  extensionQuery,
  enumQuery,
  domainQuery,
  domainConstraintQuery,
  compositeQuery,
  rangeQuery,
  baseTypeQuery,
  relationQuery,
  columnQuery,
  sequenceQuery,
  constraintQuery,
  indexQuery,
  triggerQuery,
  ruleQuery,
  policyQuery,
  statisticsQuery,
  routineQuery,
  aggregateQuery,
  defaultPrivilegesQuery,
  databaseQuery,
  wrapperQuery,
  serverQuery,
  userMappingQuery,
  publicationQuery,
  subscriptionQuery,
  eventTriggerQuery,
  operatorQuery,
  operatorClassQuery,
  operatorFamilyQuery,
  castQuery,
  languageQuery,
  transformQuery,
  accessMethodQuery,
  collationQuery,
  conversionQuery,
  textConfigurationQuery,
  textDictionaryQuery,
  textParserQuery,
  textTemplateQuery,
];

/** Privileges as JSON. */
function grants(privileges: string, grantee: string, condition = "true"): string {
  return `CASE WHEN ${privileges} IS NOT NULL THEN (
      SELECT coalesce(json_agg(json_build_array(
        CASE WHEN ${grantee} <> 0 THEN pg_get_userbyid(${grantee}) END, g.privilege_type, g.is_grantable)), '[]')
      FROM aclexplode(${privileges}) AS g WHERE ${condition}
    ) END`;
}

/** What the owner of that time had counts as the owner's, and what a role had that is gone as nothing. */
const FIRST_GRANTS = grants(
  "o.first",
  "CASE g.grantee WHEN g.grantor THEN o.owner ELSE g.grantee END",
  "g.grantee IN (0, g.grantor) OR pg_get_userbyid(g.grantee) !~ '^unknown \\(OID='",
);

/**
 * Writes the query for all objects. What belongs to an extension comes with it and is left out, but for privileges that
 * people changed; what is temporary goes with its session; so are the tables of this tool, and a schema with nothing else
 * in it, which a run made for them.
 *
 * @param version The server's version, as 180004.
 * @param ofServer What is to be told of the server besides.
 * @returns A `SELECT` of one column, `object`: a JSON text that is a `CatalogRow`.
 */
export function catalogSql(version: number, ofServer: readonly CatalogQuery[] = []): string {
  return `WITH ${EVERYWHERE_SQL}, own AS (
  SELECT c.oid, c.relnamespace FROM pg_class c
  JOIN pg_description m ON m.classoid = ${catalog("pg_class")} AND m.objoid = c.oid AND m.objsubid = 0
  WHERE c.relkind = 'r' AND c.oid >= ${FIRST_USER_OID} AND m.objoid >= ${FIRST_USER_OID}
    AND m.description LIKE '@metapg/migration %' AND m.description ~ '^@metapg/migration (layout|log|lease)'
), ${MEMBERS}
SELECT json_build_array(o.kind, o.class, o.id, o.part, array_to_json(o.name), o.signature, o.parent_class, o.parent,
    CASE WHEN o.owner <> 0 THEN pg_get_userbyid(o.owner) END,
    ${grants("o.privileges", "g.grantee")},
    CASE WHEN o.attributes IS NOT NULL THEN (
      SELECT m.description FROM pg_description m
      WHERE m.classoid = o.class AND m.objoid = o.id AND m.objsubid = o.part) END,
    json_strip_nulls(o.attributes),
    ${FIRST_GRANTS})::text AS object
FROM (
SELECT o.*, CASE WHEN o.kind = 'schema' THEN (
    SELECT i.initprivs FROM pg_init_privs i
    WHERE i.classoid = o.class AND i.objoid = o.id AND i.objsubid = 0) END AS first
FROM (
${[...QUERIES, ...ofServer].map((query) => query(version)).join("\nUNION ALL\n")}
) AS o (kind, class, id, part, name, signature, parent_class, parent, owner, privileges, attributes)
WHERE (o.class, o.id) NOT IN (SELECT e.class, e.id FROM member e)
AND coalesce(o.name[1], '') !~ '^pg_(temp_|toast)'
AND NOT (o.class = ${catalog("pg_class")} AND o.id IN (SELECT oid FROM own))
AND NOT (o.parent_class = ${catalog("pg_class")} AND o.parent IN (SELECT oid FROM own))
AND NOT (o.kind = 'sequence' AND EXISTS (
  SELECT FROM pg_depend d JOIN own ON own.oid = d.refobjid
  WHERE d.classid = o.class AND d.objid = o.id AND d.refclassid = ${catalog("pg_class")} AND d.deptype IN ('a', 'i')))
AND NOT (o.kind = 'schema' AND o.name <> ARRAY['public'] AND o.id IN (SELECT relnamespace FROM own) AND NOT EXISTS (
  SELECT FROM pg_class c WHERE c.relnamespace = o.id AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c')
    AND c.oid NOT IN (SELECT oid FROM own)
  UNION ALL SELECT FROM pg_proc p WHERE p.pronamespace = o.id
  UNION ALL SELECT FROM pg_type t WHERE t.typnamespace = o.id AND t.typtype IN ('e', 'd', 'r')))
UNION ALL
${FOUND_SQL}
) AS o`;
}

/**
 * What depends on what, of everything that people made: one row with one
 * column, `dependencies`: the JSON text of an array of `DependencyRow`.
 */
export const DEPENDENCIES_SQL: string = `SELECT pg_catalog.json_agg(pg_catalog.json_build_array(
  d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, d.refobjsubid,
  d.deptype IN ('i', 'e') OR d.classid = ${catalog("pg_attrdef")} AND d.deptype = 'a' AND d.refclassid = ${
  catalog("pg_class")
}))::pg_catalog.text AS dependencies
FROM pg_catalog.pg_depend d
WHERE d.objid >= ${FIRST_USER_OID} AND d.refobjid >= ${FIRST_USER_OID} AND d.deptype IN ('n', 'a', 'i', 'e', 'P', 'S')`
  .replaceAll("::regclass::oid", "::pg_catalog.regclass::pg_catalog.oid");
