/**
 * Operators, their classes and families, and casts.
 *
 * @module
 */

import {
  attributes,
  catalog,
  type CatalogQuery,
  decode,
  FIRST_USER_OID,
  isWhole,
  NOWHERE,
  unlessZero,
  yes,
} from "./catalog_query.ts";

function otherOperator(column: string): string {
  return `(SELECT format('%I.%s', xn.nspname, x.oprname) FROM pg_operator x JOIN pg_namespace xn ON xn.oid = x.oprnamespace
      WHERE x.oid = o.${column})`;
}

/** Operators; those that are only named by others have no function yet. */
export const operatorQuery: CatalogQuery = () => `
SELECT 'operator', ${catalog("pg_operator")}, o.oid, 0, ARRAY[n.nspname, o.oprname]::text[],
  concat_ws(', ', CASE WHEN o.oprleft = 0 THEN 'NONE' ELSE format_type(o.oprleft, NULL) END, format_type(o.oprright, NULL)),
  ${catalog("pg_namespace")}, n.oid, o.oprowner, NULL::aclitem[], ${
  attributes({
    "function": "o.oprcode::regproc::text",
    "commutator": otherOperator("oprcom"),
    "negator": otherOperator("oprnegate"),
    "restrict": unlessZero("o.oprrest"),
    "join": unlessZero("o.oprjoin"),
    "hashes": yes("o.oprcanhash"),
    "merges": yes("o.oprcanmerge"),
  })
}
FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace
WHERE o.oid >= ${FIRST_USER_OID} AND o.oprcode <> 0`;

/** Operators and support functions of a class, or those that are in a family without one. */
function members(of: "class" | "family"): Readonly<Record<string, string>> {
  const inside = (catalogName: string, member: string) => {
    const depends = `FROM pg_depend d WHERE d.classid = ${catalog(catalogName)} AND d.objid = ${member}.oid
        AND d.refclassid = ${catalog("pg_opclass")} AND d.deptype = 'i'`;
    return of === "class" ? `EXISTS (SELECT ${depends} AND d.refobjid = c.oid)` : `NOT EXISTS (SELECT ${depends})`;
  };
  const family = of === "class" ? "c.opcfamily" : "f.oid";
  return {
    "operators":
      `(SELECT string_agg(m.amopstrategy || ' ' || m.amopopr::regoperator || CASE WHEN m.amopsortfamily <> 0 THEN (
        SELECT format(' FOR ORDER BY %I.%I', sn.nspname, s.opfname) FROM pg_opfamily s
        JOIN pg_namespace sn ON sn.oid = s.opfnamespace WHERE s.oid = m.amopsortfamily) ELSE '' END, E'\\n'
        ORDER BY m.amopstrategy, m.amopopr::regoperator::text COLLATE "C")
      FROM pg_amop m WHERE m.amopfamily = ${family} AND ${inside("pg_amop", "m")})`,
    "functions": `(SELECT string_agg(format('%s (%s, %s) %s', m.amprocnum, format_type(m.amproclefttype, NULL),
        format_type(m.amprocrighttype, NULL), m.amproc::regprocedure), E'\\n'
        ORDER BY m.amprocnum, m.amproc::regprocedure::text COLLATE "C")
      FROM pg_amproc m WHERE m.amprocfamily = ${family} AND ${inside("pg_amproc", "m")})`,
  };
}

/** Operator classes. */
export const operatorClassQuery: CatalogQuery = () => `
SELECT 'operator class', ${catalog("pg_opclass")}, c.oid, 0, ARRAY[n.nspname, c.opcname, a.amname]::text[], NULL::text,
  ${catalog("pg_namespace")}, n.oid, c.opcowner, NULL::aclitem[], ${
  attributes({
    "type": "format_type(c.opcintype, NULL)",
    "default": yes("c.opcdefault"),
    "family": "format('%I.%I', fn.nspname, f.opfname)",
    "key type": "CASE WHEN c.opckeytype <> 0 THEN format_type(c.opckeytype, NULL) END",
    ...members("class"),
  })
}
FROM pg_opclass c JOIN pg_namespace n ON n.oid = c.opcnamespace JOIN pg_am a ON a.oid = c.opcmethod
JOIN pg_opfamily f ON f.oid = c.opcfamily JOIN pg_namespace fn ON fn.oid = f.opfnamespace
WHERE c.oid >= ${FIRST_USER_OID}`;

/** Operator families. */
export const operatorFamilyQuery: CatalogQuery = () => `
SELECT 'operator family', ${
  catalog("pg_opfamily")
}, f.oid, 0, ARRAY[n.nspname, f.opfname, a.amname]::text[], NULL::text,
  ${catalog("pg_namespace")}, n.oid, f.opfowner, NULL::aclitem[], ${attributes(members("family"))}
FROM pg_opfamily f JOIN pg_namespace n ON n.oid = f.opfnamespace JOIN pg_am a ON a.oid = f.opfmethod
WHERE f.oid >= ${FIRST_USER_OID}`;

/** Casts. */
export const castQuery: CatalogQuery = () => `
SELECT 'cast', ${catalog("pg_cast")}, c.oid, 0,
  ARRAY[format_type(c.castsource, NULL), format_type(c.casttarget, NULL)]::text[], NULL::text,
  ${NOWHERE}, 0::oid, NULL::aclitem[], ${
  attributes({
    "function": "CASE WHEN c.castfunc <> 0 THEN c.castfunc::regprocedure::text END",
    "method": decode("c.castmethod", { i: "in and out", b: "binary" }),
    "context": decode("c.castcontext", { a: "assignment", i: "implicit" }),
  })
}
FROM pg_cast c
WHERE c.oid >= ${FIRST_USER_OID} AND ${isWhole("pg_cast", "c.oid")}`;
