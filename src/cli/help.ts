/**
 * The layout of help: what is asked most often comes first.
 *
 * @module
 */

import type { Command, Help, HelpConfiguration, Option } from "commander";

/** What help says of a command beside its declaration. */
export interface HelpDetails {
  /** Calls of it, with the name of the program. */
  readonly examples: readonly string[];
  /** Whether a flag of every command matters for it. */
  readonly shows: (option: Option) => boolean;
}

/**
 * Makes the layout of help.
 *
 * @param detailsOf Finds what help says of a command.
 * @returns What the parser takes as its configuration.
 */
export function helpLayout(detailsOf: (command: Command) => HelpDetails): HelpConfiguration {
  return {
    minWidthToWrap: 20,
    // Other names are for habits from other tools; help shows one name for each thing.
    subcommandTerm: (command) => [command.name(), command.usage().replace(/^\[options\] ?/, "")].join(" ").trim(),
    commandUsage: (command) => [command.parent?.name(), command.name(), command.usage()].filter(Boolean).join(" "),
    formatHelp: (command, help) => formatHelp(command, help, detailsOf(command)),
  };
}

/** One block of help: a head, and terms with what they mean. */
interface Section {
  readonly title: string;
  readonly items: readonly (readonly [term: string, meaning: string])[];
}

function formatHelp(command: Command, help: Help, { examples, shows }: HelpDetails): string {
  const sections = sectionsOf(command, help, shows).filter(({ items }) => items.length > 0);
  const termWidth = Math.max(...sections.flatMap(({ items }) => items.map(([term]) => term.length)));
  const lines = [
    `Usage: ${help.commandUsage(command)}`,
    "",
    help.boxWrap(help.commandDescription(command), help.helpWidth ?? 80),
    "",
    examples.length === 1 ? "Example:" : "Examples:",
    ...examples.map((example) => `  $ ${example}`),
    "",
    ...sections.flatMap(({ title, items }) => [
      `${title}:`,
      ...items.map(([term, meaning]) => help.formatItem(term, termWidth, meaning, help)),
      "",
    ]),
    ...(command.parent === null ? [] : [`More flags of every command: ${command.parent.name()} --help`, ""]),
  ];
  return lines.join("\n");
}

function sectionsOf(command: Command, help: Help, shows: HelpDetails["shows"]): readonly Section[] {
  const program = command.parent ?? command;
  const shared = help.visibleOptions(program).filter((option) =>
    option.helpGroupHeading !== undefined && shows(option)
  );
  const groups = new Set(shared.map((option) => option.helpGroupHeading!));
  const own = help.visibleOptions(command).filter((option) => option.helpGroupHeading === undefined);
  return [
    {
      title: "Commands",
      items: help.visibleCommands(command).map((sub) => [help.subcommandTerm(sub), help.subcommandDescription(sub)]),
    },
    {
      title: "Arguments",
      items: help.visibleArguments(command).map((one) => [help.argumentTerm(one), help.argumentDescription(one)]),
    },
    { title: "Options", items: own.map((option) => [help.optionTerm(option), help.optionDescription(option)]) },
    ...[...groups].map((title): Section => ({
      title,
      items: shared.filter((option) => option.helpGroupHeading === title)
        .map((option) => [help.optionTerm(option), help.optionDescription(option)]),
    })),
  ];
}
