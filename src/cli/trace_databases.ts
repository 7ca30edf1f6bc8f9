/**
 * The work of `trace`, and of `plan --trace`.
 *
 * @module
 */

import type { Database } from "../core/database.ts";
import type { Plan } from "../core/plan.ts";
import { formatTrace, traceFields } from "../report/trace.ts";
import type { Trace } from "../trace/trace.ts";
import { traceAll } from "../trace/trace_all.ts";
import type { TraceStep } from "../trace/trace_migrations.ts";
import { traceSteps } from "../trace/trace_steps.ts";
import type { CommandContext } from "./command_context.ts";
import type { CommandResult } from "./command_result.ts";
import type { DatabaseJob } from "./database_job.ts";
import { forEachDatabase } from "./run_databases.ts";

/**
 * Traces migrations of each database.
 *
 * @param context Host and flags.
 * @param names Which ones; all, or with a URL what is pending, if none is named.
 * @returns What they lock.
 */
export function traceDatabases(context: CommandContext, names: readonly string[]): Promise<CommandResult> {
  const database = context.flags.url === undefined ? "unused" : "required";
  return forEachDatabase(context, { database, files: "required" }, async (job) => {
    const steps = database === "unused"
      ? traceSteps({ applied: [], pending: await job.runner.migrations(), names })
      : await liveSteps(job, names);
    const found = await runSteps(context, job, steps);
    return {
      layout: "block",
      lines: formatTrace(job.db, found, context.output.resultStyle),
      fields: traceFields(found),
    };
  });
}

/**
 * Traces what a plan would run, after all that is applied.
 *
 * @param context Host and flags.
 * @param job The database of the plan.
 * @param plan The plan.
 * @returns What it locks, one migration for each of its steps.
 */
export async function tracePlan(context: CommandContext, job: DatabaseJob, plan: Plan): Promise<Trace> {
  if (plan.steps.length === 0) return { migrations: [], worst: undefined };
  const applied = await job.runner.appliedMigrations({ signal: job.signal });
  return await runSteps(context, job, [
    ...applied.map((migration): TraceStep => ({ migration, direction: "up", purpose: "prepare" })),
    ...plan.steps.map(({ migration, direction }): TraceStep => ({ migration, direction, purpose: "trace" })),
  ]);
}

async function liveSteps({ runner, signal }: DatabaseJob, names: readonly string[]): Promise<TraceStep[]> {
  const plan = await runner.plan({ type: "up" }, { signal });
  const applied = await runner.appliedMigrations({ signal });
  return traceSteps({ applied, pending: plan.steps.map(({ migration }) => migration), names });
}

async function runSteps(context: CommandContext, job: DatabaseJob, steps: readonly TraceStep[]): Promise<Trace> {
  const scratch = openEmbedded(context, job.db);
  try {
    return await traceAll({ scratch, steps, live: job.database, signal: job.signal });
  } finally {
    await scratch.close();
  }
}

function openEmbedded({ engines, host, env }: CommandContext, dbName: string): Database {
  return engines.openDatabase("pglite:", { platform: { ...host.platform, env }, dbName, onWarning: () => {} });
}
