/**
 * Which migrations are traced, and what has to be there before them.
 *
 * @module
 */

import type { Migration } from "../core/migration.ts";
import { unknownMigration } from "../core/plan.ts";
import type { TraceStep } from "./trace_migrations.ts";

/** What there is to trace. */
export interface Traceable {
  /** What is applied already, in order. */
  readonly applied: readonly Migration[];
  /** What is to be applied, in order. */
  readonly pending: readonly Migration[];
  /** What to trace; all that is pending if nothing is named. */
  readonly names: readonly string[];
}

/**
 * Makes the steps of a trace.
 *
 * @param what What there is, and what of it to trace.
 * @returns All migrations in order.
 * @throws A {@linkcode MigrationError} with code `UNKNOWN_MIGRATION` if there is none of a name.
 */
export function traceSteps({ applied, pending, names }: Traceable): TraceStep[] {
  const all = [...applied, ...pending];
  const known = new Set(all.map(({ name }) => name));
  for (const name of names) if (!known.has(name)) throw unknownMigration(name, [...known]);
  const wanted = new Set(names.length > 0 ? names : pending.map(({ name }) => name));
  return all.map((migration) => ({
    migration,
    direction: "up",
    purpose: wanted.has(migration.name) ? "trace" : "prepare",
  }));
}
