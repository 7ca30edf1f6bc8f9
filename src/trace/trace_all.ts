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

/**
 * Traces migrations.
 *
 * @param request Where and what.
 * @returns What they lock.
 * @throws A `SqlError` if a statement is refused, and a {@linkcode MigrationError} with code `CONFIG` if the place does not
 * do for them, or `CONNECTION_FAILED`.
 */
export async function traceAll({ live, ...request }: TraceRequest): Promise<Trace> {
  const migrations = await runSteps(request);
  if (live === undefined) return { migrations, worst: findWorst(migrations) };
  const objects = await readLiveObjects(live, migrations, request.signal);
  return { migrations, worst: findWorst(migrations, new Set(objects.map(({ object }) => object))), objects };
}

async function runSteps({ shadows, steps, signal }: TraceRequest): Promise<MigrationTrace[]> {
  if (steps.every(({ purpose }) => purpose !== "trace")) return [];
  const needs = requestOf(steps.map(({ migration }) => migration));
  await refuseObstacles(shadows, needs, steps);
  const shadow = await shadows.create(needs);
  let migrations: MigrationTrace[];
  try {
    migrations = await traceMigrations(shadow, steps, signal);
  } catch (error) {
    // What went wrong first is what a person needs to see.
    await shadow.drop().catch(() => undefined);
    throw error;
  }
  await shadow.drop();
  return migrations;
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
