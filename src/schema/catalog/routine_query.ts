/**
 * Functions, procedures and aggregates.
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
  sortedLines,
  unlessZero,
  yes,
} from "./catalog_query.ts";

const IN_SERVER = "l.lanname IN ('internal', 'c')";

/** Functions, window functions and procedures. */
export const routineQuery: CatalogQuery = () => `
SELECT CASE p.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END, ${catalog("pg_proc")}, p.oid, 0,
  ARRAY[n.nspname, p.proname]::text[], oidvectortypes(p.proargtypes), ${catalog("pg_namespace")}, n.oid,
  p.proowner, p.proacl, ${
  attributes({
    "arguments": "nullif(pg_get_function_arguments(p.oid), '')",
    "returns": "pg_get_function_result(p.oid)",
    "language": "l.lanname",
    "window": yes("p.prokind = 'w'"),
    "volatility": decode("p.provolatile", { i: "immutable", s: "stable" }),
    "parallel": decode("p.proparallel", { s: "safe", r: "restricted" }),
    "strict": yes("p.proisstrict"),
    "security definer": yes("p.prosecdef"),
    "leakproof": yes("p.proleakproof"),
    "cost": `CASE WHEN p.procost <> CASE WHEN ${IN_SERVER} THEN 1 ELSE 100 END THEN p.procost::text END`,
    "rows": "CASE WHEN p.proretset AND p.prorows <> 1000 THEN p.prorows::text END",
    "support": unlessZero("p.prosupport"),
    "transforms": `(SELECT string_agg(format_type(type, NULL), E'\\n' ORDER BY ordinal)
      FROM unnest(p.protrftypes) WITH ORDINALITY AS types(type, ordinal))`,
    "settings": sortedLines("p.proconfig"),
    "library": "p.probin",
    "body": "coalesce(pg_get_function_sqlbody(p.oid), p.prosrc)",
    "body is SQL": yes("p.prosqlbody IS NOT NULL"),
  })
}
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
WHERE p.oid >= ${FIRST_USER_OID} AND p.prokind <> 'a' AND ${isWhole("pg_proc", "p.oid")}`;

/** What a final function does to the state, where it is not what it does by default. */
function modify(column: string): string {
  const words = decode(`a.${column}`, { r: "read_only", s: "shareable", w: "read_write" });
  return `CASE WHEN a.${column} <> CASE WHEN a.aggkind = 'n' THEN 'r' ELSE 'w' END THEN ${words} END`;
}

/** Aggregates. */
export const aggregateQuery: CatalogQuery = () => `
SELECT 'aggregate', ${catalog("pg_proc")}, p.oid, 0,
  ARRAY[n.nspname, p.proname]::text[], oidvectortypes(p.proargtypes), ${catalog("pg_namespace")}, n.oid,
  p.proowner, p.proacl, ${
  attributes({
    "arguments": "pg_get_function_arguments(p.oid)",
    "returns": "pg_get_function_result(p.oid)",
    "parallel": decode("p.proparallel", { s: "safe", r: "restricted" }),
    "aggregate kind": decode("a.aggkind", { o: "ordered set", h: "hypothetical" }),
    "transition": "a.aggtransfn::text",
    "state type": "format_type(a.aggtranstype, NULL)",
    "state size": "CASE WHEN a.aggtransspace <> 0 THEN a.aggtransspace::text END",
    "initial": "a.agginitval",
    "final": unlessZero("a.aggfinalfn"),
    "final extra": yes("a.aggfinalextra"),
    "final modify": modify("aggfinalmodify"),
    "combine": unlessZero("a.aggcombinefn"),
    "serialize": unlessZero("a.aggserialfn"),
    "deserialize": unlessZero("a.aggdeserialfn"),
    "moving transition": unlessZero("a.aggmtransfn"),
    "moving inverse": unlessZero("a.aggminvtransfn"),
    "moving state type": "CASE WHEN a.aggmtranstype <> 0 THEN format_type(a.aggmtranstype, NULL) END",
    "moving state size": "CASE WHEN a.aggmtransspace <> 0 THEN a.aggmtransspace::text END",
    "moving initial": "a.aggminitval",
    "moving final": unlessZero("a.aggmfinalfn"),
    "moving final extra": yes("a.aggmfinalextra"),
    "moving final modify": modify("aggmfinalmodify"),
    "sort operator": `CASE WHEN a.aggsortop <> 0 THEN (SELECT format('OPERATOR(%I.%s)', sn.nspname, s.oprname)
      FROM pg_operator s JOIN pg_namespace sn ON sn.oid = s.oprnamespace WHERE s.oid = a.aggsortop) END`,
  })
}
FROM pg_aggregate a JOIN pg_proc p ON p.oid = a.aggfnoid JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE p.oid >= ${FIRST_USER_OID}`;
