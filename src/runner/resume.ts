/**
 * What the catalog says of a unit that is sent alone: whether it may begin, was finished, or left something behind.
 *
 * @module
 */

import type {
  AloneStatement,
  CreateIndexConcurrently,
  DetachPartitionConcurrently,
  NamedAlone,
} from "../core/alone_statement.ts";
import { quoteLiteral } from "../core/quote.ts";
import type { UnitState } from "../core/record.ts";
import { dropSql, findLeftovers, findNamed, findNew, stillInvalid } from "./invalid_index.ts";
import { quoteName, regclass } from "./relation_name.ts";
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
          state === "started"
            ? await findLeftovers(session, statement, trace.since, "cancel")
            : await stillInvalid(session, trace.leftovers),
        ),
      };
    case "detach-partition-concurrently":
      return state === "fresh" ? RUN : await decideDetach(session, statement, trace);
    case "create-database":
    case "create-tablespace":
    case "create-subscription":
      return state === "started" && await isThere(session, statement) ? { type: "done" } : RUN;
    case "drop-database":
    case "drop-tablespace":
    case "drop-subscription":
      return state === "started" && !await isThere(session, statement) ? { type: "done" } : RUN;
    case "vacuum":
    case "cluster":
    case "alter-system":
    case "alter-database-tablespace":
    case "discard-all":
      return RUN;
    case "commit-prepared":
    case "rollback-prepared":
      return state === "started" && !await isThere(session, statement) ? { type: "unknown" } : RUN;
    case "alter-subscription":
    case "do":
    case "call":
      return state === "started" ? { type: "unknown" } : RUN;
  }
}

async function decideCreateIndex(
  session: Session,
  statement: CreateIndexConcurrently,
  trace: UnitTrace,
): Promise<UnitDecision> {
  if (statement.name === undefined) return await decideUnnamed(session, statement, trace);
  const left = await stillInvalid(session, trace.leftovers);
  const run: UnitDecision = { type: "run", first: dropSql(left) };
  const [index] = await findNamed(session, statement, statement.name);
  if (index === undefined) return run;
  const isOurs = trace.state === "started" && index.isOnTable;
  if (index.valid) return isOurs ? { type: "done" } : run;
  if (index.pid !== undefined) return { type: "busy", pid: index.pid };
  if (left.includes(index.name)) return run;
  if (isOurs && !index.isPartitioned) return { type: "run", first: dropSql([index.name]) };
  return {
    type: "blocked",
    message: `index ${index.name} exists but is INVALID, and this migration did not leave it`,
    hint: index.isPartitioned
      ? "It becomes valid when an index of every partition is attached to it"
      : `Look at it, then DROP INDEX CONCURRENTLY ${index.name}, or REINDEX INDEX CONCURRENTLY ${index.name}`,
  };
}

/** The server chose the name: it is the one index of the table that came after the journal's entry. */
async function decideUnnamed(
  session: Session,
  statement: CreateIndexConcurrently,
  { state, leftovers, since }: UnitTrace,
): Promise<UnitDecision> {
  if (state !== "started" || since === undefined) {
    return { type: "run", first: dropSql(await stillInvalid(session, leftovers)) };
  }
  const found = await findNew(session, statement, since);
  const building = found.find((index) => index.pid !== undefined);
  if (building?.pid !== undefined) return { type: "busy", pid: building.pid };
  if (found.filter((index) => index.valid).length === 1) return { type: "done" };
  if (found.some((index) => index.valid)) return { type: "unknown" };
  return { type: "run", first: dropSql(found.filter((index) => !index.isPartitioned).map((index) => index.name)) };
}

/** A partition that is no partition is detached only if the statement began; else the server should say what is wrong. */
async function decideDetach(
  session: Session,
  statement: DetachPartitionConcurrently,
  { state }: UnitTrace,
): Promise<UnitDecision> {
  const [parent, partition] = [statement.table, statement.partition];
  const [row] = await session.query(
    `SELECT (t.parent IS NOT NULL AND t.partition IS NOT NULL)::pg_catalog.text AS known,
  (SELECT h.inhdetachpending::pg_catalog.text FROM pg_catalog.pg_inherits h
    WHERE h.inhparent = t.parent AND h.inhrelid = t.partition) AS pending
FROM (SELECT pg_catalog.to_regclass(${regclass(parent)}) AS parent, pg_catalog.to_regclass(${
      regclass(partition)
    }) AS partition) t`,
  );
  if (row?.pending === null) return row.known === "true" && state === "started" ? { type: "done" } : RUN;
  if (row?.pending !== "true") return RUN;
  return {
    type: "run-instead",
    sql: `ALTER TABLE ${quoteName(parent)} DETACH PARTITION ${quoteName(partition)} FINALIZE`,
  };
}

const CATALOGS: Readonly<Record<string, string>> = {
  database: "pg_database o WHERE o.datname",
  tablespace: "pg_tablespace o WHERE o.spcname",
  // The subscriptions of all databases are in one catalog.
  subscription: "pg_subscription o WHERE o.subdbid = (SELECT d.oid FROM pg_catalog.pg_database d " +
    "WHERE d.datname = pg_catalog.current_database()) AND o.subname",
  prepared: "pg_prepared_xacts o WHERE o.gid",
};

async function isThere(session: Session, { type, name }: NamedAlone): Promise<boolean> {
  const catalog = CATALOGS[type.slice(type.indexOf("-") + 1)]!;
  return await exists(session, `EXISTS (SELECT FROM pg_catalog.${catalog} = ${quoteLiteral(name)})`);
}

async function exists(session: Session, condition: string): Promise<boolean> {
  const [row] = await session.query(`SELECT (${condition})::pg_catalog.text AS value`);
  return row?.value === "true";
}
