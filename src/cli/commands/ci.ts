/**
 * `ci`: all that can be known of the files before a database sees them.
 *
 * @module
 */

import { Option } from "commander";
import type { CommandDefinition } from "../command.ts";
import { forEachDatabase } from "../run_databases.ts";
import { declareShadowUrl, shadowNeeds, type ShadowOptions } from "../shadow_flag.ts";
import { wrongUsage } from "../usage_error.ts";

/** Flags of the command itself. */
export interface CiOptions extends ShadowOptions {
  /** `--base`. */
  readonly base?: string;
}

/** Looks at the files in every way that needs no database of theirs. */
export const ci: CommandDefinition = {
  name: "ci",
  summary: "validate, lint, rehearse and dump --check in one",
  description: "validate, lint, rehearse and dump --check, with one report and one exit code: 1 if any finds something",
  topics: ["database", "databases", "files", "output"],
  options: [
    new Option("--base <ref>", "lint only files that are new since a commit of git"),
    declareShadowUrl(),
  ],
  examples: ["ci", "ci --all-dbs --base origin/main", "ci --json"],
  run: async (context, input) => {
    const options = input.options as CiOptions;
    if (context.flags.url !== undefined) {
      throw wrongUsage("--url has no use here", "Name a server to rehearse on with --shadow-url");
    }
    const [{ Checkup }, { formatCheckup }] = await Promise.all([
      import("../checkup.ts"),
      import("../../report/checkup.ts"),
    ]);
    const checkup = await Checkup.open(context, options);
    const needs = { database: "unused", files: "required", ...shadowNeeds(options) } as const;
    return await forEachDatabase(context, needs, async (job) => {
      const steps = await checkup.run(job);
      return {
        layout: "block",
        lines: formatCheckup(job.db, steps, context.output.resultStyle),
        fields: { steps: steps.map(({ name, state, fields }) => ({ name, state, ...fields })) },
        verdict: steps.some(({ state }) => state === "findings") ? "findings" : "done",
      };
    });
  },
};
