/**
 * Waiting for what another session or process does.
 *
 * @module
 */

import { query } from "./databases.ts";

/**
 * Waits until a condition holds.
 *
 * @param url The database to ask.
 * @param condition A condition in SQL.
 * @throws If it does not hold within 20 s.
 */
export async function until(url: string, condition: string): Promise<void> {
  for (let tries = 0; tries < 1000; tries++) {
    const [row] = await query(url, `SELECT (${condition})::int AS met`);
    if (Number(row?.met) === 1) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`Not met: ${condition}`);
}

/** That a session runs a statement with this text in it. */
export function isRunning(text: string): string {
  return `EXISTS (SELECT FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%${text}%' AND pid <> pg_backend_pid() AND datname = current_database())`;
}

/** That a session of the database is in a `pg_sleep()`, whatever else its message holds. */
export const IS_SLEEPING =
  "EXISTS (SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND pid <> pg_backend_pid() AND datname = current_database())";

/** That no session of the database holds or awaits an advisory lock. */
export const IS_UNLOCKED =
  "NOT EXISTS (SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE l.locktype = 'advisory' AND d.datname = current_database())";
