/**
 * What a session is set to when a migration begins.
 *
 * @module
 */

import type { Row } from "../core/database.ts";
import { ADVISORY_LOCKS_SQL, PREPARED_SQL } from "./leavings.ts";
import { quoteIdentifier, quoteLiteral } from "../core/quote.ts";

/** What every session of the tool has: the lexer relies on the one, the drivers on the other. */
export const PREPARE_SQL = "SET SESSION standard_conforming_strings = on; SET SESSION client_encoding = 'UTF8';";

/** The same as a condition that is always met: a call takes the server a tenth of a statement. */
export const PREPARED_CONDITION = "pg_catalog.set_config('standard_conforming_strings', 'on', false) IS NOT NULL " +
  "AND pg_catalog.set_config('client_encoding', 'UTF8', false) IS NOT NULL";

/** Undoes what a migration may have done to its session; a cursor may be of a temporary table. */
export const RESET_SQL =
  "RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL; CLOSE ALL; DISCARD TEMP; DISCARD SEQUENCES; UNLISTEN *;";

/** Settings of the current transaction, which look like those of the session. */
const OF_TRANSACTION = "'transaction_isolation', 'transaction_read_only', 'transaction_deferrable'";

/** Both as SQL to be run after {@linkcode RESET_SQL}. */
export interface StartState {
  /** Brings the session to what every migration finds. */
  readonly migrationSql: string;
  /** Takes session user and role of the start, once both are reset. */
  readonly rolesSql: string;
  /** Brings it to what its caller had. */
  readonly callerSql: string;
  /** Names of the statements that were prepared in SQL. */
  readonly prepared: readonly string[];
  /** The advisory locks that were held. */
  readonly locks: readonly string[];
}

/** The start state of a session of a server that the tool opened itself. */
export const OWN_START_STATE: StartState = {
  migrationSql: PREPARE_SQL,
  rolesSql: "",
  callerSql: "",
  prepared: [],
  locks: [],
};

/**
 * Reads what a caller's session is set to.
 *
 * @param session The session.
 * @returns Its state: session user, role, settings, channels, prepared statements and advisory locks.
 */
export async function readStartState(
  session: { query(sql: string): Promise<readonly Row[]> },
): Promise<StartState> {
  const [row] = await session.query(`SELECT pg_catalog.json_build_object(
  'sessionUser', session_user,
  'loginUser', (SELECT a.usename FROM pg_catalog.pg_stat_activity a WHERE a.pid = pg_catalog.pg_backend_pid()),
  'role', pg_catalog.current_setting('role'),
  'channels', (SELECT coalesce(pg_catalog.json_agg(c), '[]') FROM pg_catalog.pg_listening_channels() AS c),
  'isSuperuser', pg_catalog.current_setting('is_superuser') = 'on',
  'prepared', (SELECT coalesce(pg_catalog.json_agg(p.name), '[]') FROM (${PREPARED_SQL}) AS p),
  'locks', (SELECT coalesce(pg_catalog.json_agg(l.id), '[]') FROM (${ADVISORY_LOCKS_SQL}) AS l),
  'settings', (
    SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_array(s.name, pg_catalog.current_setting(s.name), s.context)), '[]')
    FROM pg_catalog.pg_settings s WHERE s.source = 'session' AND s.context IN ('user', 'superuser')
      AND s.name NOT IN (${OF_TRANSACTION})
  )
)::pg_catalog.text AS value`);
  const reading = JSON.parse(String(row?.value)) as Reading;
  const { sessionUser, loginUser, role, isSuperuser, channels, settings, prepared, locks } = reading;
  // What only a superuser sets was set before a lesser role was taken, or after a greater one.
  const isEarly = ([, , context]: Setting): boolean => context === "superuser" && !isSuperuser;
  // PGlite tells no login user, and resetting the session user does nothing there.
  const rolesSql = [
    ...(loginUser === sessionUser ? [] : [`SET SESSION AUTHORIZATION ${quoteIdentifier(sessionUser)};`]),
    ...(role === "none" ? [] : [`SET ROLE ${quoteIdentifier(role)};`]),
  ].join("\n");
  const callerSql = [
    ...settings.filter(isEarly).map(settingSql),
    rolesSql,
    ...settings.filter((setting) => !isEarly(setting)).map(settingSql),
    ...channels.map((channel) => `LISTEN ${quoteIdentifier(channel)};`),
  ].join("\n");
  return { callerSql, rolesSql, migrationSql: `${callerSql}\n${PREPARE_SQL}`, prepared, locks };
}

function settingSql([name, value]: Setting): string {
  return `SELECT pg_catalog.set_config(${quoteLiteral(name)}, ${quoteLiteral(value)}, false);`;
}

/** Name, value and who may set it. */
type Setting = readonly [string, string, string];

/** What poolers set for a client on whichever session serves it; a RESET there would make them forget it. */
const POOLED_SETTINGS = [
  "application_name",
  "client_encoding",
  "DateStyle",
  "TimeZone",
  "standard_conforming_strings",
] as const;

/**
 * Reads what a pooler has set for this client.
 *
 * @param session Any session behind the pooler.
 * @returns The state to come back to in every transaction.
 */
export async function readPooledState(
  session: { query(sql: string): Promise<readonly Row[]> },
): Promise<StartState> {
  const names = POOLED_SETTINGS.map((name) =>
    `${quoteLiteral(name)}, pg_catalog.current_setting(${quoteLiteral(name)})`
  );
  const [row] = await session.query(
    `SELECT pg_catalog.json_build_object(${names.join(", ")})::pg_catalog.text AS value`,
  );
  const settings = Object.entries(JSON.parse(String(row?.value)) as Readonly<Record<string, string>>);
  const calls = settings.map(([name, value]) =>
    `pg_catalog.set_config(${quoteLiteral(name)}, ${quoteLiteral(value)}, false)`
  );
  return { migrationSql: `SELECT ${calls.join(", ")};`, callerSql: "", rolesSql: "", prepared: [], locks: [] };
}

interface Reading {
  readonly sessionUser: string;
  readonly loginUser: string | null;
  readonly role: string;
  readonly channels: readonly string[];
  readonly isSuperuser: boolean;
  readonly prepared: readonly string[];
  readonly locks: readonly string[];
  readonly settings: readonly Setting[];
}
