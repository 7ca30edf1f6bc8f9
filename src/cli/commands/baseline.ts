/**
 * `baseline`: records migrations as applied without running them.
 *
 * @module
 */

import { Option } from "commander";
import { countOf, listNames } from "../../report/wording.ts";
import type { CommandDefinition } from "../command.ts";
import { runDatabases } from "../run_databases.ts";

/** Records a migration and all before it as applied. */
export const baseline: CommandDefinition = {
  name: "baseline",
  aliases: ["stamp"],
  summary: "record migrations as applied without running them",
  description: "Record a migration and all before it as applied, without running them: for a database that has them " +
    "already. Refused if anything is applied",
  options: [new Option("--to <name>", "the last one to record").makeOptionMandatory()],
  examples: ["baseline --to 007_add_orders"],
  run: (context, { options }) => {
    const { to } = options as { readonly to: string };
    return runDatabases(context, {
      needs: { database: "required", files: "required" },
      prepare: ({ runner, signal }) => runner.planBaseline(to, { signal }),
      confirm: (plans) => {
        const count = plans.reduce((sum, { value }) => sum + value.names.length, 0);
        if (count === 0) return undefined;
        return {
          lines: plans.map(({ db, value }) => `${db}: record as applied, without running: ${listNames(value.names)}`),
          question: `Record ${countOf(count, "migration")}?`,
        };
      },
      execute: async ({ runner, signal, onEvent }, expected) => {
        const names = await runner.baseline(to, { signal, onEvent, expected });
        const line = `Recorded ${countOf(names.length, "migration")} as applied`;
        return { layout: "summary", lines: [line], fields: { recorded: names } };
      },
    });
  },
};
