/**
 * Databases for tests: each has its own and drops it.
 *
 * @module
 */

import postgres from "postgres";
import type { Major } from "./binaries.ts";
import { startServer, type TestServer } from "./server.ts";

const servers = new Map<Major | undefined, Promise<TestServer>>();

/** Sends SQL that makes or drops a database; to connect takes longer than to do it. */
const makers = new Map<string, Look>();

/** Sends SQL, and gives the rows of the last statement. */
export type Look = (sql: string) => Promise<readonly Record<string, unknown>[]>;

/** Where to create a database. */
export interface DatabaseOptions {
  /** Major version; any without it. */
  readonly major?: Major;
  /** A server of the test's own. */
  readonly server?: TestServer;
}

/**
 * The server that the tests of this process share, started when first asked for.
 *
 * @param major Major version; any without it.
 */
export function sharedServer(major?: Major): Promise<TestServer> {
  let server = servers.get(major);
  if (server === undefined) {
    server = startServer(major === undefined ? {} : { major });
    servers.set(major, server);
  }
  return server;
}

/**
 * Runs a test against a new, empty database and drops it.
 *
 * @param body Receives the URL of the database.
 * @param options Where to create it.
 * @returns What `body` returned.
 */
export async function withDatabase<T>(
  body: (url: string, server: TestServer) => T | Promise<T>,
  options: DatabaseOptions = {},
): Promise<T> {
  const server = options.server ?? await sharedServer(options.major);
  const name = `test_${crypto.randomUUID().replaceAll("-", "")}`;
  // By way of the log, as newer versions do it by themselves, it takes four times as long.
  const strategy = server.major < 15 ? "" : "STRATEGY file_copy";
  const send = options.server === undefined ? maker(server.url) : (sql: string) => query(server.url, sql);
  await send(`CREATE DATABASE ${name} TEMPLATE template0 ${strategy}`);
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  try {
    return await body(url.href, server);
  } finally {
    await untilLeft(send, name);
    await send(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  }
}

/** A session that was closed on this side is still there for a moment, and being thrown out is an error to its driver. */
async function untilLeft(send: Look, name: string): Promise<void> {
  for (let tries = 0; tries < 10; tries++) {
    const rows = await send(`SELECT 1 FROM pg_stat_activity WHERE datname = '${name}' LIMIT 1`);
    if (rows.length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function maker(url: string): Look {
  const made = makers.get(url);
  if (made !== undefined) return made;
  const client = connect(url, { idle_timeout: 1 });
  const send: Look = (sql) => rowsOf(client, sql);
  makers.set(url, send);
  return send;
}

/**
 * Sends SQL on a connection of its own, behind the back of what is tested.
 *
 * @param url Where to.
 * @param sql One or several statements.
 * @returns The rows of the last statement.
 */
export function query(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  return withLook(url, (look) => look(sql));
}

/**
 * Sends SQL on one connection, behind the back of what is tested.
 *
 * @param url Where to.
 * @param body Receives what sends it.
 * @returns What `body` returned.
 */
export async function withLook<T>(url: string, body: (look: Look) => Promise<T>): Promise<T> {
  const client = connect(url);
  try {
    return await body((sql) => rowsOf(client, sql));
  } finally {
    await client.end({ timeout: 1 });
  }
}

function connect(url: string, options: { readonly idle_timeout?: number } = {}): postgres.Sql {
  return postgres(url, { max: 1, fetch_types: false, onnotice: () => {}, ...options });
}

async function rowsOf(client: postgres.Sql, sql: string): Promise<readonly Record<string, unknown>[]> {
  // Several statements give a list of results, which the driver's types do not say.
  const result: readonly unknown[] = await client.unsafe(sql).simple();
  const last = Array.isArray(result[0]) ? result.at(-1) : result;
  return [...(last as Record<string, unknown>[])];
}
