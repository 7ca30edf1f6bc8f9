/**
 * What people found in the database, made by the server or an extension, where it has other privileges than at first.
 *
 * @module
 */

import { catalog, decode, FIRST_USER_OID } from "./catalog_query.ts";

/** What belongs to extensions, as a common table: `class`, `id`, and the extension. */
export const MEMBERS = `member AS MATERIALIZED (
  SELECT e.classid AS class, e.objid AS id, e.refobjid AS extension FROM pg_depend e
  WHERE e.refclassid = ${catalog("pg_extension")} AND e.deptype = 'e'
)`;

/** Where objects are found: expressions over `x`, the catalog, and `n`, the schema. */
interface Place {
  readonly class: string;
  readonly kind: string;
  readonly from: string;
  readonly id?: string;
  readonly part?: string;
  readonly name: string;
  readonly signature?: string;
  readonly owner: string;
  readonly privileges: string;
  /** What it had at first if `pg_init_privs` has nothing of it. */
  readonly first: string;
}

/** A part of the catalog, with its schema. */
function within(catalogName: string, schema: string): string {
  return `${catalogName} x JOIN pg_namespace n ON n.oid = x.${schema}`;
}

/** `information_schema` is made after `pg_init_privs` is filled: everybody may use it, and read from it. */
function openedFirst(condition: string, letter: string, owner: string, privilege: string): string {
  return `CASE WHEN ${condition} THEN acldefault(${letter}, ${owner}) || makeaclitem(0, ${owner}, '${privilege}', false)
    ELSE acldefault(${letter}, ${owner}) END`;
}

const KINDS = decode("x.relkind", {
  r: "table",
  p: "table",
  v: "view",
  m: "materialized view",
  f: "foreign table",
  S: "sequence",
});

const NOTHING = "acldefault('c', 0)";

/** A function that only the bootstrap wrote is as it came; that is known without a look into its row, which costs more. */
const WRITTEN_AGAIN = `(SELECT oid, proname, proargtypes, prokind, pronamespace, proowner, proacl FROM pg_proc
  WHERE xmin <> '1' OFFSET 0)`;

/**
 * Columns that may have other privileges than at first. To look at all columns of the server takes as long as half of the
 * rest: known are those that had some at first, those that name a role that people made, and those of extensions.
 */
const COLUMNS = `(SELECT p.objoid, p.objsubid FROM pg_init_privs p
  WHERE p.classoid = ${catalog("pg_class")} AND p.objsubid <> 0
  UNION SELECT d.objid, d.objsubid FROM pg_shdepend d JOIN pg_database b ON b.oid = d.dbid
  WHERE b.datname = current_database() AND d.classid = ${catalog("pg_class")} AND d.objsubid <> 0 AND d.deptype = 'a'
  UNION SELECT o.attrelid, o.attnum FROM member e JOIN pg_attribute o ON o.attrelid = e.id
  WHERE e.class = ${catalog("pg_class")} AND o.attacl IS NOT NULL) AS u (relation, number)
  JOIN pg_attribute x ON x.attrelid = u.relation AND x.attnum = u.number AND NOT x.attisdropped`;

const PLACES: readonly Place[] = [
  {
    class: "pg_namespace",
    kind: "'schema'",
    // What became of `public` is told with what people made.
    from: "pg_namespace x",
    name: "x.nspname",
    owner: "x.nspowner",
    privileges: "CASE WHEN x.nspname <> 'public' THEN x.nspacl END",
    first: openedFirst("x.nspname = 'information_schema'", "'n'", "x.nspowner", "USAGE"),
  },
  {
    class: "pg_class",
    kind: KINDS,
    from: within("pg_class", "relnamespace"),
    name: "n.nspname, x.relname",
    owner: "x.relowner",
    privileges: "x.relacl",
    first: openedFirst(
      "n.nspname = 'information_schema' AND x.relname !~ '^_pg_' AND x.relname NOT IN ('sql_parts', 'transforms')",
      `CASE x.relkind WHEN 'S' THEN 's'::"char" ELSE 'r' END`,
      "x.relowner",
      "SELECT",
    ),
  },
  {
    class: "pg_class",
    kind: "'column'",
    from: `${COLUMNS} JOIN pg_class c ON c.oid = x.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace`,
    id: "x.attrelid",
    part: "x.attnum",
    name: "n.nspname, c.relname, x.attname",
    owner: "c.relowner",
    // What lost all of them has none in the catalog.
    privileges: `coalesce(x.attacl, ${NOTHING})`,
    first: NOTHING,
  },
  {
    class: "pg_proc",
    kind: decode("x.prokind", { f: "function", w: "function", p: "procedure", a: "aggregate" }),
    from: within(WRITTEN_AGAIN, "pronamespace"),
    name: "n.nspname, x.proname",
    signature: "oidvectortypes(x.proargtypes)",
    owner: "x.proowner",
    privileges: "x.proacl",
    first: "acldefault('f', x.proowner)",
  },
  {
    class: "pg_type",
    kind: `CASE x.typtype WHEN 'd' THEN 'domain' ELSE 'type' END`,
    from: within("pg_type", "typnamespace"),
    name: "n.nspname, x.typname",
    owner: "x.typowner",
    privileges: "x.typacl",
    first: "acldefault('T', x.typowner)",
  },
  {
    class: "pg_language",
    kind: "'language'",
    from: "pg_language x",
    name: "x.lanname",
    owner: "x.lanowner",
    privileges: "x.lanacl",
    first: "acldefault('l', x.lanowner)",
  },
  {
    class: "pg_foreign_data_wrapper",
    kind: "'foreign-data wrapper'",
    from: "pg_foreign_data_wrapper x",
    name: "x.fdwname",
    owner: "x.fdwowner",
    privileges: "x.fdwacl",
    first: "acldefault('F', x.fdwowner)",
  },
  {
    class: "pg_foreign_server",
    kind: "'server'",
    from: "pg_foreign_server x",
    name: "x.srvname",
    owner: "x.srvowner",
    privileges: "x.srvacl",
    first: "acldefault('S', x.srvowner)",
  },
];

/** Selects them as a `CatalogQuery` does, with null for attributes, then what they had at first (`aclitem[]`). */
export const FOUND_SQL: string = PLACES.map((place) => {
  const { class: name, id = "x.oid", part = "0", privileges, signature = "NULL::text" } = place;
  const first = `coalesce(i.initprivs, ${place.first})`;
  return `
SELECT ${place.kind}, ${catalog(name)}, ${id}, ${part}, ARRAY[${place.name}]::text[], ${signature},
  CASE WHEN e.id IS NULL THEN 0 ELSE ${catalog("pg_extension")} END, coalesce(e.extension, 0), ${place.owner},
  ${privileges}, NULL::json, ${first}
FROM ${place.from}
LEFT JOIN member e ON e.class = ${catalog(name)} AND e.id = ${id}
LEFT JOIN pg_init_privs i ON i.classoid = ${catalog(name)} AND i.objoid = ${id} AND i.objsubid = ${part}
WHERE ${privileges} IS NOT NULL AND (${id} < ${FIRST_USER_OID} OR e.id IS NOT NULL) AND ${privileges} <> ${first}`;
}).join("\nUNION ALL\n");
