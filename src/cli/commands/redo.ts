/**
 * `redo`: rolls back and applies again.
 *
 * @module
 */

import { Argument } from "commander";
import { countOf } from "../../report/wording.ts";
import type { CommandDefinition } from "../command.ts";
import { readMigrationCount } from "../migration_count.ts";
import { runDatabases } from "../run_databases.ts";

/** Rolls back the last migrations and applies them again, as the files are. */
export const redo: CommandDefinition = {
  name: "redo",
  summary: "roll back the last migration and apply it again",
  description: "Roll back the last migration, or the last N, and apply them again as the files are",
  topics: ["database", "databases", "files", "connection", "strictness", "run", "role", "lock", "output", "events"],
  arguments: [new Argument("[n]", "how many").default("1")],
  examples: ["redo", "redo 2"],
  run: async (context, { args }) => {
    const count = await readMigrationCount(context, args[0] as string, {
      named: undefined,
      counted: (count) => `redo ${count}`,
      which: "last",
    });
    const request = { type: "redo", count } as const;
    return await runDatabases(context, {
      needs: { database: "required", files: "required" },
      prepare: ({ runner, signal }) => runner.plan(request, { signal }),
      execute: async ({ runner, signal, onEvent }, expected) => {
        if (expected.steps.length === 0) {
          return { layout: "summary", lines: ["Nothing to do: nothing is applied"], fields: { done: [] } };
        }
        const { done, warnings } = await runner.run(request, { signal, onEvent, expected });
        const count = done.filter(({ direction }) => direction === "up").length;
        const line = `Rolled back and applied ${countOf(count, "migration")}`;
        return { layout: "summary", lines: [line], fields: { done, warnings } };
      },
      failureFields: (done) => ({ done }),
    });
  },
};
