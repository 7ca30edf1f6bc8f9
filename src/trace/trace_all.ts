/**
 * A whole trace: what migrations lock, how large that is live, and what hurts most.
 *
 * @module
 */

import type { Database } from "../core/database.ts";
import { findWorst } from "./danger.ts";
import { readLiveObjects } from "./live_objects.ts";
import type { Trace } from "./trace.ts";
import { traceMigrations, type TraceStep } from "./trace_migrations.ts";

/** Where and what to trace. */
export interface TraceRequest {
  /** Where the migrations are run for real: an empty database that nobody needs. */
  readonly scratch: Database;
  /** What to run, in order. */
  readonly steps: readonly TraceStep[];
  /** The database that they are meant for, which is only read; `undefined` if nobody is to look. */
  readonly live?: Database | undefined;
  /** Aborting it ends the work. */
  readonly signal?: AbortSignal | undefined;
}

/** Why a statement may fail here and nowhere else. */
const HINT = "This ran in a database of its own, which holds only what the migrations make: see that they make the " +
  "roles and schemas that they name, and use no extension that PGlite does not carry";

/**
 * Traces migrations.
 *
 * @param request Where and what.
 * @returns What they lock.
 * @throws A `SqlError` if a statement is refused, and a {@linkcode MigrationError} if a connection cannot be had.
 */
export async function traceAll({ scratch, steps, live, signal }: TraceRequest): Promise<Trace> {
  const migrations = await traceMigrations(scratch, steps, { hint: HINT, signal });
  if (live === undefined) return { migrations, worst: findWorst(migrations) };
  const objects = await readLiveObjects(live, migrations, signal);
  return { migrations, worst: findWorst(migrations, new Set(objects.map(({ object }) => object))), objects };
}
