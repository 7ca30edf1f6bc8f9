/**
 * Traces of small projects in an embedded database.
 *
 * @module
 */

import type { PGlite } from "@electric-sql/pglite";
import { Migration } from "../../src/core/migration.ts";
import { pgliteDatabase } from "../../src/database/pglite.ts";
import type { MigrationTrace, StatementTrace } from "../../src/trace/trace.ts";
import { traceMigrations } from "../../src/trace/trace_migrations.ts";
import { startPglite } from "../support/pglite.ts";

let embedded: Promise<PGlite> | undefined;

/**
 * Traces the second of two files, after the first was run.
 *
 * @param before SQL of the first.
 * @param sql The second.
 * @param direction Which of its sections.
 * @returns What it does.
 */
export async function traced(before: string, sql: string, direction: "up" | "down" = "up"): Promise<MigrationTrace> {
  const instance = await (embedded ??= startPglite());
  await instance.exec("DROP SCHEMA IF EXISTS public, app CASCADE; CREATE SCHEMA public");
  const first = await Migration.parse("migrations/default/001_before.sql", before);
  const second = await Migration.parse("migrations/default/002_traced.sql", sql);
  const [trace] = await traceMigrations({
    database: pgliteDatabase(instance),
    roleSql: (name) => `CREATE ROLE ${name}`,
  }, [
    { migration: first, direction: "up", purpose: "prepare" },
    ...(direction === "down" ? [{ migration: second, direction: "up", purpose: "prepare" } as const] : []),
    { migration: second, direction, purpose: "trace" },
  ]);
  return trace!;
}

/**
 * Spells what a statement locks, in short.
 *
 * @param statement The statement.
 * @returns As in `public.users ACCESS EXCLUSIVE`.
 */
export function locksOf({ locks }: StatementTrace): string[] {
  return locks.map(({ object, mode }) => `${object} ${mode}`);
}
