/**
 * `baseline`: records migrations as applied without running them.
 *
 * @module
 */

import { Option } from "commander";
import { countOf, listNames } from "../../report/wording.ts";
import type { CommandDefinition } from "../command.ts";
import type { Confirmation } from "../confirm.ts";
import { forEachDatabase, runDatabases } from "../run_databases.ts";

/** Records a migration and all before it as applied. */
export const baseline: CommandDefinition = {
  name: "baseline",
  aliases: ["stamp"],
  summary: "record migrations as applied without running them",
  description: "Record a migration and all before it as applied, without running them: for a database that has them " +
    "already. Refused if anything is applied",
  topics: ["database", "databases", "files", "connection", "lock", "question", "output"],
  options: [
    new Option("--to <name>", "the last one to record").makeOptionMandatory(),
    new Option("--dry-run", "print what would be recorded, and write nothing"),
  ],
  examples: ["baseline --to 007_add_orders --dry-run", "baseline --to 007_add_orders"],
  run: (context, { options }) => {
    const { to, dryRun } = options as { readonly to: string; readonly dryRun?: true };
    const needs = { database: "required", files: "required" } as const;
    if (dryRun) {
      return forEachDatabase(context, needs, async ({ runner, signal }) => {
        const { names } = await runner.planBaseline(to, { signal });
        const line = `Would record as applied, without running: ${listNames(names)}`;
        return { layout: "line", lines: [line], fields: { planned: names, recorded: [] } };
      });
    }
    return runDatabases(context, {
      needs,
      prepare: ({ runner, signal }) => runner.planBaseline(to, { signal }),
      confirm: confirmation,
      execute: async ({ runner, signal, onEvent }, expected) => {
        const names = await runner.baseline(to, { signal, onEvent, expected });
        const line = `Recorded ${countOf(names.length, "migration")} as applied`;
        return { layout: "summary", lines: [line], fields: { recorded: names } };
      },
    });
  },
};

function confirmation(
  plans: readonly { readonly db: string; readonly value: { readonly names: readonly string[] } }[],
): Confirmation | undefined {
  const count = plans.reduce((sum, { value }) => sum + value.names.length, 0);
  if (count === 0) return undefined;
  return {
    lines: plans.map(({ db, value }) => `${db}: record as applied, without running: ${listNames(value.names)}`),
    question: `Record ${countOf(count, "migration")}?`,
  };
}
