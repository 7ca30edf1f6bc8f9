/**
 * `up`: applies pending migrations.
 *
 * @module
 */

import { Argument, Option } from "commander";
import { formatDuration } from "../../core/duration.ts";
import type { Done } from "../../core/event.ts";
import { checkMigrationName } from "../../core/name.ts";
import type { PlanRequest } from "../../core/plan.ts";
import { countOf } from "../../report/wording.ts";
import type { CommandDefinition, CommandInput } from "../command.ts";
import type { CommandContext } from "../command_context.ts";
import { readMigrationCount } from "../migration_count.ts";
import { runDatabases } from "../run_databases.ts";
import { wrongUsage } from "../usage_error.ts";
import { dryRun } from "./plan.ts";

/** Applies pending migrations. */
export const up: CommandDefinition = {
  name: "up",
  aliases: ["migrate", "apply", "deploy"],
  summary: "apply pending migrations",
  topics: ["database", "databases", "files", "connection", "strictness", "run", "role", "lock", "output", "events"],
  arguments: [new Argument("[n]", "how many; all if left out")],
  options: [
    new Option("--to <name>", "the last one to apply"),
    new Option("--dry-run", "print the SQL that would run, and run nothing"),
  ],
  examples: ["up", "up 1", "up --to 003_add_posts", "up --all-dbs --dry-run"],
  run: async (context, input) => {
    const request = await readRequest(context, input);
    const files = "required";
    if (input.options.dryRun === true) return await dryRun(context, request, files);
    return await runDatabases(context, {
      needs: { database: "required", files },
      opens: "write",
      prepare: () => Promise.resolve(),
      execute: async ({ dir, runner, signal, onEvent }) => {
        const { done, warnings, totalFiles } = await runner.run(request, { signal, onEvent });
        const fields = { done, warnings };
        if (done.length > 0 || totalFiles > 0) {
          return { layout: "summary", lines: [summarize(request, done)], fields };
        }
        // Most often the files were left out of an image, or lie in another folder.
        return { layout: "summary", lines: [`Nothing to do: there is no migration in "${dir}"`], fields };
      },
      failureFields: (done) => ({ done }),
    });
  },
};

/** What is asked for. */
type UpRequest = Extract<PlanRequest, { readonly type: "up" }>;

async function readRequest(context: CommandContext, { args, options }: CommandInput): Promise<UpRequest> {
  const [text] = args as readonly [string | undefined];
  const { to } = options as { readonly to?: string };
  if (text !== undefined && to !== undefined) throw wrongUsage("Give either a number or --to");
  if (text === undefined) return to === undefined ? { type: "up" } : { type: "up", target: to };
  if (checkMigrationName(text)) {
    throw wrongUsage(`Invalid argument "${text}"`, `To end with a migration use --to ${text}`);
  }
  const count = await readMigrationCount(context, text, {
    named: (name) => `up --to ${name}`,
    counted: (count) => `up ${count}`,
    which: "next",
  });
  return { type: "up", count };
}

function summarize(request: UpRequest, done: readonly Done[]): string {
  if (done.length > 0) {
    const ms = done.reduce((sum, { durationMs }) => sum + durationMs, 0);
    return `Applied ${countOf(done.length, "migration")} in ${formatDuration(ms)}`;
  }
  return request.target === undefined
    ? "Nothing to do: no migration is pending"
    : `Nothing to do: everything up to ${request.target} is applied`;
}
