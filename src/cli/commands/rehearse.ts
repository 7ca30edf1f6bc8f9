/**
 * `rehearse`: tries migrations out, and proves their rollbacks.
 *
 * @module
 */

import { Option } from "commander";
import type { CommandDefinition } from "../command.ts";
import type { CommandContext } from "../command_context.ts";
import type { Outcome } from "../command_result.ts";
import type { DatabaseJob } from "../database_job.ts";
import { forEachDatabase } from "../run_databases.ts";
import { declareShadowUrl, openShadows, shadowNeeds, type ShadowOptions } from "../shadow_flag.ts";
import { wrongUsage } from "../usage_error.ts";

/** Tries migrations out, and proves their rollbacks. */
export const rehearse: CommandDefinition = {
  name: "rehearse",
  aliases: ["test"],
  summary: "try migrations out, and prove their rollbacks",
  description:
    "Apply each migration to a database made for it, roll it back, compare the schemas and apply it again. Needs no server",
  topics: ["database", "databases", "files", "connection", "role", "output", "events"],
  options: [
    new Option("--pending", "only what the database lacks; it is only read"),
    declareShadowUrl(),
  ],
  examples: [
    "rehearse",
    "rehearse --pending --url postgres://me@localhost/app",
    "rehearse --shadow-url postgres://me@localhost/postgres",
  ],
  run: (context, input) => {
    const options = input.options as ShadowOptions & { readonly pending?: true };
    if (context.flags.url !== undefined && options.pending !== true) {
      throw wrongUsage("--url has no use without --pending", "Name a server to rehearse on with --shadow-url");
    }
    const database = options.pending === true ? "required" : "unused";
    return forEachDatabase(
      context,
      { database, files: "required", ...shadowNeeds(options) },
      (job) => rehearseJob(context, job, options),
    );
  },
};

/**
 * Rehearses one database.
 *
 * @param context Host and engines.
 * @param job The database.
 * @param options Which migrations, and where.
 * @returns What it came to.
 */
export async function rehearseJob(
  context: CommandContext,
  job: DatabaseJob,
  options: ShadowOptions & { readonly pending?: true },
): Promise<Outcome> {
  const { db, runner, signal, onEvent } = job;
  const [{ rehearseFolder }, { formatRehearsal, rehearsalFields }] = await Promise.all([
    import("../../rehearsal/rehearse_folder.ts"),
    import("../../report/rehearsal.ts"),
  ]);
  const shadows = await openShadows(context, job, options);
  const scope = options.pending === true ? "pending" : "all";
  const rehearsal = await rehearseFolder(runner, { shadows, scope, signal, onEvent });
  const { output } = context;
  return {
    layout: "block",
    lines: formatRehearsal(rehearsal, { style: output.resultStyle, commandLine: output.commandLine(db) }),
    fields: rehearsalFields(rehearsal),
    verdict: rehearsal.ok ? "done" : "findings",
  };
}
