/**
 * `sync`: brings a database to exactly what the folder holds.
 *
 * @module
 */

import { countOf } from "../../report/wording.ts";
import type { CommandDefinition } from "../command.ts";
import { confirmPlans, countSteps } from "../confirm_plans.ts";
import { runDatabases } from "../run_databases.ts";

/** Rolls back what has no file, then applies what is pending. */
export const sync: CommandDefinition = {
  name: "sync",
  summary: "roll back what has no file, then apply what is pending",
  description:
    "Bring the database to exactly what the folder holds: roll back applied migrations whose files are gone, " +
    "newest first, then apply pending ones. plan --sync shows what it would do",
  topics: [
    "database",
    "databases",
    "files",
    "connection",
    "strictness",
    "run",
    "role",
    "lock",
    "question",
    "output",
    "events",
  ],
  examples: ["sync", "sync --yes", "plan --sync"],
  run: (context) =>
    runDatabases(context, {
      needs: { database: "required", files: "required" },
      prepare: ({ runner, signal }) => runner.plan({ type: "sync" }, { signal }),
      confirm: (plans) => confirmPlans(plans, `Make ${countOf(countSteps(plans), "step")}?`),
      execute: async ({ runner, signal, onEvent }, expected) => {
        if (expected.steps.length === 0) {
          const lines = ["Nothing to do: the database holds what the folder holds"];
          return { layout: "summary", lines, fields: { done: [], warnings: expected.warnings } };
        }
        const { done, warnings } = await runner.run({ type: "sync" }, { signal, onEvent, expected });
        const down = done.filter(({ direction }) => direction === "down").length;
        const line = `Rolled back ${countOf(down, "migration")}, applied ${done.length - down}`;
        return { layout: "summary", lines: [line], fields: { done, warnings } };
      },
      failureFields: (done) => ({ done }),
    }),
};
