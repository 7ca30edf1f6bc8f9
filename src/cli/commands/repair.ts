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
import { runDatabases } from "../run_databases.ts";

/** The flags of `repair`. */
interface RepairOptions {
  readonly forget?: readonly string[];
  readonly done?: UnitName;
  readonly again?: UnitName;
}

/** Takes the files as they are, without running anything. */
export const repair: CommandDefinition = {
  name: "repair",
  summary: "take edited and renamed files as they are, without running anything",
  options: [
    new Option("--forget <name>", "delete the row of a migration whose file is gone for good; may be repeated")
      .argParser(collect),
    new Option("--done <name:n>", "count a statement of a part-way migration as done").argParser(readUnit),
    new Option("--again <name:n>", "run a statement of a part-way migration again").argParser(readUnit)
      .conflicts("done"),
  ],
  examples: ["repair", "repair --forget 003_old", "repair --again 005_index:2"],
  run: (context, { options }) => {
    const request: RepairOptions = options;
    return runDatabases(context, {
      needs: { database: "required", files: "required" },
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
        const lines = [...actions.map(describeRepair), `Made ${countOf(actions.length, "change")}`];
        return { layout: "summary", lines, fields: { actions } };
      },
    });
  },
};
