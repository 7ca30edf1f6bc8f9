/**
 * The work of `trace`, and of `plan --trace`.
 *
 * @module
 */

import type { Migration } from "../core/migration.ts";
import type { Plan } from "../core/plan.ts";
import { formatTrace, traceFields } from "../report/trace.ts";
import { readAppliedMigrations } from "../runner/inspect.ts";
import { runnerAccess } from "../runner/runner.ts";
import { traceAll, type TraceEnd } from "../trace/trace_all.ts";
import type { TraceStep } from "../trace/trace_migrations.ts";
import { traceSteps } from "../trace/trace_steps.ts";
import type { CommandContext } from "./command_context.ts";
import type { CommandResult } from "./command_result.ts";
import type { DatabaseJob } from "./database_job.ts";
import { forEachDatabase } from "./run_databases.ts";
import { openShadows, shadowNeeds, type ShadowOptions } from "./shadow_flag.ts";

/**
 * Traces migrations of each database.
 *
 * @param context Host and flags.
 * @param names Which ones; all, or with a URL what is pending, if none is named.
 * @param options Where to run them.
 * @returns What they lock.
 */
export function traceDatabases(
  context: CommandContext,
  names: readonly string[],
  options: ShadowOptions,
): Promise<CommandResult> {
  const database = context.flags.url === undefined ? "unused" : "required";
  return forEachDatabase(context, { database, files: "required", ...shadowNeeds(options) }, async (job) => {
    const steps = database === "unused"
      ? traceSteps({ applied: [], pending: await job.runner.migrations(), names })
      : await liveSteps(job, names);
    const shadows = await openShadows(context, job, options);
    const found = await traceAll({ shadows, steps, live: job.database, signal: job.signal });
    const { failure } = found;
    return {
      layout: "block",
      lines: formatTrace(job.db, found, context.output.resultStyle, failure === undefined ? "whole" : "failed"),
      fields: traceFields(found),
      failure,
    };
  });
}

/**
 * Traces what a plan would run, after all that is applied.
 *
 * @param context Host and flags.
 * @param job The database of the plan.
 * @param plan The plan.
 * @param options Where to run it.
 * @returns What it locks, one migration for each of its steps, those before a failure alone.
 */
export async function tracePlan(
  context: CommandContext,
  job: DatabaseJob,
  plan: Plan,
  options: ShadowOptions,
): Promise<TraceEnd> {
  const { signal, database: live } = job;
  if (plan.steps.length === 0) return { migrations: [], worst: undefined };
  const applied = await readApplied(job);
  const steps = [
    ...applied.map((migration): TraceStep => ({ migration, direction: "up", purpose: "prepare" })),
    ...plan.steps.map(({ migration, direction, unitsDone }): TraceStep => ({
      migration,
      direction,
      unitsDone,
      purpose: "trace",
    })),
  ];
  return await traceAll({ shadows: await openShadows(context, job, options), steps, live, signal });
}

async function readApplied({ runner, signal }: DatabaseJob): Promise<readonly Migration[]> {
  return await readAppliedMigrations(runnerAccess().context(runner, { signal }));
}

async function liveSteps(job: DatabaseJob, names: readonly string[]): Promise<TraceStep[]> {
  const plan = await job.runner.plan({ type: "up" }, { signal: job.signal });
  const applied = await readApplied(job);
  const done = new Map(plan.steps.map(({ name, unitsDone }) => [name, unitsDone]));
  return traceSteps({ applied, pending: plan.steps.map(({ migration }) => migration), names })
    .map((step) => ({ ...step, unitsDone: done.get(step.migration.name) ?? 0 }));
}
