/**
 * `validate`: what is wrong with the files alone.
 *
 * @module
 */

import { parseFileName } from "../../core/name.ts";
import type { Problem } from "../../core/problem.ts";
import { spellProblems } from "../../report/advice.ts";
import { problemFields } from "../../report/json.ts";
import { countProblems, formatProblems } from "../../report/problems.ts";
import type { CommandDefinition } from "../command.ts";
import type { Outcome } from "../command_result.ts";
import type { Output } from "../output.ts";
import { forEachDatabase } from "../run_databases.ts";

/** Checks the files, without a database. */
export const validate: CommandDefinition = {
  name: "validate",
  summary: "check the files, without a database",
  topics: ["database", "databases", "files", "output"],
  description: "Check the files, without a database. Errors exit with 1; warnings alone with 0",
  examples: ["validate", "validate --all-dbs"],
  run: (context) =>
    forEachDatabase(context, { database: "unused", files: "required" }, async ({ db, dir, runner }) => {
      const outcome = describeFindings(await runner.validate(), { db, subject: dir }, context.output);
      const isEmpty = outcome.lines.length === 1 && !(await context.host.files.list(dir)).some(parseFileName);
      if (!isEmpty) return outcome;
      return {
        ...outcome,
        lines: [`${dir}: no migrations`],
        notes: [`Next: ${context.output.commandLine(db)('new "first tables"')}`],
      };
    }),
};

/**
 * Prints findings.
 *
 * @param problems The findings.
 * @param of The database, and what of it was looked at.
 * @param output The emphasis.
 * @returns Them and their number; findings only if any is an error.
 */
export function describeFindings(
  problems: readonly Problem[],
  { db, subject }: { readonly db: string; readonly subject: string },
  output: Output,
): Outcome {
  const spelled = spellProblems(problems, output.commandLine(db));
  return {
    layout: "block",
    lines: [...formatProblems(spelled, output.resultStyle), `${subject}: ${countProblems(problems).toLowerCase()}`],
    fields: { problems: problems.map(problemFields) },
    verdict: problems.some((problem) => problem.severity === "error") ? "findings" : "done",
  };
}
