/**
 * Databases for tests: each has its own and drops it.
 *
 * @module
 */

import postgres from "postgres";
import type { Major } from "./binaries.ts";
import { startServer, type TestServer } from "./server.ts";

const servers = new Map<Major | undefined, Promise<TestServer>>();

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
  await query(server.url, `CREATE DATABASE ${name} TEMPLATE template0`);
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  try {
    return await body(url.href, server);
  } finally {
    await query(server.url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  }
}

/**
 * Sends SQL on a connection of its own, behind the back of what is tested.
 *
 * @param url Where to.
 * @param sql One or several statements.
 * @returns The rows of the last statement.
 */
export async function query(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = postgres(url, { max: 1, fetch_types: false, onnotice: () => {} });
  try {
    const result = await client.unsafe(sql).simple() as unknown as Record<string, unknown>[] | Record<
      string,
      unknown
    >[][];
    const last = Array.isArray(result[0]) ? result.at(-1) : result;
    return [...(last as Record<string, unknown>[])];
  } finally {
    await client.end();
  }
}
