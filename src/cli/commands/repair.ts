/**
 * `repair`: brings the history in line with the files.
 *
 * @module
 */

import { Option } from "commander";
import { describeRepair } from "../../report/repair.ts";
import { countOf } from "../../report/wording.ts";
import type { CommandDefinition } from "../command.ts";
import { collect, readUnit, type UnitName } from "../flag_values.ts";
import { forEachDatabase, runDatabases } from "../run_databases.ts";

/** The flags of `repair`. */
interface RepairOptions {
  readonly forget?: readonly string[];
  readonly done?: UnitName;
  readonly again?: UnitName;
  readonly dryRun?: true;
}

const NEEDS = { database: "required", files: "required" } as const;

/** Takes the files as they are, without running anything. */
export const repair: CommandDefinition = {
  name: "repair",
  summary: "take edited and renamed files as they are, without running anything",
  description: "Take edited and renamed files as they are, without running anything. A unit is one statement of a " +
    "`Transaction: none` migration, or one of its BEGIN … COMMIT blocks; they are counted from 1",
  topics: ["database", "databases", "files", "connection", "lock", "question", "output"],
  options: [
    new Option("--forget <name>", "delete the row of a migration whose file is gone for good; may be repeated")
      .argParser(collect),
    new Option("--done <name:n>", "count unit N of the part-way migration NAME as done").argParser(readUnit),
    new Option("--again <name:n>", "run unit N of the part-way migration NAME again").argParser(readUnit)
      .conflicts("done"),
    new Option("--dry-run", "print what would be changed, and write nothing"),
  ],
  examples: ["repair --dry-run", "repair", "repair --forget 003_old", "repair --again 005_index:2"],
  run: (context, { options }) => {
    const { dryRun, ...request }: RepairOptions = options;
    if (dryRun) {
      return forEachDatabase(context, NEEDS, async ({ runner, signal }) => {
        const { actions } = await runner.planRepair(request, { signal });
        const lines = actions.length === 0
          ? ["Nothing to repair"]
          : actions.map((one) => `Would ${describeRepair(one)}`);
        return { layout: "line", lines, fields: { planned: actions, actions: [] } };
      });
    }
    return runDatabases(context, {
      needs: NEEDS,
      prepare: ({ runner, signal }) => runner.planRepair(request, { signal }),
      confirm: (plans) => {
        const lines = plans.flatMap(({ db, value }) =>
          value.actions.map((action) => `  ${plans.length === 1 ? "" : `${db}: `}${describeRepair(action)}`)
        );
        if (lines.length === 0) return undefined;
        return { lines: ["This would:", ...lines], question: `Make ${countOf(lines.length, "change")}?` };
      },
      execute: async ({ runner, signal, onEvent }, expected) => {
        if (expected.actions.length === 0) {
          return { layout: "summary", lines: ["Nothing to repair"], fields: { actions: [] } };
        }
        const { actions } = await runner.repair(request, { signal, onEvent, expected });
        // Whoever was asked has seen them.
        const told = context.flags.yes ? actions.map(describeRepair) : [];
        const lines = [...told, `Made ${countOf(actions.length, "change")}`];
        return { layout: "summary", lines, fields: { actions } };
      },
    });
  },
};
