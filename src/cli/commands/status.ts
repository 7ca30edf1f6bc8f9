/**
 * `status`: how files and database stand to each other.
 *
 * @module
 */

import { Option } from "commander";
import { isSameMigration, type MigrationStatus } from "../../core/status.ts";
import { type CommandLine, spellProblems } from "../../report/advice.ts";
import { problemFields, statusFields } from "../../report/json.ts";
import { besideRetryOf } from "../../report/passing_failure.ts";
import { formatWarnings } from "../../report/problems.ts";
import { formatStatus } from "../../report/status.ts";
import type { CommandDefinition } from "../command.ts";
import { forEachDatabase } from "../run_databases.ts";

/** Shows what is applied, what is pending, and what is not as it should be. */
export const status: CommandDefinition = {
  name: "status",
  aliases: ["info", "list"],
  summary: "show what is applied and what is pending",
  topics: ["database", "databases", "files", "connection", "output"],
  options: [new Option("--exit-code", "exit with 1 if anything is pending")],
  examples: ["status", "status --all-dbs", "status --exit-code --json"],
  run: (context, { options }) =>
    forEachDatabase(context, { database: "required", files: "required" }, async ({ db, runner, signal }) => {
      const status = await runner.getStatus({ signal });
      const warnings = status.pending.flatMap((migration) => migration.warnings);
      const commandLine = context.output.commandLine(db);
      const advice = advise(status, commandLine);
      return {
        layout: "block",
        lines: formatStatus(status, context.output.resultStyle),
        notes: [
          ...formatWarnings(spellProblems(warnings, commandLine), context.output.noteStyle),
          ...(advice === undefined ? [] : [`Next: ${advice}`]),
        ],
        fields: { ...statusFields(status), warnings: warnings.map(problemFields) },
        verdict: options.exitCode === true && !status.isUpToDate ? "findings" : "done",
      };
    }, "read"),
};

/** The next step, if there is one. */
function advise(status: MigrationStatus, command: CommandLine): string | undefined {
  if (status.totalFiles === 0 && status.applied.length === 0) return command('new "first tables"');
  const partial = [...status.failed, ...status.missing].find((record) => record.partial === "down");
  if (partial !== undefined) return `Finish the rollback with ${command(`down ${partial.name}`)}`;
  if (status.changed.length > 0) return `Restore what was edited, or accept it with ${command("repair")}`;
  if (status.renamed.some((difference) => !isSameMigration(difference))) {
    return `Give a file that is another migration a version of its own; ${command("check")} tells which`;
  }
  if (status.renamed.length > 0) return `Restore the file name, or record the new one with ${command("repair")}`;
  const open = status.failed.find((record) => record.unitState === "started");
  if (open !== undefined) {
    const resume = `${command("up")} goes on with ${open.name}, or says what a person has to decide`;
    return `See whether it still runs with ${command("lock status")}; if not, ${resume}`;
  }
  const stopped = status.failed.find((record) => record.partial === "up" && record.error === null);
  if (stopped !== undefined) return `Finish ${stopped.name} with ${command("up")}`;
  const [failed] = status.failed;
  if (failed !== undefined) {
    const more = besideRetryOf(failed.error ?? "");
    return more === undefined ? `Mend ${failed.name}, then run ${command("up")}` : `Run ${command("up")} again${more}`;
  }
  return status.isUpToDate ? undefined : command("up");
}
