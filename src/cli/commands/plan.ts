/**
 * `plan`: prints the SQL that `up` would run.
 *
 * @module
 */

import { Option } from "commander";
import type { Plan, PlanRequest } from "../../core/plan.ts";
import { planFields } from "../../report/json.ts";
import { spellProblems } from "../../report/advice.ts";
import { type CommentSql, formatPlan } from "../../report/plan.ts";
import { formatWarnings } from "../../report/problems.ts";
import type { CommandDefinition } from "../command.ts";
import type { CommandContext } from "../command_context.ts";
import type { CommandResult, Outcome } from "../command_result.ts";
import type { Output } from "../output.ts";
import { forEachDatabase } from "../run_databases.ts";
import { declareShadowUrl, shadowNeeds, type ShadowOptions } from "../shadow_flag.ts";
import type { Needs } from "../targets.ts";
import { wrongUsage } from "../usage_error.ts";

/** Prints the SQL that `up` would run. */
export const plan: CommandDefinition = {
  name: "plan",
  summary: "print the SQL that up would run, in order",
  topics: ["database", "databases", "files", "connection", "strictness", "output"],
  options: [
    new Option("--sync", "what sync would run"),
    new Option("--trace", "say beside the SQL what each statement locks, and for how long: see trace"),
    declareShadowUrl(),
  ],
  examples: ["plan", "plan --trace", "plan --sync", "plan --db analytics --json"],
  run: (context, { options }) => {
    const where = options as ShadowOptions;
    if (where.shadowUrl !== undefined && options.trace !== true) {
      throw wrongUsage("--shadow-url has no use without --trace");
    }
    const workplace = options.trace === true ? shadowNeeds(where) : {};
    return forEachDatabase(context, { database: "required", files: "required", ...workplace }, async (job) => {
      const request = { type: options.sync === true ? "sync" : "up" } as const;
      const plan = await job.runner.plan(request, { signal: job.signal });
      if (options.trace !== true) return describePlan(plan, context.output);
      // What only this flag needs is loaded by it alone.
      const { describeTracedPlan } = await import("../traced_plan.ts");
      return await describeTracedPlan(
        context,
        job,
        plan,
        where,
        (comment) => describePlan(plan, context.output, comment),
      );
    });
  },
};

/**
 * Plans what a command would do, for its `--dry-run`.
 *
 * @param context Host and flags.
 * @param request What is asked.
 * @param files Whether the command reads the folder of migrations.
 * @returns Its SQL, and that nothing was done.
 */
export function dryRun(context: CommandContext, request: PlanRequest, files: Needs["files"]): Promise<CommandResult> {
  return forEachDatabase(context, { database: "required", files }, async ({ runner, signal }) => {
    const { fields, ...outcome } = describePlan(await runner.plan(request, { signal }), context.output);
    return { ...outcome, fields: { ...fields, done: [] } };
  });
}

/**
 * Prints a plan instead of carrying it out.
 *
 * @param plan The plan.
 * @param output The emphasis.
 * @param comment What is said beside the SQL.
 * @returns Its SQL, and its warnings.
 */
function describePlan(plan: Plan, output: Output, comment?: CommentSql): Outcome {
  return {
    layout: "block",
    lines: formatPlan(plan, output.resultStyle, comment),
    warnings: formatWarnings(spellProblems(plan.warnings, output.commandLine(plan.db)), output.noteStyle),
    fields: planFields(plan),
  };
}
