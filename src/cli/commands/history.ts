/**
 * `history`: everything that ever happened.
 *
 * @module
 */

import { formatHistory } from "../../report/history.ts";
import type { CommandDefinition } from "../command.ts";
import { forEachDatabase } from "../run_databases.ts";

/** Lists the log: what was applied, rolled back, repaired, and what failed. */
export const history: CommandDefinition = {
  name: "history",
  summary: "list everything that was applied, rolled back, repaired or failed",
  topics: ["database", "databases", "connection", "output"],
  examples: ["history", "history --db analytics --json"],
  run: (context) =>
    forEachDatabase(context, { database: "required", files: "unused" }, async ({ db, runner, signal }) => {
      const entries = await runner.history({ signal });
      return {
        layout: "block",
        lines: formatHistory(db, entries, context.output.resultStyle),
        fields: { history: entries.map((entry) => ({ ...entry, at: entry.at.toISOString() })) },
      };
    }),
};
