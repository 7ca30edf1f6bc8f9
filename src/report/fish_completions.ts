/**
 * Completions for fish.
 *
 * @module
 */

import { type FlagSpec, functionName, type ProgramSpec, spellings } from "./program_spec.ts";

/**
 * Writes a completion script for fish.
 *
 * @param program The tree of commands.
 * @returns The script.
 */
export function formatFish(program: ProgramSpec): string {
  const complete = `complete -c ${program.name}`;
  const command = `_${functionName(program)}_command`;
  const everyFlag = [...program.flags, ...program.commands.flatMap((one) => one.flags)];
  const taking = [...new Set(spellings(everyFlag.filter((flag) => flag.value !== "none")))];
  return [
    `# fish completion for ${program.name}`,
    // fish's own test for a subcommand takes the value of a flag for one.
    `function ${command}`,
    "  set -l skip",
    "  for word in (commandline -opc)[2..-1]",
    "    if set -q skip[1]; set -e skip[1]; continue; end",
    "    switch $word",
    `      case ${taking.join(" ")}`,
    "        set skip 1",
    "      case '-*'",
    "      case '*'",
    "        echo $word; return 0",
    "    end",
    "  end",
    "  return 1",
    "end",
    `${complete} -f`,
    ...program.commands.map((one) =>
      `${complete} -n 'not ${command} >/dev/null' -a ${one.name} -d ${quoteFish(one.description)}`
    ),
    ...program.flags.map((flag) => `${complete}${fishFlag(flag)}`),
    ...program.commands.flatMap((one) => {
      const when = `${complete} -n 'contains -- ${one.name} (${command})'`;
      return [
        ...(one.choices.length === 0 ? [] : [`${when} -a ${quoteFish(one.choices.join(" "))}`]),
        ...one.flags.map((flag) => `${when}${fishFlag(flag)}`),
      ];
    }),
    "",
  ].join("\n");
}

function fishFlag(flag: FlagSpec): string {
  const short = flag.short === undefined ? "" : ` -s ${flag.short.slice(1)}`;
  const head = `${short} -l ${flag.long.slice(2)} -d ${quoteFish(flag.description)}`;
  switch (flag.value) {
    case "none":
      return head;
    case "text":
      return `${head} -x`;
    case "file":
      return `${head} -r -F`;
    case "directory":
      return `${head} -x -a "(__fish_complete_directories)"`;
    case "choice":
      return `${head} -x -a ${quoteFish((flag.choices ?? []).join(" "))}`;
  }
}

function quoteFish(text: string): string {
  return `'${text.replace(/[\\']/g, (character) => `\\${character}`)}'`;
}
