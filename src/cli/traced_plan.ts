/**
 * The work of `plan --trace`.
 *
 * @module
 */

import type { Plan, Step } from "../core/plan.ts";
import { positionAt } from "../core/position.ts";
import { remainderOf } from "../core/step_section.ts";
import type { CommentSql } from "../report/plan.ts";
import { formatWorst, traceFields } from "../report/trace.ts";
import { withComments } from "../report/trace_comments.ts";
import { liveOf } from "../report/trace_live.ts";
import type { CommandContext } from "./command_context.ts";
import type { Outcome } from "./command_result.ts";
import type { DatabaseJob } from "./database_job.ts";
import type { ShadowOptions } from "./shadow_flag.ts";
import { tracePlan } from "./trace_databases.ts";

/**
 * Prints a plan with what its statements lock.
 *
 * @param context Host and flags.
 * @param job The database.
 * @param plan The plan.
 * @param options Where to run it.
 * @param describe Prints the plan with comments.
 * @returns The plan, and which statement hurts most.
 */
export async function describeTracedPlan(
  context: CommandContext,
  job: DatabaseJob,
  plan: Plan,
  options: ShadowOptions,
  describe: (comment: CommentSql) => Outcome,
): Promise<Outcome> {
  const trace = await tracePlan(context, job, plan, options);
  const { resultStyle, noteStyle } = context.output;
  const live = liveOf(trace);
  const outcome = describe((lines, index) => {
    const traced = trace.migrations[index];
    if (traced === undefined) return lines;
    const source = { trace: traced, live, firstLine: firstLineOf(plan.steps[index]!) };
    return withComments(lines, source, resultStyle.yellow);
  });
  const { failure } = trace;
  const notes = plan.steps.length === 0
    ? []
    : formatWorst(trace, noteStyle, failure === undefined ? "whole" : "failed");
  return { ...outcome, notes, fields: { ...outcome.fields, trace: traceFields(trace) }, failure };
}

function firstLineOf(step: Step): number {
  return positionAt(step.migration.text, remainderOf(step).section.start).line;
}
