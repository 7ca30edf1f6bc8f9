/**
 * What a session is set to when a migration begins.
 *
 * @module
 */

import type { Row } from "../core/database.ts";
import { quoteIdentifier, quoteLiteral } from "../core/quote.ts";

/** What every session of the tool has; the lexer relies on it. */
export const PREPARE_SQL = "SET SESSION standard_conforming_strings = on;";

/** Undoes what a migration may have done to its session. */
export const RESET_SQL =
  "RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL; DISCARD TEMP; DISCARD SEQUENCES; CLOSE ALL; UNLISTEN *;";

/** Both as SQL to be run after {@linkcode RESET_SQL}. */
export interface StartState {
  /** Brings the session to what every migration finds. */
  readonly migrationSql: string;
  /** Brings it to what its caller had. */
  readonly callerSql: string;
}

/** The start state of a session that the tool opened itself. */
export const OWN_START_STATE: StartState = { migrationSql: PREPARE_SQL, callerSql: "" };

/**
 * Reads what a caller's session is set to.
 *
 * @param session The session.
 * @returns Its state: session user, role, settings and channels.
 */
export async function readStartState(
  session: { query(sql: string): Promise<readonly Row[]> },
): Promise<StartState> {
  const [row] = await session.query(`SELECT pg_catalog.json_build_object(
  'sessionUser', session_user,
  'loginUser', (SELECT a.usename FROM pg_catalog.pg_stat_activity a WHERE a.pid = pg_catalog.pg_backend_pid()),
  'role', pg_catalog.current_setting('role'),
  'channels', (SELECT coalesce(pg_catalog.json_agg(c), '[]') FROM pg_catalog.pg_listening_channels() AS c),
  'settings', (
    SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_array(s.name, pg_catalog.current_setting(s.name))), '[]')
    FROM pg_catalog.pg_settings s WHERE s.source = 'session' AND s.context IN ('user', 'superuser')
  )
)::pg_catalog.text AS value`);
  const { sessionUser, loginUser, role, channels, settings } = JSON.parse(String(row?.value)) as Reading;
  const callerSql = [
    ...(loginUser === null || loginUser === sessionUser
      ? []
      : [`SET SESSION AUTHORIZATION ${quoteIdentifier(sessionUser)};`]),
    ...(role === "none" ? [] : [`SET ROLE ${quoteIdentifier(role)};`]),
    ...settings.map(([name, value]) =>
      `SELECT pg_catalog.set_config(${quoteLiteral(name)}, ${quoteLiteral(value)}, false);`
    ),
    ...channels.map((channel) => `LISTEN ${quoteIdentifier(channel)};`),
  ].join("\n");
  return { callerSql, migrationSql: `${callerSql}\n${PREPARE_SQL}` };
}

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
  return { migrationSql: `SELECT ${calls.join(", ")};`, callerSql: "" };
}

interface Reading {
  readonly sessionUser: string;
  readonly loginUser: string | null;
  readonly role: string;
  readonly channels: readonly string[];
  readonly settings: readonly (readonly [string, string])[];
}
