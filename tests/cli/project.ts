/**
 * Files in memory, databases in PGlite, and the program over both.
 *
 * @module
 */

import type { PGlite } from "@electric-sql/pglite";
import { main } from "../../src/cli/main.ts";
import { openDatabase } from "../../src/database/open.ts";
import { pgliteDatabase } from "../../src/database/pglite.ts";
import { openShadows } from "../../src/database/shadow.ts";
import { type MemoryHost, memoryHost, type MemoryHostOptions } from "../support/memory_host.ts";
import { startPglite } from "../support/pglite.ts";

/** What a call of the program came to. */
export interface Call {
  /** The exit code. */
  readonly code: number;
  /** What it wrote to stdout. */
  readonly out: string;
  /** What it wrote to stderr. */
  readonly err: string;
}

/** How the program is called. */
export interface CallSetup extends Omit<MemoryHostOptions, "args" | "files"> {
  /** Receives the host before the program starts. */
  readonly onHost?: (host: MemoryHost) => void;
}

/** A folder with migrations and the databases of its environment. */
export interface Project {
  /** Files by path; a test may change them as it goes. */
  readonly files: Record<string, string>;
  /** Calls the program. */
  run(...args: string[]): Promise<Call>;
  /** Calls the program on another host. */
  runWith(setup: CallSetup, ...args: string[]): Promise<Call>;
  /** Calls the program with `--json` and reads what it printed. */
  // deno-lint-ignore no-explicit-any -- tests look into documents of many shapes
  json(...args: string[]): Promise<any>;
  /** Sends SQL behind the program's back. */
  query(sql: string, db?: string): Promise<readonly unknown[]>;
}

/** Three sound migrations, of which the third cannot be rolled back. */
export const SHOP: Readonly<Record<string, string>> = {
  "migrations/default/001_roles.sql": "CREATE TABLE roles (id int);\n-- ROLLBACK\nDROP TABLE roles;\n",
  "migrations/default/002_users.sql":
    "-- Depends: 001_roles\nCREATE TABLE users (id int);\n-- ROLLBACK\nDROP TABLE users;\n",
  "migrations/default/003_posts.sql": "CREATE TABLE posts (id int);\n",
};

const instances = new Map<string, Promise<PGlite>>();

/** The database of a name, empty. */
async function emptyDatabase(name: string): Promise<PGlite> {
  const started = instances.get(name) ?? startPglite();
  instances.set(name, started);
  const instance = await started;
  await instance.exec("DROP SCHEMA IF EXISTS public, app CASCADE; CREATE SCHEMA public;");
  return instance;
}

/**
 * Makes a project.
 *
 * @param files Its files, by path.
 * @param databases Its databases; `default` has the variable `DATABASE_URL`.
 * @returns The project.
 */
export async function project(
  files: Readonly<Record<string, string>> = SHOP,
  databases: readonly string[] = ["default"],
): Promise<Project> {
  const opened = new Map<string, PGlite>();
  for (const db of databases) opened.set(db, await emptyDatabase(db));
  const env = Object.fromEntries(
    databases.map((db) => [db === "default" ? "DATABASE_URL" : `DATABASE_URL_${db.toUpperCase()}`, `test:${db}`]),
  );
  const disk: Record<string, string> = { ...files };
  const runWith = async (setup: CallSetup, ...args: string[]): Promise<Call> => {
    const host = memoryHost({ ...setup, env: { ...env, ...setup.env }, args, files: disk });
    setup.onHost?.(host);
    const code = await main(host, {
      openDatabase: (url, options) => {
        const instance = opened.get(url.replace(/^test:/, ""));
        return instance === undefined ? openDatabase(url, options) : pgliteDatabase(instance);
      },
      openShadows: (url, options) => Promise.resolve(openShadows(url, options)),
    });
    for (const [path, text] of host.disk) if (typeof text === "string") disk[path] = text;
    return { code, out: host.out, err: host.err };
  };
  return {
    files: disk,
    runWith,
    run: (...args) => runWith({}, ...args),
    json: async (...args) => JSON.parse((await runWith({}, ...args, "--json")).out),
    query: async (sql, db = databases[0]!) => (await opened.get(db)!.exec(sql)).at(-1)?.rows ?? [],
  };
}

/**
 * Takes times out of an output, so that it can be compared.
 *
 * @param text The output.
 * @returns It with `T ms` and `AT` in place of durations and moments.
 */
export function steady(text: string): string {
  return text.replace(/\d+(\.\d)? (ms|s)\b/g, "T ms").replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ/g, "AT").replace(
    / +T ms/g,
    "  T ms",
  );
}
