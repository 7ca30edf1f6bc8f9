/**
 * `completions`: scripts for shells.
 *
 * @module
 */

import { Argument } from "commander";
import type { CommandDefinition } from "../command.ts";
import type { Shell } from "../../report/completions.ts";

/** Prints a completion script. */
export const completions: CommandDefinition = {
  name: "completions",
  summary: "print a completion script for a shell",
  topics: [],
  arguments: [new Argument("<shell>", "which").choices(["bash", "zsh", "fish"])],
  examples: ["completions bash > /etc/bash_completion.d/metapg-migration"],
  run: async (context, { args }) => {
    // Loaded here because the program declares this command.
    const [{ formatCompletions }, { describeProgram }] = await Promise.all([
      import("../../report/completions.ts"),
      import("../describe_program.ts"),
    ]);
    const script = formatCompletions(describeProgram(), args[0] as Shell);
    context.output.result([script.trimEnd()]);
    return { exitCode: 0, databases: [], fields: { script } };
  },
};
