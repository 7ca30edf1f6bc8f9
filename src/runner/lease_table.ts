/**
 * The lease of a run: one row that says who runs migrations, and until when.
 *
 * @module
 */

import type { LockHolder } from "../core/lock_holder.ts";
import { quoteIdentifier, quoteLiteral } from "../core/quote.ts";
import { isoSql } from "./history_query.ts";
import type { HistoryTable } from "./history_table.ts";
import type { Session } from "./session.ts";
import { failUnless } from "./transaction.ts";

/** One lease that is or was had. */
export interface LeaseClaim {
  /** Who has it: the run. */
  readonly owner: string;
  /** How long it lasts unless it is renewed, in milliseconds. */
  readonly leaseMs: number;
}

const NOW = "pg_catalog.clock_timestamp()";

function endSql(leaseMs: number): string {
  return `${NOW} + pg_catalog.make_interval(secs => ${leaseMs / 1000})`;
}

const COLUMNS: readonly (readonly [name: string, type: string, comment: string])[] = [
  ["id", "boolean PRIMARY KEY DEFAULT true CHECK (id)", "There is one row"],
  ["owner", "text", "The run that has the lease; null while nobody has it"],
  ["fence", "bigint NOT NULL", "Grows whenever the lease is taken or taken away"],
  ["db_user", "text", "Database user of the run"],
  ["application", "text", "application_name of the run"],
  ["acquired_at", "timestamptz", "When it was taken"],
  ["heartbeat_at", "timestamptz", "When it was last renewed"],
  ["expires_at", "timestamptz", "When others may take it"],
];

/**
 * Writes the statements that create the table of the lease.
 *
 * @param table The history table that it is for.
 * @param schema Whether its schema exists.
 * @returns SQL without transaction control.
 */
export function createLeaseSql(table: HistoryTable, schema: "exists" | "absent"): string {
  return [
    ...(schema === "absent" ? [`CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(table.schema)};`] : []),
    `CREATE TABLE IF NOT EXISTS ${table.leaseSql} (\n${
      COLUMNS.map(([name, type]) => `  ${name} ${type}`).join(",\n")
    }\n);`,
    `COMMENT ON TABLE ${table.leaseSql} IS ${
      quoteLiteral("@metapg/migration lease: who runs migrations behind a pooler")
    };`,
    ...COLUMNS.map(([name, , comment]) => `COMMENT ON COLUMN ${table.leaseSql}.${name} IS ${quoteLiteral(comment)};`),
  ].join("\n");
}

/** Writes what takes the lease if nobody has it, and fails if somebody does. Runs under the advisory lock. */
export function takeLeaseSql(table: HistoryTable, { owner, leaseMs }: LeaseClaim): string {
  return `INSERT INTO ${table.leaseSql} AS l (owner, fence, db_user, application, acquired_at, heartbeat_at, expires_at)
VALUES (${quoteLiteral(owner)}, 1, session_user, pg_catalog.current_setting('application_name'), ${NOW}, ${NOW}, ${
    endSql(leaseMs)
  })
ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, fence = l.fence + 1, db_user = excluded.db_user,
  application = excluded.application, acquired_at = excluded.acquired_at, heartbeat_at = excluded.heartbeat_at,
  expires_at = excluded.expires_at
WHERE l.owner IS NULL OR l.expires_at <= ${NOW};
${leaseGuard(table, owner)}`;
}

/** Fails the transaction unless a run has the lease. One that has expired is still had as long as nobody took it. */
export function leaseGuard(table: HistoryTable, owner: string): string {
  return failUnless(`EXISTS (SELECT FROM ${table.leaseSql} l WHERE l.owner = ${quoteLiteral(owner)})`, "lease");
}

/** Writes what makes a run's lease last longer; returns a row if it still has it. */
export function renewLeaseSql(table: HistoryTable, { owner, leaseMs }: LeaseClaim): string {
  return `UPDATE ${table.leaseSql} l SET heartbeat_at = ${NOW}, expires_at = ${endSql(leaseMs)} WHERE l.owner = ${
    quoteLiteral(owner)
  } RETURNING l.fence`;
}

/** Makes a run's lease last longer, and fails the transaction if it has it no more. */
export function renewalGuard(table: HistoryTable, claim: LeaseClaim): string {
  return `WITH renewed AS (${renewLeaseSql(table, claim)})\n${failUnless("EXISTS (SELECT FROM renewed)", "lease")}`;
}

/** Writes what gives a run's lease back. */
export function releaseLeaseSql(table: HistoryTable, owner: string): string {
  return `UPDATE ${table.leaseSql} l SET owner = NULL, expires_at = NULL WHERE l.owner = ${quoteLiteral(owner)}`;
}

/** A condition: whether anybody has the lease. */
export function isLeasedSql(table: HistoryTable): string {
  return `EXISTS (SELECT FROM ${table.leaseSql} l WHERE l.owner IS NOT NULL AND l.expires_at > ${NOW})`;
}

/**
 * Tells whether there is a table for the lease.
 *
 * @param session Any session on the database.
 * @param table The history table that it is for.
 */
export async function hasLeaseTable(session: Session, table: HistoryTable): Promise<boolean> {
  const [row] = await session.query(
    `SELECT pg_catalog.to_regclass(${quoteLiteral(table.leaseSql)})::pg_catalog.text AS name`,
  );
  return typeof row?.name === "string";
}

/**
 * Asks who has the lease.
 *
 * @param session Any session on the database.
 * @param table The history table that it is for.
 * @returns The holder; `null` if nobody has it.
 */
export async function readLeaseHolder(session: Session, table: HistoryTable): Promise<LockHolder | null> {
  if (!await hasLeaseTable(session, table)) return null;
  const [row] = await session.query(`SELECT pg_catalog.json_build_object(
  'pid', NULL, 'user', l.db_user, 'application', l.application, 'host', NULL, 'since', ${isoSql("l.acquired_at")},
  'query', NULL, 'lease', pg_catalog.json_build_object('fence', l.fence, 'heartbeatAt', ${isoSql("l.heartbeat_at")},
    'expiresAt', ${isoSql("l.expires_at")})
)::pg_catalog.text AS value
FROM ${table.leaseSql} l WHERE l.owner IS NOT NULL AND l.expires_at > ${NOW}`);
  return row === undefined ? null : JSON.parse(String(row.value)) as LockHolder;
}

/**
 * Takes the lease away from a run, if it is still that one.
 *
 * @param session Any session on the database.
 * @param table The history table that it is for.
 * @param fence The lease as it was seen.
 * @returns Whether it was taken away.
 */
export async function endLease(session: Session, table: HistoryTable, fence: number): Promise<boolean> {
  const rows = await session.query(`UPDATE ${table.leaseSql} l SET owner = NULL, expires_at = NULL, fence = l.fence + 1
WHERE l.owner IS NOT NULL AND l.fence = ${fence} RETURNING l.id`);
  return rows.length > 0;
}
