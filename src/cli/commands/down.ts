/**
 * `down`: rolls back.
 *
 * @module
 */

import { Argument, Option } from "commander";
import { formatDuration } from "../../core/duration.ts";
import type { PlanRequest } from "../../core/plan.ts";
import { countOf } from "../../report/wording.ts";
import type { CommandDefinition, CommandInput } from "../command.ts";
import type { Confirmation } from "../confirm.ts";
import { confirmPlans, countSteps, type DatabasePlan } from "../confirm_plans.ts";
import type { CommandContext } from "../command_context.ts";
import { readMigrationCount } from "../migration_count.ts";
import { runDatabases } from "../run_databases.ts";
import { wrongUsage } from "../usage_error.ts";
import { dryRun } from "./plan.ts";

/** Rolls back the last migration, or others. */
export const down: CommandDefinition = {
  name: "down",
  aliases: ["rollback", "revert", "undo"],
  summary: "roll back the last migration, or others",
  description: "Roll back the last migration, the last N, one by name, or everything after one",
  topics: ["database", "databases", "files", "connection", "run", "role", "lock", "question", "output", "events"],
  arguments: [new Argument("[n-or-name]", "how many, or which; the last one if left out")],
  options: [
    new Option("--to <name>", "roll back everything applied after this one, which stays; 0 for everything"),
    new Option("--cascade", "roll back what depends on NAME, too"),
    new Option("--dry-run", "print the SQL that would run, and run nothing"),
  ],
  examples: ["down", "down 2", "down 002_add_users --cascade", "down --to 001_roles", "down --to 0 --yes"],
  run: async (context, input) => {
    const request = await readRequest(context, input);
    // What runs is in the history: a rollback must not need files that may be gone.
    const files = "unused";
    if (input.options.dryRun === true) return await dryRun(context, request, files);
    return await runDatabases(context, {
      needs: { database: "required", files },
      prepare: ({ runner, signal }) => runner.plan(request, { signal }),
      confirm: (plans) => confirmation(plans, input.options.cascade === true),
      execute: async ({ runner, signal, onEvent, note }, expected) => {
        const { steps } = expected;
        if (steps.length === 0) {
          return { layout: "summary", lines: ["Nothing to roll back"], fields: { done: [] } };
        }
        if (steps.length === 1) note([`Rolling back ${steps[0]!.name}`]);
        const { done, warnings } = await runner.run(request, { signal, onEvent, expected });
        const ms = done.reduce((sum, { durationMs }) => sum + durationMs, 0);
        const line = `Rolled back ${countOf(done.length, "migration")} in ${formatDuration(ms)}`;
        return { layout: "summary", lines: [line], fields: { done, warnings } };
      },
      failureFields: (done) => ({ done }),
    });
  },
};

async function readRequest(context: CommandContext, { args, options }: CommandInput): Promise<PlanRequest> {
  const [which] = args as readonly [string | undefined];
  const { to, cascade } = options as { readonly to?: string; readonly cascade?: true };
  if (which !== undefined && to !== undefined) throw wrongUsage("Give either what to roll back or --to");
  const isName = which !== undefined && !/^\d+$/.test(which);
  const count = which === undefined || isName ? 1 : await readMigrationCount(context, which, {
    named: (name) => `down ${name}`,
    counted: (count) => `down ${count}`,
    which: "last",
  });
  if (cascade && !isName) throw wrongUsage("--cascade needs the NAME of a migration");
  if (to !== undefined) return { type: "down", to };
  return isName ? { type: "down", name: which, dependents: cascade ? "cascade" : "refuse" } : { type: "down", count };
}

/** One step is what was typed; more of them, or those that came along, are worth a question. */
function confirmation(plans: readonly DatabasePlan[], cascade: boolean): Confirmation | undefined {
  const steps = countSteps(plans);
  return steps === 1 && !cascade ? undefined : confirmPlans(plans, `Roll back ${countOf(steps, "migration")}?`);
}
