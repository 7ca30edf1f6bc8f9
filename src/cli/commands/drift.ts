/**
 * `drift`: what a database holds beside what its history says.
 *
 * @module
 */

import type { CommandDefinition } from "../command.ts";
import { forEachDatabase } from "../run_databases.ts";
import { declareShadowUrl, openShadows, shadowNeeds, type ShadowOptions } from "../shadow_flag.ts";

/** Compares a database with what its history says. */
export const drift: CommandDefinition = {
  name: "drift",
  summary: "find what was changed behind the migrations' back",
  description:
    "Compare the database with what the migrations in its history make of an empty one. The database is only read, files are not",
  topics: ["database", "databases", "connection", "role", "output"],
  options: [declareShadowUrl()],
  examples: ["drift", "drift --all-dbs --json", "drift --role app_owner"],
  run: (context, input) => {
    const options = input.options as ShadowOptions;
    const needs = { database: "required", files: "unused", ...shadowNeeds(options) } as const;
    return forEachDatabase(context, needs, async (job) => {
      const [{ findDrift }, { adviseOnDrift, driftFields, formatDrift }] = await Promise.all([
        import("../../rehearsal/drift.ts"),
        import("../../report/drift.ts"),
      ]);
      const shadows = await openShadows(context, job, options);
      const found = await findDrift(job.runner, { shadows, signal: job.signal, onEvent: job.onEvent });
      return {
        layout: "block",
        lines: formatDrift(found, context.output.resultStyle),
        notes: adviseOnDrift(found, { commandLine: context.output.commandLine(job.db), role: context.flags.role }),
        fields: driftFields(found),
        verdict: found.ok ? "done" : "findings",
      };
    });
  },
};
