/**
 * What the catalog and `pg_locks` say between two statements.
 *
 * @module
 */

import type { Row } from "../core/database.ts";
import { type LockMode, parseLockMode } from "./lock_mode.ts";
import type { ObjectKind } from "./trace.ts";

/** A table, an index or whatever else `pg_class` holds. */
export interface Relation {
  /** Its OID, which it keeps under any name. */
  readonly oid: number;
  /** Its name with the schema, quoted where SQL needs it. */
  readonly name: string;
  /** What it is. */
  readonly kind: ObjectKind;
  /** Of an index its table. */
  readonly table: number | null;
  /** Its file: another one if it was written anew; 0 if it has none. */
  readonly file: number;
  /** How and where the file is kept: a change moves it without reading rows. */
  readonly storage: string;
  /** How often it was read from one end to the other in this transaction. It counts for an empty table, too. */
  readonly scans: number;
  /** Of a view what its query names; `null` for what has none. */
  readonly reads: readonly number[] | null;
}

/** A constraint of a table. */
export interface Constraint {
  /** Its OID. */
  readonly oid: number;
  /** Its name. */
  readonly name: string;
  /** `c`, `f`, `p`, `u`, `x`, `t` or `n`. */
  readonly type: string;
  /** Its table. */
  readonly table: number;
  /** Of a foreign key the table that it names, else 0. */
  readonly references: number;
  /** Whether it is known to hold for every row. */
  readonly valid: boolean;
}

/** An object that is no relation. */
export interface OtherObject {
  /** Its OID. */
  readonly oid: number;
  /** Its name. */
  readonly name: string;
  /** What it is. */
  readonly kind: ObjectKind;
}

/** What is known at one moment. */
export interface CatalogState {
  /** Relations by OID. */
  readonly relations: ReadonlyMap<number, Relation>;
  /** Constraints by OID. */
  readonly constraints: ReadonlyMap<number, Constraint>;
  /** Types, functions and schemas by OID. */
  readonly others: ReadonlyMap<number, OtherObject>;
  /** Modes that this session holds, by the OID of what is locked. */
  readonly locks: ReadonlyMap<number, ReadonlySet<LockMode>>;
}

/** What can be asked. */
interface Asked {
  query(sql: string): Promise<readonly Row[]>;
}

/** OIDs below are those of objects that every database has. */
const FIRST_OWN_OID = 16384;

/** The kind of a relation `c` of `pg_class`. */
export const KINDS_SQL =
  `CASE c.relkind WHEN 'p' THEN 'partitioned table' WHEN 'f' THEN 'foreign table' WHEN 'v' THEN 'view'
    WHEN 'm' THEN 'materialized view' WHEN 'i' THEN 'index' WHEN 'I' THEN 'index' WHEN 'S' THEN 'sequence'
    WHEN 'c' THEN 'type' ELSE 'table' END`;

/** What the query of a view `c` names. */
const READS = `CASE WHEN c.relkind IN ('v', 'm') THEN (SELECT pg_catalog.json_agg(DISTINCT d.refobjid::pg_catalog.int8)
    FROM pg_catalog.pg_rewrite r JOIN pg_catalog.pg_depend d ON d.objid = r.oid
      AND d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
      AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
    WHERE r.ev_class = c.oid AND r.ev_type = '1' AND d.refobjid <> c.oid) END`;

/** TOAST tables are locked and written with the tables that they are of. */
const RELATIONS = `SELECT pg_catalog.json_build_object('oid', c.oid::pg_catalog.int8,
    'name', pg_catalog.format('%I.%I', n.nspname, c.relname), 'kind', ${KINDS_SQL},
    'table', i.indrelid::pg_catalog.int8, 'file', c.relfilenode::pg_catalog.int8,
    'storage', pg_catalog.concat_ws('/', c.reltablespace, c.relpersistence, CASE WHEN c.relkind <> 'i' THEN c.relam END),
    'scans', pg_catalog.pg_stat_get_xact_numscans(c.oid), 'reads', ${READS}) AS value
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
  WHERE c.oid >= ${FIRST_OWN_OID} AND n.nspname <> 'pg_toast'`;

const CONSTRAINTS = `SELECT pg_catalog.json_build_object('oid', k.oid::pg_catalog.int8, 'name', k.conname,
    'type', k.contype, 'table', k.conrelid::pg_catalog.int8, 'references', k.confrelid::pg_catalog.int8,
    'valid', k.convalidated) AS value
  FROM pg_catalog.pg_constraint k WHERE k.conrelid >= ${FIRST_OWN_OID}`;

/** Row types and array types come and go with what they are of. */
const OTHERS = `SELECT pg_catalog.json_build_object('oid', n.oid::pg_catalog.int8, 'kind', 'schema',
    'name', pg_catalog.quote_ident(n.nspname)) AS value
  FROM pg_catalog.pg_namespace n WHERE n.oid >= ${FIRST_OWN_OID} OR n.nspname = 'public'
  UNION ALL SELECT pg_catalog.json_build_object('oid', t.oid::pg_catalog.int8, 'kind', 'type',
    'name', pg_catalog.format('%I.%I', n.nspname, t.typname))
  FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
  WHERE t.oid >= ${FIRST_OWN_OID} AND t.typelem = 0 AND n.nspname <> 'pg_toast'
    AND (t.typrelid = 0 OR EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid = t.typrelid AND c.relkind = 'c'))
  UNION ALL SELECT pg_catalog.json_build_object('oid', p.oid::pg_catalog.int8, 'kind', 'function',
    'name', pg_catalog.format('%I.%I(%s)', n.nspname, p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid)))
  FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE p.oid >= ${FIRST_OWN_OID}`;

const LOCKS = `SELECT coalesce(l.relation, l.objid)::pg_catalog.int8 AS oid, l.mode AS mode
  FROM pg_catalog.pg_locks l
  WHERE l.pid = pg_catalog.pg_backend_pid() AND l.granted AND l.locktype IN ('relation', 'object') AND l.database <> 0
    AND (l.relation >= ${FIRST_OWN_OID} OR l.classid IN
      ('pg_catalog.pg_namespace'::pg_catalog.regclass, 'pg_catalog.pg_type'::pg_catalog.regclass,
       'pg_catalog.pg_proc'::pg_catalog.regclass))`;

const list = (query: string) => `(SELECT coalesce(pg_catalog.json_agg(q.value), '[]') FROM (${query}) AS q)`;

const lockList = `(SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_array(l.oid, l.mode)), '[]') FROM l)`;

/**
 * Reads all that is there.
 *
 * @param session What to ask, in a transaction of its own so far.
 * @returns Everything that a migration could lock.
 */
export async function readAll(session: Asked): Promise<CatalogState> {
  return await read(
    session,
    `WITH l AS (${LOCKS}) SELECT pg_catalog.json_build_object('relations', ${list(RELATIONS)},
  'constraints', ${list(CONSTRAINTS)}, 'others', ${list(OTHERS)}, 'locks', ${lockList})::pg_catalog.text AS value`,
  );
}

/**
 * Reads what this session has locked: nothing else can have changed under its hands.
 *
 * @param session What to ask, inside the transaction.
 * @returns It, with the indexes and constraints of locked tables.
 */
export async function readLocked(session: Asked): Promise<CatalogState> {
  const oids = "(SELECT l.oid FROM l)";
  return await read(
    session,
    `WITH l AS MATERIALIZED (${LOCKS}) SELECT pg_catalog.json_build_object(
  'relations', ${list(`${RELATIONS} AND (c.oid IN ${oids} OR i.indrelid IN ${oids})`)},
  'constraints', ${list(`${CONSTRAINTS} AND (k.conrelid IN ${oids} OR k.confrelid IN ${oids})`)},
  'others', '[]'::pg_catalog.json, 'locks', ${lockList})::pg_catalog.text AS value`,
  );
}

interface StateJson {
  readonly relations: readonly Relation[];
  readonly constraints: readonly Constraint[];
  readonly others: readonly OtherObject[];
  readonly locks: readonly (readonly [oid: number, mode: string])[];
}

async function read(session: Asked, sql: string): Promise<CatalogState> {
  const [row] = await session.query(sql);
  const { relations, constraints, others, locks } = JSON.parse(String(row?.value)) as StateJson;
  const held = new Map<number, Set<LockMode>>();
  for (const [oid, text] of locks) {
    const mode = parseLockMode(text);
    if (mode !== undefined) held.set(oid, (held.get(oid) ?? new Set()).add(mode));
  }
  const byOid = <T extends { readonly oid: number }>(all: readonly T[]) => new Map(all.map((one) => [one.oid, one]));
  return { relations: byOid(relations), constraints: byOid(constraints), others: byOid(others), locks: held };
}

/**
 * Adds what was read later. What is gone is still known by the name that it had.
 *
 * @param before What was known.
 * @param after What is known now of what is locked.
 * @returns Both; the locks are those of now.
 */
export function withLater(before: CatalogState, after: CatalogState): CatalogState {
  return {
    relations: new Map([...before.relations, ...after.relations]),
    constraints: new Map([...before.constraints, ...after.constraints]),
    others: new Map([...before.others, ...after.others]),
    locks: after.locks,
  };
}
