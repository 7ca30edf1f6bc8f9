/**
 * `plan`: prints the SQL that `up` would run.
 *
 * @module
 */

import { Option } from "commander";
import type { Plan, PlanRequest } from "../../core/plan.ts";
import { planFields } from "../../report/json.ts";
import { spellProblems } from "../../report/advice.ts";
import { formatPlan } from "../../report/plan.ts";
import { formatWarnings } from "../../report/problems.ts";
import type { CommandDefinition } from "../command.ts";
import type { CommandContext } from "../command_context.ts";
import type { CommandResult, Outcome } from "../command_result.ts";
import type { Output } from "../output.ts";
import { commandLineFor } from "../product.ts";
import { forEachDatabase } from "../run_databases.ts";
import type { Needs } from "../targets.ts";

/** Prints the SQL that `up` would run. */
export const plan: CommandDefinition = {
  name: "plan",
  summary: "print the SQL that up would run, in order",
  topics: ["database", "databases", "files", "connection", "strictness", "output"],
  options: [new Option("--sync", "what sync would run")],
  examples: ["plan", "plan --sync", "plan --db analytics --json"],
  run: (context, { options }) =>
    forEachDatabase(context, { database: "required", files: "required" }, async ({ runner, signal }) => {
      const request = { type: options.sync === true ? "sync" : "up" } as const;
      return describePlan(await runner.plan(request, { signal }), context.output);
    }),
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
 * @returns Its SQL, and its warnings.
 */
function describePlan(plan: Plan, output: Output): Outcome {
  return {
    layout: "block",
    lines: formatPlan(plan, output.resultStyle),
    warnings: formatWarnings(spellProblems(plan.warnings, commandLineFor(plan.db)), output.noteStyle),
    fields: planFields(plan),
  };
}
