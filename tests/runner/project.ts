/**
 * A folder of migrations and a database of its own, on every engine that is supported.
 *
 * @module
 */

import type { PGlite } from "@electric-sql/pglite";
import postgres from "postgres";
import type { Database } from "../../src/core/database.ts";
import type { MigrationEvent } from "../../src/core/event.ts";
import { memoryReader } from "../../src/core/reader.ts";
import { pgliteDatabase } from "../../src/database/pglite.ts";
import { postgresDatabase } from "../../src/database/postgres.ts";
import { MigrationRunner, type RunnerOptions } from "../../src/runner/runner.ts";
import { withDatabase, withLook } from "../support/databases.ts";
import { startPglite } from "../support/pglite.ts";

/** What a test works with. */
export interface Project {
  /** Migration files by name; a test may change them as it goes. */
  readonly files: Record<string, string>;
  /** What the runners of this project told. */
  readonly events: MigrationEvent[];
  /** Where the database is; empty for PGlite. */
  readonly url: string;
  /** Its database. */
  readonly database: Database;
  /** A runner over files and database. */
  runner(options?: Partial<RunnerOptions>): MigrationRunner;
  /** Sends SQL behind the runner's back. */
  query(sql: string): Promise<readonly Record<string, unknown>[]>;
}

/** A test on one engine. */
export type ProjectTest = (project: Project) => Promise<void>;

/** Runs a test on PostgreSQL 14 and 18. */
export function onServers(name: string, body: ProjectTest): void {
  for (const major of [14, 18] as const) {
    Deno.test(`${name} on PostgreSQL ${major}`, () => withDatabase((url) => onDatabase(url, body), { major }));
  }
}

/** Runs a test on PostgreSQL 14 and 18 and on PGlite. */
export function onEveryEngine(name: string, body: ProjectTest): void {
  onServers(name, body);
  Deno.test(`${name} on PGlite`, () => onPglite(body));
}

/** Runs a test on a database of a server. */
export async function onDatabase(url: string, body: ProjectTest): Promise<void> {
  const client = postgres(url, { max: 8, onnotice: () => {} });
  try {
    await withLook(url, (look) => body(project(postgresDatabase(client), url, look)));
  } finally {
    await client.end({ timeout: 1 });
  }
}

let embedded: Promise<PGlite> | undefined;

async function onPglite(body: ProjectTest): Promise<void> {
  const instance = await (embedded ??= startPglite());
  await instance.exec("DROP SCHEMA IF EXISTS public, app, ops CASCADE; CREATE SCHEMA public;");
  const rows = async (sql: string) => (await instance.exec(sql)).at(-1)?.rows ?? [];
  await body(project(pgliteDatabase(instance), "", rows));
}

function project(database: Database, url: string, send: Project["query"]): Project {
  const files: Record<string, string> = {};
  const events: MigrationEvent[] = [];
  const reader = {
    list: (directory: string) => memoryReader(within(directory, files)).list(directory),
    read: (path: string) => memoryReader(within("migrations/main", files)).read(path),
  };
  return {
    files,
    events,
    url,
    database,
    query: send,
    runner: (options = {}) =>
      new MigrationRunner({
        dbName: "main",
        database,
        reader,
        onEvent: (event) => events.push(event),
        ...options,
      }),
  };
}

/** A folder with no file in it is there all the same. */
function within(directory: string, files: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(files).map(([name, text]) => [`${directory}/${name}`, text]);
  return Object.fromEntries([...entries, [`${directory}/README.md`, ""]]);
}
