/**
 * Databases to rehearse on that are made on a server, and dropped. No other database of it is touched.
 *
 * @module
 */

import type { Connection, Database } from "../core/database.ts";
import { DatabaseError } from "../core/database_error.ts";
import { MigrationError } from "../core/error.ts";
import type { DatabasePlatform } from "../core/platform.ts";
import type { Problem } from "../core/problem.ts";
import { quoteArray, quoteIdentifier } from "../core/quote.ts";
import type { Shadow, ShadowRequest, ShadowSource, ShadowSurvey } from "../core/shadow.ts";
import { onlyNamed } from "./only_named.ts";
import { postgresUrlDatabase } from "./postgres_url.ts";
import { findLeftovers, NAME_SQL } from "./shadow_leftovers.ts";
import { dropRoles, findLoggedRoles, ROLES_SQL } from "./shadow_roles.ts";
import { describeTarget, type PostgresTarget } from "./target.ts";

const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Makes databases on a server.
 *
 * @param target The server, and the database from which others are made.
 * @param platform What the runtime gives.
 * @param onWarning Is told of what earlier ones left.
 * @returns What makes them.
 */
export function postgresShadows(
  target: PostgresTarget,
  platform: DatabasePlatform,
  onWarning?: (problem: Problem) => void,
): ShadowSource {
  // What a crash of the server would lose is of no use to anybody.
  const settings = { ...target.settings, synchronous_commit: "off" };
  const open = (database: string): Database =>
    postgresUrlDatabase({ ...target, database, settings }, {
      platform,
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      applicationName: "metapg-migration",
    });
  const home = open(target.database);
  return {
    engine: "postgres",
    server: "shared",
    survey: (request) =>
      ask(home, target, async (connection) => {
        const leftovers = await findLeftovers(connection, open).catch(() => undefined);
        if (leftovers !== undefined) onWarning?.(leftovers);
        return await survey(connection, request, describeTarget(target));
      }),
    create: (request) => createShadow(target, request, { home, open }),
  };
}

async function survey(
  connection: Connection,
  { extensions, mentions }: ShadowRequest,
  place: string,
): Promise<ShadowSurvey> {
  const missing = await connection.query(`SELECT n.name FROM pg_catalog.unnest(${quoteArray(extensions)}) AS n(name)
WHERE n.name NOT IN (SELECT e.name FROM pg_catalog.pg_available_extensions e)`);
  const hint = `Install it on ${place}, or name another server`;
  return {
    missing: missing.map(({ name }) => ({ name: String(name), hint })),
    roles: (await readRoles(connection)).filter(mentions),
  };
}

interface Opening {
  readonly home: Database;
  readonly open: (database: string) => Database;
}

async function createShadow(
  target: PostgresTarget,
  request: ShadowRequest,
  { home, open }: Opening,
): Promise<Shadow> {
  const { name, before } = await ask(home, target, async (connection) => {
    const before = await readRoles(connection);
    const name = String((await connection.query(NAME_SQL))[0]?.name);
    await connection.query(`CREATE DATABASE ${quoteIdentifier(name)} TEMPLATE template0`);
    return { name, before };
  });
  const made = new Set<string>();
  return {
    database: onlyNamed(open(name), name),
    roles: before.filter((role) => request.mentions(role)),
    roleSql(role) {
      made.add(role);
      return `CREATE ROLE ${quoteIdentifier(role)}`;
    },
    drop: () =>
      ask(home, target, async (connection) => {
        const young = (await readRoles(connection)).filter((role) => !before.includes(role));
        const isOurs = (role: string) => made.has(role) || request.mentions(role) || role.includes(name);
        const others = young.filter((role) => !isOurs(role));
        const logged = others.length === 0 ? [] : await logOf(open(name));
        await connection.query(`DROP DATABASE IF EXISTS ${quoteIdentifier(name)} WITH (FORCE)`);
        await dropRoles(connection, young.filter((role) => isOurs(role) || logged.includes(role)));
      }),
  };
}

async function readRoles(connection: Connection): Promise<readonly string[]> {
  return (await connection.query(ROLES_SQL)).map(({ name }) => String(name));
}

/** What cannot be asked any more has no answer: the database is dropped in any case. */
async function logOf(database: Database): Promise<readonly string[]> {
  let connection: Connection | undefined;
  try {
    connection = await database.connect();
    return await findLoggedRoles(connection);
  } catch {
    return [];
  } finally {
    await connection?.close();
  }
}

/** Does something over a session of the database from which others are made. */
async function ask<T>(
  home: Database,
  target: PostgresTarget,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  let connection: Connection | undefined;
  try {
    connection = await home.connect();
    return await work(connection);
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    if (connection === undefined || error.kind !== "server") {
      throw new MigrationError("CONNECTION_FAILED", error.message, { cause: error });
    }
    throw new MigrationError("CONFIG", `Cannot rehearse on ${describeTarget(target)}: ${error.message}`, {
      hint: error.fields.sqlstate === "42501"
        ? "Grant the user CREATEDB, or name another server with --shadow-url (library: shadowUrl)"
        : undefined,
      cause: error,
    });
  } finally {
    await connection?.close();
  }
}
