/**
 * Completions for zsh.
 *
 * @module
 */

import { type FlagSpec, functionName, type ProgramSpec, spellings } from "./program_spec.ts";
import { quoteShell } from "./shell.ts";

/**
 * Writes a completion script for zsh.
 *
 * @param program The tree of commands.
 * @returns The script.
 */
export function formatZsh(program: ProgramSpec): string {
  const name = functionName(program);
  const commands = program.commands.map((command) =>
    `    ${quoteShell(`${command.name}:${command.description.replaceAll(":", "\\:")}`)}`
  );
  const cases = program.commands.map((command) => {
    const choices = command.choices.length === 0 ? "" : ` '1:value:(${command.choices.join(" ")})'`;
    const flags = command.flags.flatMap(zshFlag).map((flag) => ` ${flag}`).join("");
    return `        ${command.name}) _arguments $flags${flags}${choices} ;;`;
  });
  return `#compdef ${program.name}
${name}() {
  local state line
  local -a flags commands
  flags=(
${program.flags.flatMap(zshFlag).map((flag) => `    ${flag}`).join("\n")}
  )
  commands=(
${commands.join("\n")}
  )
  _arguments -C $flags '1: :->command' '*:: :->rest'
  case $state in
    command) _describe command commands ;;
    rest)
      case $line[1] in
${cases.join("\n")}
      esac
      ;;
  esac
}
if [ "$funcstack[1]" = ${quoteShell(name)} ]; then
  ${name} "$@"
else
  compdef ${name} ${program.name}
fi
`;
}

function zshFlag(flag: FlagSpec): string[] {
  const text = flag.description.replace(/[\[\]:\\]/g, (character) => `\\${character}`);
  const value = zshValue(flag);
  return spellings([flag]).map((word) => quoteShell(`*${word}[${text}]${value}`));
}

function zshValue(flag: FlagSpec): string {
  switch (flag.value) {
    case "none":
      return "";
    case "text":
      return ":value: ";
    case "file":
      return ":file:_files";
    case "directory":
      return ":directory:_files -/";
    case "choice":
      return `:value:(${(flag.choices ?? []).join(" ")})`;
  }
}
