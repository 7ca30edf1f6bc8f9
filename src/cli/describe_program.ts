/**
 * The command line as a value, for completions.
 *
 * @module
 */

import type { Option } from "commander";
import type { FlagSpec, ProgramSpec, ValueKind } from "../report/program_spec.ts";
import { COMMANDS } from "./commands.ts";
import { PROGRAM } from "./product.ts";
import { declareProgram } from "./program.ts";

/** Flags whose value is a file or a folder. */
const PATHS: Readonly<Record<string, ValueKind>> = {
  "--root": "directory",
  "--dir": "directory",
  "--env-file": "file",
};

/**
 * Describes the commands and flags of the program.
 *
 * @returns What help shows of them.
 */
export function describeProgram(): ProgramSpec {
  const { parser } = declareProgram({ columns: 80, out: () => {}, err: () => {} }, COMMANDS);
  const help = parser.createHelp();
  return {
    name: PROGRAM,
    flags: help.visibleOptions(parser).map(describeFlag),
    commands: help.visibleCommands(parser).filter((command) => command.name() !== "help").map((command) => ({
      name: command.name(),
      description: command.summary(),
      flags: help.visibleOptions(command).filter((option) => option.long !== "--help").map(describeFlag),
      choices: command.registeredArguments[0]?.argChoices ?? [],
    })),
  };
}

function describeFlag(option: Option): FlagSpec {
  const long = option.long ?? option.flags;
  return {
    long,
    short: option.short,
    description: option.description,
    value: option.argChoices !== undefined ? "choice" : PATHS[long] ?? (option.required ? "text" : "none"),
    choices: option.argChoices,
  };
}
