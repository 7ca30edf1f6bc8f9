/**
 * `redo`: rolls back and applies again.
 *
 * @module
 */

import { Argument } from "commander";
import { countOf } from "../../report/wording.ts";
import type { CommandDefinition } from "../command.ts";
import { readCount } from "../flag_values.ts";
import { runDatabases } from "../run_databases.ts";

/** Rolls back the last migrations and applies them again, as the files are. */
export const redo: CommandDefinition = {
  name: "redo",
  summary: "roll back the last migration and apply it again",
  description: "Roll back the last migration, or the last N, and apply them again as the files are",
  arguments: [new Argument("[n]", "how many").argParser(readCount).default(1)],
  examples: ["redo", "redo 2"],
  run: (context, { args }) => {
    const request = { type: "redo", count: args[0] as number } as const;
    return runDatabases(context, {
      needs: { database: "required", files: "required" },
      prepare: ({ runner, signal }) => runner.plan(request, { signal }),
      execute: async ({ runner, signal, onEvent }, expected) => {
        if (expected.steps.length === 0) {
          return { layout: "summary", lines: ["Nothing to do: nothing is applied"], fields: { done: [] } };
        }
        const { done } = await runner.run(request, { signal, onEvent, expected });
        const count = done.filter(({ direction }) => direction === "up").length;
        const line = `Rolled back and applied ${countOf(count, "migration")}`;
        return { layout: "summary", lines: [line], fields: { done } };
      },
      failureFields: (done) => ({ done }),
    });
  },
};
