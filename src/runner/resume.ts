/**
 * What the catalog says of a unit that is sent alone: whether it may begin, was finished, or left something behind.
 *
 * @module
 */

import type {
  AloneStatement,
  CreateIndexConcurrently,
  DetachPartitionConcurrently,
  Reindex,
} from "../core/alone_statement.ts";
import { quoteIdentifier, quoteLiteral } from "../core/quote.ts";
import type { UnitState } from "../core/record.ts";
import type { Session } from "./session.ts";

/** What the journal says of a unit that is about to be sent. */
export interface UnitTrace {
  /** How it stands; `fresh` if it was never begun. */
  readonly state: UnitState | "fresh";
  /** Indexes that its last failure left, qualified and quoted. */
  readonly leftovers: readonly string[];
  /** A transaction: what the unit left is not older. Without it nothing is known to have been left. */
  readonly since: string | undefined;
}

/** What the journal says of a unit that was never begun. */
export const FRESH: UnitTrace = { state: "fresh", leftovers: [], since: undefined };

/** What to do with a unit. */
export type UnitDecision =
  /** Send it, after statements that clear away what an earlier try left. */
  | { readonly type: "run"; readonly first: readonly string[] }
  /** Send this in its place. */
  | { readonly type: "run-instead"; readonly sql: string }
  /** It was finished before. */
  | { readonly type: "done" }
  /** It still runs, in another session. */
  | { readonly type: "busy"; readonly pid: number }
  /** Something of its name is in the way that this migration did not leave. */
  | { readonly type: "blocked"; readonly message: string; readonly hint: string }
  /** Only a person can tell. */
  | { readonly type: "unknown" };

const RUN: UnitDecision = { type: "run", first: [] };

/**
 * Decides what to do with a unit.
 *
 * @param session The session that will send it.
 * @param statement The statement.
 * @param trace What the journal says of it.
 * @returns The decision.
 */
export async function decideUnit(
  session: Session,
  statement: AloneStatement,
  trace: UnitTrace,
): Promise<UnitDecision> {
  const { state } = trace;
  switch (statement.type) {
    case "create-index-concurrently":
      return await decideCreateIndex(session, statement, trace);
    case "drop-index-concurrently": {
      if (state !== "started") return RUN;
      return await exists(session, `pg_catalog.to_regclass(${regclass(statement)}) IS NOT NULL`)
        ? RUN
        : { type: "done" };
    }
    case "reindex":
      return {
        type: "run",
        first: dropSql(
          state === "started" ? await findLeftovers(session, statement, trace.since) : trace.leftovers,
        ),
      };
    case "detach-partition-concurrently":
      return state === "fresh" ? RUN : await decideDetach(session, statement);
    case "create-database":
    case "create-tablespace":
    case "create-subscription":
      return state === "started" && await isThere(session, statement.type, statement.name) ? { type: "done" } : RUN;
    case "drop-database":
    case "drop-tablespace":
    case "drop-subscription":
      return state === "started" && !await isThere(session, statement.type, statement.name) ? { type: "done" } : RUN;
    case "vacuum":
    case "cluster":
    case "alter-system":
    case "alter-database-tablespace":
    case "discard-all":
      return RUN;
    case "alter-subscription":
    case "commit-prepared":
    case "rollback-prepared":
    case "do":
    case "call":
      return state === "started" ? { type: "unknown" } : RUN;
  }
}

/**
 * Finds the INVALID indexes that a statement left.
 *
 * @param session The session that sent it.
 * @param statement The statement.
 * @param since A transaction: what the statement left is not older.
 * @returns Their names, qualified and quoted.
 */
export async function findLeftovers(
  session: Session,
  statement: AloneStatement,
  since: string | undefined,
): Promise<string[]> {
  const condition = statement.type === "create-index-concurrently"
    ? `i.indrelid = pg_catalog.to_regclass(${regclass({ schema: statement.schema, name: statement.table })})`
    : statement.type === "reindex"
    ? reindexCondition(statement)
    : undefined;
  if (condition === undefined || since === undefined) return [];
  const rows = await session.finish(
    `${INDEXES} WHERE NOT i.indisvalid AND c.relkind = 'i' AND ${
      isNew(since)
    } AND p.pid IS NULL AND ${condition} ORDER BY 1`,
  );
  return rows.map((row) => String(row.name));
}

/**
 * Tells whether an index that was made is one that queries use.
 *
 * @param session The session that made it.
 * @param statement The statement.
 * @returns Its name if it is INVALID.
 */
export async function findInvalid(session: Session, statement: AloneStatement): Promise<string | undefined> {
  if (statement.type !== "create-index-concurrently" || statement.name === undefined) return undefined;
  const [index] = await findNamed(session, statement, statement.name);
  return index === undefined || index.valid ? undefined : index.name;
}

const INDEXES =
  `SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) AS name, i.indisvalid::pg_catalog.text AS valid,
  c.relkind::pg_catalog.text AS kind, p.pid::pg_catalog.text AS pid
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_stat_progress_create_index p ON p.index_relid = i.indexrelid`;

function isNew(since: string): string {
  return `pg_catalog.age(c.xmin) <= pg_catalog.age(${quoteLiteral(since)}::pg_catalog.xid)`;
}

interface FoundIndex {
  readonly name: string;
  readonly valid: boolean;
  /** Whether it is the index of a partitioned table, which holds no rows of its own. */
  readonly isPartitioned: boolean;
  /** Who builds it. */
  readonly pid: number | undefined;
}

async function decideCreateIndex(
  session: Session,
  statement: CreateIndexConcurrently,
  trace: UnitTrace,
): Promise<UnitDecision> {
  if (statement.name === undefined) return await decideUnnamed(session, statement, trace);
  const [index] = await findNamed(session, statement, statement.name);
  if (index === undefined || (index.valid && trace.state !== "started")) return RUN;
  if (index.valid) return { type: "done" };
  if (index.pid !== undefined) return { type: "busy", pid: index.pid };
  if (trace.state !== "fresh" && !index.isPartitioned) return { type: "run", first: dropSql([index.name]) };
  return {
    type: "blocked",
    message: `index ${index.name} exists but is INVALID, and this migration did not leave it`,
    hint: `Look at it, then DROP INDEX CONCURRENTLY ${index.name}, or REINDEX INDEX CONCURRENTLY ${index.name}`,
  };
}

/** The server chose the name: it is the one index of the table that came after the journal's entry. */
async function decideUnnamed(
  session: Session,
  statement: CreateIndexConcurrently,
  { state, leftovers, since }: UnitTrace,
): Promise<UnitDecision> {
  if (state !== "started" || since === undefined) return { type: "run", first: dropSql(leftovers) };
  const table = regclass({ schema: statement.schema, name: statement.table });
  const found = await readIndexes(session, `i.indrelid = pg_catalog.to_regclass(${table}) AND ${isNew(since)}`);
  const building = found.find((index) => index.pid !== undefined);
  if (building?.pid !== undefined) return { type: "busy", pid: building.pid };
  if (found.filter((index) => index.valid).length === 1) return { type: "done" };
  if (found.some((index) => index.valid)) return { type: "unknown" };
  return { type: "run", first: dropSql(found.filter((index) => !index.isPartitioned).map((index) => index.name)) };
}

/** The index of a name in the schema of the table, whatever table it is on. */
async function findNamed(session: Session, statement: CreateIndexConcurrently, name: string): Promise<FoundIndex[]> {
  const table = regclass({ schema: statement.schema, name: statement.table });
  return await readIndexes(
    session,
    `c.relname = ${
      quoteLiteral(name)
    } AND c.relnamespace = (SELECT t.relnamespace FROM pg_catalog.pg_class t WHERE t.oid = pg_catalog.to_regclass(${table}))`,
  );
}

async function readIndexes(session: Session, condition: string): Promise<FoundIndex[]> {
  const rows = await session.query(`${INDEXES} WHERE ${condition} ORDER BY 1`);
  return rows.map((row) => ({
    name: String(row.name),
    valid: row.valid === "true",
    isPartitioned: row.kind === "I",
    pid: row.pid === null ? undefined : Number(row.pid),
  }));
}

function reindexCondition({ target, schema, name }: Reindex): string {
  const suffix = "c.relname ~ '_cc(new|old)[0-9]*$'";
  if (name === undefined || (target !== "index" && target !== "table")) return suffix;
  const relation = `pg_catalog.to_regclass(${regclass({ schema, name })})`;
  return target === "table"
    ? `${suffix} AND i.indrelid = ${relation}`
    : `${suffix} AND i.indrelid = (SELECT o.indrelid FROM pg_catalog.pg_index o WHERE o.indexrelid = ${relation})`;
}

async function decideDetach(session: Session, statement: DetachPartitionConcurrently): Promise<UnitDecision> {
  const [parent, partition] = [statement.table, statement.partition];
  const [row] = await session.query(`SELECT h.inhdetachpending::pg_catalog.text AS pending
FROM pg_catalog.pg_inherits h WHERE h.inhparent = pg_catalog.to_regclass(${regclass(parent)})
  AND h.inhrelid = pg_catalog.to_regclass(${regclass(partition)})`);
  if (row === undefined) return { type: "done" };
  if (row.pending !== "true") return RUN;
  return {
    type: "run-instead",
    sql: `ALTER TABLE ${quoteName(parent)} DETACH PARTITION ${quoteName(partition)} FINALIZE`,
  };
}

const CATALOGS = {
  database: ["pg_database", "datname"],
  tablespace: ["pg_tablespace", "spcname"],
  subscription: ["pg_subscription", "subname"],
} as const;

async function isThere(session: Session, type: AloneStatement["type"], name: string): Promise<boolean> {
  const [catalog, column] = CATALOGS[type.slice(type.indexOf("-") + 1) as keyof typeof CATALOGS];
  return await exists(
    session,
    `EXISTS (SELECT FROM pg_catalog.${catalog} o WHERE o.${column} = ${quoteLiteral(name)})`,
  );
}

async function exists(session: Session, condition: string): Promise<boolean> {
  const [row] = await session.query(`SELECT (${condition})::pg_catalog.text AS value`);
  return row?.value === "true";
}

interface Name {
  readonly schema: string | undefined;
  readonly name: string;
}

function quoteName({ schema, name }: Name): string {
  return schema === undefined ? quoteIdentifier(name) : `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
}

function regclass(name: Name): string {
  return quoteLiteral(quoteName(name));
}

function dropSql(indexes: readonly string[]): string[] {
  return indexes.map((index) => `DROP INDEX CONCURRENTLY IF EXISTS ${index}`);
}
