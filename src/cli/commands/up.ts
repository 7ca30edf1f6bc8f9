/**
 * `up`: applies pending migrations.
 *
 * @module
 */

import { Argument, InvalidArgumentError, Option } from "commander";
import { formatDuration } from "../../core/duration.ts";
import type { Done } from "../../core/event.ts";
import { checkMigrationName } from "../../core/name.ts";
import type { PlanRequest } from "../../core/plan.ts";
import { countOf } from "../../report/wording.ts";
import type { CommandDefinition, CommandInput } from "../command.ts";
import { readCount } from "../flag_values.ts";
import { forEachDatabase, runDatabases } from "../run_databases.ts";
import { wrongUsage } from "../usage_error.ts";
import { describePlan } from "./plan.ts";

/** Applies pending migrations. */
export const up: CommandDefinition = {
  name: "up",
  aliases: ["migrate", "apply", "deploy"],
  summary: "apply pending migrations",
  arguments: [new Argument("[n]", "how many; all if left out").argParser(readUpCount)],
  options: [
    new Option("--to <name>", "the last one to apply"),
    new Option("--dry-run", "print the SQL that would run, and run nothing"),
  ],
  examples: ["up", "up 1", "up --to 003_add_posts", "up --all-dbs --dry-run"],
  run: (context, input) => {
    const request = readRequest(input);
    const files = "required";
    if (input.options.dryRun === true) {
      return forEachDatabase(context, { database: "required", files }, async ({ runner, signal }) => {
        const { fields, ...outcome } = describePlan(await runner.plan(request, { signal }), context.output);
        return { ...outcome, fields: { ...fields, done: [] } };
      });
    }
    return runDatabases(context, {
      needs: { database: "required", files },
      prepare: () => Promise.resolve(),
      execute: async ({ runner, signal, onEvent }) => {
        const { done } = await runner.run(request, { signal, onEvent });
        return { layout: "summary", lines: [summarize(request, done)], fields: { done } };
      },
      failureFields: (done) => ({ done }),
    });
  },
};

/** What is asked for. */
type UpRequest = Extract<PlanRequest, { readonly type: "up" }>;

function readUpCount(text: string): number {
  if (checkMigrationName(text)) throw new InvalidArgumentError(`To end with a migration use --to ${text}`);
  return readCount(text);
}

function readRequest({ args, options }: CommandInput): UpRequest {
  const [count] = args as readonly [number | undefined];
  const { to } = options as { readonly to?: string };
  if (count !== undefined && to !== undefined) throw wrongUsage("Give either a number or --to");
  if (count !== undefined) return { type: "up", count };
  return to === undefined ? { type: "up" } : { type: "up", target: to };
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
