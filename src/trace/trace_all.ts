/**
 * A whole trace: what migrations lock, how large that is live, and what hurts most.
 *
 * @module
 */

import type { Database } from "../core/database.ts";
import { MigrationError } from "../core/error.ts";
import type { Problem } from "../core/problem.ts";
import type { ShadowRequest, ShadowSource } from "../core/shadow.ts";
import { requestOf } from "../rehearsal/needs.ts";
import { Obstacles } from "../rehearsal/obstacles.ts";
import { findWorst } from "./danger.ts";
import { readLiveObjects } from "./live_objects.ts";
import type { MigrationTrace, Trace } from "./trace.ts";
import { traceMigrations, type TraceStep } from "./trace_migrations.ts";

/** Where and what to trace. */
export interface TraceRequest {
  /** Makes the database on which the migrations are run for real. */
  readonly shadows: ShadowSource;
  /** What to run, in order. */
  readonly steps: readonly TraceStep[];
  /** The database that they are meant for, which is only read; `undefined` if nobody is to look. */
  readonly live?: Database | undefined;
  /** Aborting it ends the work. */
  readonly signal?: AbortSignal | undefined;
}

/** A trace that may have come to an early end. */
export interface TraceEnd extends Trace {
  /** What kept it from going on, once it had begun; `undefined` if nothing did. */
  readonly failure?: unknown;
}

/**
 * Traces migrations.
 *
 * @param request Where and what.
 * @returns What they lock; where a statement is refused, those before it, and that failure.
 * @throws A {@linkcode MigrationError} with code `CONFIG` if the place does not do for them, or `CONNECTION_FAILED`.
 */
export async function traceAll({ live, ...request }: TraceRequest): Promise<TraceEnd> {
  const { migrations, failure } = await runSteps(request);
  const end = failure === undefined ? {} : { failure };
  if (live === undefined || request.signal?.aborted === true) {
    return { migrations, worst: findWorst(migrations), ...end };
  }
  const objects = await readLiveObjects(live, migrations, request.signal).catch((error: unknown) => {
    // What went wrong first is what a person needs to see.
    if (failure === undefined) throw error;
    return [];
  });
  return { migrations, worst: findWorst(migrations, new Set(objects.map(({ object }) => object))), objects, ...end };
}

async function runSteps(
  { shadows, steps, signal }: TraceRequest,
): Promise<{ readonly migrations: MigrationTrace[]; readonly failure?: unknown }> {
  const migrations: MigrationTrace[] = [];
  if (steps.every(({ purpose }) => purpose !== "trace")) return { migrations };
  const needs = requestOf(steps.map(({ migration }) => migration));
  await refuseObstacles(shadows, needs, steps);
  const shadow = await shadows.create(needs);
  try {
    await traceMigrations(shadow, steps, { signal, onTraced: (trace) => migrations.push(trace) });
  } catch (failure) {
    await shadow.drop().catch(() => undefined);
    return { migrations, failure };
  }
  await shadow.drop();
  return { migrations };
}

/** What lies before a migration has to be there, so that none can be left out. */
async function refuseObstacles(
  shadows: ShadowSource,
  needs: ShadowRequest,
  steps: readonly TraceStep[],
): Promise<void> {
  const obstacles = new Obstacles(shadows, await shadows.survey(needs));
  const problems = steps.flatMap(({ migration, direction }): Problem[] => {
    const obstacle = obstacles.of(migration, [direction]);
    if (obstacle === undefined) return [];
    const { message, hint } = obstacle;
    const { path, name } = migration;
    return [{
      code: "refused-statement",
      severity: "error",
      message,
      path,
      name,
      ...(hint === undefined ? {} : { hint }),
    }];
  });
  if (problems.length === 0) return;
  const many = problems.length === 1 ? "1 migration" : `${problems.length} migrations`;
  throw new MigrationError("CONFIG", `Cannot trace: ${many} cannot be run where they are tried`, { problems });
}
