/**
 * `lint`: what of the migrations locks tables for long, loses data, or breaks code that runs.
 *
 * @module
 */

import { Argument, Option } from "commander";
import type { CommandDefinition } from "../command.ts";
import type { LintSeverity } from "../../lint/rule.ts";
import { forEachDatabase } from "../run_databases.ts";

/** What `lint` was asked for. */
export interface LintOptions {
  /** `--format`. */
  readonly format: "text" | "json" | "github" | "sarif";
  /** `--base`. */
  readonly base?: string;
  /** `--fix`. */
  readonly fix?: true;
  /** `--fail-on`. */
  readonly failOn?: LintSeverity;
  /** `--server-version`. */
  readonly serverVersion?: string;
}

/** Looks for hazards in the files, without a database. */
export const lint: CommandDefinition = {
  name: "lint",
  summary: "look for hazards in the files, without a database",
  topics: ["database", "databases", "files", "connection", "output"],
  description:
    "Look for locks, losses and breakage in the files. No database is asked, unless --url names one: then only " +
    "what that has not is looked at. Errors exit with 1, what is lighter only with --fail-on",
  arguments: [new Argument("[names...]", "migrations to look at (default: all)")],
  options: [
    new Option("--format <format>", "how").choices(["text", "json", "github", "sarif"]).default("text"),
    new Option("--base <ref>", "look only at files that are new since a commit of git"),
    new Option("--fix", "rewrite what can be rewritten without a thought: CONCURRENTLY, NOT VALID and VALIDATE"),
    new Option("--fail-on <weight>", "the lightest finding that exits with 1").choices(["error", "warning", "note"]),
    new Option("--server-version <version>", "the oldest PostgreSQL that they run on, as in 14 or 16.2"),
  ],
  examples: ["lint", "lint --base origin/main --format github", "lint --fail-on warning", "lint 014_add_orders"],
  run: async (context, { args, options }) => {
    const { Linter } = await import("../linter.ts");
    const names = (args[0] ?? []) as readonly string[];
    const linter = await Linter.open(context, { names, options: options as unknown as LintOptions });
    const database = context.flags.url === undefined ? "unused" : "required";
    const result = await forEachDatabase(context, { database, files: "required" }, (job) => linter.run(job));
    linter.finish(result);
    return result;
  },
};
