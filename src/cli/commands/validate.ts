/**
 * `validate`: what is wrong with the files alone.
 *
 * @module
 */

import type { Problem } from "../../core/problem.ts";
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
  description: "Check the files, without a database. Errors exit with 1; warnings alone with 0",
  examples: ["validate", "validate --all-dbs"],
  run: (context) =>
    forEachDatabase(context, { database: "unused", files: "required" }, async ({ dir, runner }) => {
      return describeFindings(await runner.validate(), dir, context.output);
    }),
};

/**
 * Prints findings.
 *
 * @param problems The findings.
 * @param subject What was looked at.
 * @param output The emphasis.
 * @returns Them and their number; findings only if any is an error.
 */
export function describeFindings(problems: readonly Problem[], subject: string, output: Output): Outcome {
  return {
    layout: "block",
    lines: [...formatProblems(problems, output.resultStyle), `${subject}: ${countProblems(problems).toLowerCase()}`],
    fields: { problems: problems.map(problemFields) },
    verdict: problems.some((problem) => problem.severity === "error") ? "findings" : "done",
  };
}
