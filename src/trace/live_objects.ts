/**
 * What is locked by a trace, as it is in the database where the migrations are to run. It is only read.
 *
 * @module
 */

import type { Database, Row } from "../core/database.ts";
import { DatabaseError } from "../core/database_error.ts";
import { maskSecrets } from "../core/mask.ts";
import { quoteArray } from "../core/quote.ts";
import { Session } from "../runner/session.ts";
import { conflict, LOCK_MODES, type LockMode, parseLockMode, strongestMode } from "./lock_mode.ts";
import type { CurrentHolder, LiveObject, MigrationTrace } from "./trace.ts";

const LOCK_TIMEOUT = "55P03";

/**
 * Looks at what traced migrations lock.
 *
 * @param database Where they are to run.
 * @param migrations What was traced.
 * @param signal Aborting it ends the work.
 * @returns The objects that are there, by name.
 */
export async function readLiveObjects(
  database: Database,
  migrations: readonly MigrationTrace[],
  signal?: AbortSignal,
): Promise<LiveObject[]> {
  const modes = strongestModes(migrations);
  if (modes.size === 0) return [];
  const session = await Session.open(database, { access: "read", signal });
  try {
    const names = [...modes.keys()].toSorted();
    const sizes = await readSizes(session, names);
    const holders = await readHolders(session, names);
    return sizes.map((size) => ({ ...size, holders: holders.flatMap((holder) => inTheWay(holder, size, modes)) }));
  } finally {
    await session.close();
  }
}

/** The strongest mode in which each object is locked by any statement. */
function strongestModes(migrations: readonly MigrationTrace[]): ReadonlyMap<string, LockMode> {
  const modes = new Map<string, LockMode>();
  const locks = migrations.flatMap(({ statements }) => statements.flatMap((statement) => statement.locks));
  for (const { object, mode } of locks) {
    modes.set(object, strongestMode([mode, ...(modes.has(object) ? [modes.get(object)!] : [])])!);
  }
  return modes;
}

type Size = Omit<LiveObject, "holders">;

/** To ask for a size locks the object for a moment: it is not asked where somebody has it for himself, or waits to. */
const FREE = `NOT EXISTS (SELECT FROM pg_catalog.pg_locks l WHERE l.relation = c.oid AND l.mode = 'AccessExclusiveLock'
    AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()))`;

/** A name is looked up without a right to its schema. */
const namedSql = (names: readonly string[]) =>
  `(SELECT r.oid, pg_catalog.format('%I.%I', n.nspname, r.relname) AS name
  FROM pg_catalog.pg_class r JOIN pg_catalog.pg_namespace n ON n.oid = r.relnamespace
  WHERE pg_catalog.format('%I.%I', n.nspname, r.relname) = ANY (${quoteArray(names)})) AS o`;

/** An object, and of a partitioned one, which has no file, its partitions. */
const FILES = `FROM pg_catalog.pg_class c WHERE c.relkind IN ('r', 'm', 'i', 'S')
    AND (c.oid = o.oid OR c.oid IN (SELECT t.relid FROM pg_catalog.pg_partition_tree(o.oid) AS t))`;

function sizesSql(names: readonly string[], bytes: string): string {
  return `SELECT pg_catalog.json_build_object('object', o.name,
  'bytes', (SELECT CASE WHEN pg_catalog.bool_and(${FREE}) THEN pg_catalog.sum(${bytes}) END ${FILES}),
  'rows', (SELECT pg_catalog.sum(CASE WHEN c.reltuples >= 0 THEN c.reltuples::pg_catalog.int8
    ELSE pg_catalog.pg_stat_get_live_tuples(c.oid) END) ${FILES} AND c.relkind IN ('r', 'm'))
)::pg_catalog.text AS value
FROM ${namedSql(names)} ORDER BY o.name`;
}

async function readSizes(session: Session, names: readonly string[]): Promise<Size[]> {
  const read = async (bytes: string) => {
    const rows = await session.query(
      `BEGIN READ ONLY; SET LOCAL lock_timeout = '1s'; ${sizesSql(names, bytes)}; COMMIT`,
    );
    return rows.map(({ value }) => JSON.parse(String(value)) as Size);
  };
  try {
    return await read("pg_catalog.pg_total_relation_size(c.oid)");
  } catch (error) {
    await session.rollback();
    if (!(error instanceof DatabaseError) || error.fields.sqlstate !== LOCK_TIMEOUT) throw error;
    return await read("NULL::pg_catalog.int8");
  }
}

type Holder = Omit<CurrentHolder, "modes" | "keepsWaiting"> & {
  readonly object: string;
  readonly modes: readonly string[];
};

/** A prepared transaction has locks and no session. */
function holdersSql(names: readonly string[]): string {
  const time = (column: string) => `pg_catalog.to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;
  return `SELECT pg_catalog.json_build_object('object', o.name, 'modes', h.modes, 'pid', h.pid, 'user', a.usename,
  'application', a.application_name, 'host', pg_catalog.host(a.client_addr), 'since', ${time("a.backend_start")},
  'transactionSince', ${time("a.xact_start")},
  'transactionMs', (extract(epoch FROM pg_catalog.clock_timestamp() - a.xact_start) * 1000)::pg_catalog.int8,
  'query', a.query)::pg_catalog.text AS value
FROM (SELECT l.relation, l.pid, pg_catalog.json_agg(l.mode) AS modes FROM pg_catalog.pg_locks l
  WHERE l.granted AND l.locktype = 'relation' AND l.pid IS DISTINCT FROM pg_catalog.pg_backend_pid()
    AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())
  GROUP BY l.relation, l.pid) AS h
JOIN ${namedSql(names)} ON h.relation = o.oid
LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = h.pid ORDER BY o.name, a.xact_start, h.pid`;
}

async function readHolders(session: Session, names: readonly string[]): Promise<Holder[]> {
  const rows: readonly Row[] = await session.query(holdersSql(names));
  return rows.map(({ value }) => {
    const holder = JSON.parse(String(value)) as Holder;
    return holder.query === null ? holder : { ...holder, query: maskSecrets(holder.query) };
  });
}

/** A holder of an object, if the traced lock would have to wait for it. */
function inTheWay(
  { object, modes: texts, ...holder }: Holder,
  size: Size,
  wanted: ReadonlyMap<string, LockMode>,
): CurrentHolder[] {
  if (object !== size.object) return [];
  const modes = texts.flatMap((text) => parseLockMode(text) ?? []);
  const keepsWaiting = LOCK_MODES.filter((mode) => modes.some((held) => conflict(mode, held)));
  return keepsWaiting.includes(wanted.get(object)!) ? [{ ...holder, modes, keepsWaiting }] : [];
}
