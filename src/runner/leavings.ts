/**
 * What a migration leaves in its session that neither a reset nor ROLLBACK undoes: prepared statements and advisory locks.
 *
 * @module
 */

import type { Row } from "../core/database.ts";
import { quoteArray, quoteIdentifier } from "../core/quote.ts";

/** Where SQL is sent. */
export interface Sink {
  /** Sends one message. */
  query(sql: string): Promise<readonly Row[]>;
}

/** Names of what was prepared in SQL; what a driver prepares is its own. */
export const PREPARED_SQL = "SELECT p.name AS name FROM pg_catalog.pg_prepared_statements p WHERE p.from_sql";

/** The advisory locks of the session, each as one text. */
export const ADVISORY_LOCKS_SQL = `SELECT pg_catalog.concat_ws(':', l.classid, l.objid, l.objsubid, l.mode) AS id,
  (l.classid::pg_catalog.int8 << 32) | l.objid::pg_catalog.int8 AS key, l.classid::pg_catalog.int4 AS one, l.objid::pg_catalog.int4 AS two,
  l.objsubid AS keys, l.mode AS mode
FROM pg_catalog.pg_locks l WHERE l.locktype = 'advisory' AND l.granted AND l.pid = pg_catalog.pg_backend_pid()`;

/** Whether a section may prepare statements, or forget some. */
export function mayPrepare(sql: string): boolean {
  return /\b(?:prepare|deallocate|discard)\b/i.test(sql);
}

/**
 * Drops prepared statements.
 *
 * @param session The session, outside a transaction.
 * @param kept Names of those that stay.
 */
export async function dropPrepared(session: Sink, kept: readonly string[]): Promise<void> {
  const rows = await session.query(PREPARED_SQL);
  const names = rows.map((row) => String(row.name)).filter((name) => !kept.includes(name));
  if (names.length > 0) await session.query(names.map((name) => `DEALLOCATE ${quoteIdentifier(name)};`).join("\n"));
}

/**
 * Releases advisory locks of the session, as often as they were taken.
 *
 * @param session The session, outside a transaction.
 * @param kept Those that stay, as {@linkcode ADVISORY_LOCKS_SQL} names them.
 */
export async function releaseAdvisoryLocks(session: Sink, kept: readonly string[]): Promise<void> {
  const shared = "l.mode = 'ShareLock'";
  const unlock = (keys: string) =>
    `CASE WHEN ${shared} THEN pg_catalog.pg_advisory_unlock_shared(${keys}) ELSE pg_catalog.pg_advisory_unlock(${keys}) END`;
  const release = `SELECT (CASE l.keys WHEN 1 THEN ${unlock("l.key")} ELSE ${
    unlock("l.one, l.two")
  } END)::pg_catalog.text AS released
FROM (${ADVISORY_LOCKS_SQL}) AS l WHERE l.id <> ALL (${quoteArray(kept)})`;
  while ((await session.query(release)).some((row) => row.released === "true"));
}
