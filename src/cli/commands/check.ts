/**
 * `check`: what is wrong between files and database.
 *
 * @module
 */

import type { CommandDefinition } from "../command.ts";
import { forEachDatabase } from "../run_databases.ts";
import { describeFindings } from "./validate.ts";

/** Checks the files against the database. */
export const check: CommandDefinition = {
  name: "check",
  summary: "check the files against the database",
  topics: ["database", "databases", "files", "connection", "strictness", "output"],
  description: "Check the files against the database. Errors exit with 1; warnings alone with 0",
  examples: ["check", "check --strict --all-dbs"],
  run: (context) =>
    forEachDatabase(context, { database: "required", files: "required" }, async ({ db, runner, signal }) => {
      return describeFindings(await runner.check({ signal }), { db, subject: db }, context.output);
    }),
};
