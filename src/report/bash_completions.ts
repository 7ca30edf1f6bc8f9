/**
 * Completions for bash.
 *
 * @module
 */

import { type FlagSpec, functionName, type ProgramSpec, spellings } from "./program_spec.ts";
import { quoteShell } from "./shell.ts";

/**
 * Writes a completion script for bash.
 *
 * @param program The tree of commands.
 * @returns The script.
 */
export function formatBash(program: ProgramSpec): string {
  const name = functionName(program);
  const everyFlag = [...program.flags, ...program.commands.flatMap((command) => command.flags)];
  const taking = [...new Set(spellings(everyFlag.filter((flag) => flag.value !== "none")))];
  const owned: readonly (readonly [string, FlagSpec])[] = [
    ...program.flags.map((flag) => ["*", flag] as const),
    ...program.commands.flatMap((command) => command.flags.map((flag) => [quoteShell(command.name), flag] as const)),
  ];
  const valueCases = owned.filter(([, flag]) => flag.value !== "none").flatMap(([owner, flag]) =>
    spellings([flag]).map((word) => `    ${owner}:${word}) ${bashReply(flag)}; return ;;`)
  );
  const commandCases = program.commands.map((command) => {
    const words = quoteShell(command.choices.join(" "));
    return `    ${quoteShell(command.name)}) words=${words} flags=${quoteShell(spellings(command.flags).join(" "))} ;;`;
  });
  return `# bash completion for ${program.name}
${name}() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD - 1]}" command="" words="" flags="" skip="" word i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    if [[ -n $skip ]]; then skip=""; continue; fi
    case "$word" in
    ${taking.join(" | ")}) skip=1 ;;
    -*) ;;
    *) command="$word"; break ;;
    esac
  done
  case "$command:$prev" in
${valueCases.join("\n")}
  esac
  case "$command" in
    "") words=${quoteShell(program.commands.map((command) => command.name).join(" "))} ;;
${commandCases.join("\n")}
  esac
  if [[ $cur == -* || -z $words ]]; then words="$flags ${spellings(program.flags).join(" ")}"; fi
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -F ${name} ${program.name}
`;
}

function bashReply(flag: FlagSpec): string {
  switch (flag.value) {
    case "choice":
      return `COMPREPLY=($(compgen -W ${quoteShell((flag.choices ?? []).join(" "))} -- "$cur"))`;
    case "file":
      return `COMPREPLY=($(compgen -f -- "$cur"))`;
    case "directory":
      return `COMPREPLY=($(compgen -d -- "$cur"))`;
    default:
      return "COMPREPLY=()";
  }
}
