/**
 * What rehearsals left on a server that were killed before they could drop it.
 *
 * @module
 */

import type { Connection, Database } from "../core/database.ts";
import type { Problem } from "../core/problem.ts";
import { quoteIdentifier } from "../core/quote.ts";
import { findLoggedRoles, findOwnTable } from "./shadow_roles.ts";

const PREFIX = "metapg_shadow_";

/** Milliseconds of the server's clock, as the names hold them. */
const NOW = "(extract(epoch FROM pg_catalog.clock_timestamp()) * 1000)::pg_catalog.int8";

/** A name that nobody else has, and that says when it was made. */
export const NAME_SQL = `SELECT '${PREFIX}' || pg_catalog.lpad(pg_catalog.to_hex(${NOW}), 12, '0')
  || pg_catalog.substr(pg_catalog.replace(pg_catalog.gen_random_uuid()::pg_catalog.text, '-', ''), 1, 20) AS name`;

/** How long a rehearsal may be without a session: between making its database and using it, and before it drops it. */
const QUIET_MS = 60_000;

const SHADOWS_SQL = `SELECT d.oid, d.datname AS name, NOT EXISTS (
    SELECT FROM pg_catalog.pg_stat_activity a WHERE a.datid = d.oid
  ) AND pg_catalog.abs(${NOW} - ('x' || pg_catalog.substr(d.datname, ${
  PREFIX.length + 1
}, 12))::bit(48)::pg_catalog.int8)
    > ${QUIET_MS} AS dead
FROM pg_catalog.pg_database d WHERE d.datname ~ '^${PREFIX}[0-9a-f]{32}$' ORDER BY d.datname`;

/** Roles that are younger than the database and that a migration in its history mentions. */
const MENTIONED_SQL = `SELECT r.rolname AS name FROM pg_catalog.pg_roles r
WHERE r.oid > (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())
  AND (pg_catalog.strpos(r.rolname, pg_catalog.current_database()) > 0`;

/**
 * Looks for databases of rehearsals that are no more. Nothing is dropped: that somebody is sure of it is for people to say.
 *
 * @param connection A session of the server.
 * @param open Opens another of its databases.
 * @returns A warning with what would drop them; `undefined` if there are none.
 */
export async function findLeftovers(
  connection: Connection,
  open: (database: string) => Database,
): Promise<Problem | undefined> {
  const shadows = await connection.query(SHADOWS_SQL);
  const dead = shadows.filter((shadow) => isTrue(shadow.dead)).map(({ name }) => String(name));
  if (dead.length === 0) return undefined;
  // A rehearsal that runs now may have made a role that the same files mention.
  const isQuiet = dead.length === shadows.length;
  const roles = new Set<string>();
  for (const name of dead) for (const role of await rolesOf(open(name), isQuiet)) roles.add(role);
  const drops = [
    ...dead.map((name) => `DROP DATABASE ${quoteIdentifier(name)};`),
    ...[...roles].map((role) => `DROP ROLE ${quoteIdentifier(role)};`),
  ];
  const also = roles.size === 0 ? "" : `, and roles: ${roles.size}`;
  return {
    code: "server",
    severity: "warning",
    message: `Rehearsals that were killed left databases on the server: ${dead.length}${also}`,
    hint: `If nobody needs them: ${drops.join(" ")}`,
  };
}

/** What cannot be asked is not known. */
async function rolesOf(database: Database, isQuiet: boolean): Promise<readonly string[]> {
  let connection: Connection | undefined;
  try {
    connection = await database.connect();
    const logged = await findLoggedRoles(connection);
    return isQuiet ? [...logged, ...await mentioned(connection)] : logged;
  } catch {
    return [];
  } finally {
    await connection?.close();
  }
}

async function mentioned(connection: Connection): Promise<readonly string[]> {
  const history = await findOwnTable(connection, "layout");
  const inHistory = history === undefined ? "" : ` OR EXISTS (
    SELECT FROM ${history} h WHERE h.source ~* (
      '(^|[^[:alnum:]_$])' || pg_catalog.regexp_replace(r.rolname, '(\\W)', '\\\\\\1', 'g') || '($|[^[:alnum:]_$])'))`;
  return (await connection.query(`${MENTIONED_SQL}${inHistory}) ORDER BY r.oid`)).map(({ name }) => String(name));
}

/** The simple protocol answers in text, and some drivers read it. */
function isTrue(value: unknown): boolean {
  return value === true || value === "t";
}
