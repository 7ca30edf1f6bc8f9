/**
 * The command line: arguments → which command, with what.
 *
 * @module
 */

import { Argument, Command, CommanderError } from "commander";
import type { MigrationError } from "../core/error.ts";
import type { CommandDefinition, CommandInput } from "./command.ts";
import { declareFlags, type Flags, topicOf } from "./flags.ts";
import { type HelpDetails, helpLayout } from "./help.ts";
import { misplacedUrl } from "./misplaced_url.ts";
import { PROGRAM, VERSION } from "./product.ts";
import { START_COMMANDS } from "./start_commands.ts";
import { type UsageContext, usageError } from "./usage_error.ts";

/** What the arguments ask for. */
export type Invocation =
  /** A command. */
  | {
    readonly type: "command";
    readonly definition: CommandDefinition;
    readonly input: CommandInput;
    readonly flags: Flags;
  }
  /** Help or the version. */
  | { readonly type: "text"; readonly text: string }
  /** Nothing that can be understood; `help` is what to print instead of the error where no command was given. */
  | {
    readonly type: "wrong";
    readonly command: string | null;
    readonly error: MigrationError;
    readonly help: string | undefined;
  };

/** A command line that was declared. */
export interface Program {
  /** The parser. */
  readonly parser: Command;
  /** The command that the arguments named, after parsing. */
  readonly called: () => { readonly definition: CommandDefinition; readonly input: CommandInput } | undefined;
}

/** Where the parser writes help. */
interface HelpSink {
  readonly columns: number;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/**
 * Reads the arguments of the program.
 *
 * @param args The arguments, without runtime and script.
 * @param columns Width of the terminal, for help.
 * @returns What they ask for.
 */
export async function readArguments(args: readonly string[], columns = 80): Promise<Invocation> {
  const call = readCall(START_COMMANDS, args, columns);
  if (call !== undefined) return call;
  const { COMMANDS } = await import("./commands.ts");
  return readCall(COMMANDS, args, columns) ?? readWith(COMMANDS, args, columns);
}

/** Most calls are of one command, and declaring the others takes longer than all the rest. */
function readCall(
  definitions: readonly CommandDefinition[],
  args: readonly string[],
  columns: number,
): Invocation | undefined {
  const named = definitions.filter(({ name, aliases = [] }) => [name, ...aliases].some((word) => args.includes(word)));
  if (named.length !== 1) return undefined;
  const call = readWith(named, args, columns);
  return call.type === "command" ? call : undefined;
}

function readWith(definitions: readonly CommandDefinition[], args: readonly string[], columns: number): Invocation {
  let out = "";
  let err = "";
  const program = declareProgram({ columns, out: (text) => out += text, err: (text) => err += text }, definitions);
  const misplaced = misplacedUrl(args);
  if (misplaced !== undefined) {
    const command = findCommand(program.parser, args)?.name() ?? null;
    return { type: "wrong", command, error: misplaced, help: undefined };
  }
  try {
    program.parser.parse(args, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { type: "text", text: out };
    const command = findCommand(program.parser, args);
    const missing = error.code === "commander.help";
    const problem = missing ? new CommanderError(1, error.code, "error: no command given") : error;
    return {
      type: "wrong",
      command: command?.name() ?? null,
      error: usageError(problem, describeUsage(program.parser, command)),
      help: missing ? err : undefined,
    };
  }
  const called = program.called();
  if (called === undefined) return { type: "text", text: out };
  return { type: "command", ...called, flags: program.parser.opts<Flags>() };
}

/**
 * Declares the command line.
 *
 * @param sink Where help goes.
 * @param definitions Its commands.
 * @returns The parser, which runs nothing by itself.
 */
export function declareProgram(sink: HelpSink, definitions: readonly CommandDefinition[]): Program {
  let called: { definition: CommandDefinition; input: CommandInput } | undefined;
  const details = new Map<Command, HelpDetails>();
  const parser = new Command(PROGRAM)
    .description("Raw-SQL migrations for PostgreSQL")
    .version(VERSION, "--version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: sink.out,
      writeErr: sink.err,
      outputError: () => {},
      getOutHelpWidth: () => sink.columns,
      getErrHelpWidth: () => sink.columns,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .configureHelp(helpLayout((command) => details.get(command)!));
  details.set(parser, {
    examples: [`${PROGRAM} up --url postgres://me@localhost/app`, `${PROGRAM} status --all-dbs`],
    shows: () => true,
  });
  for (const option of declareFlags()) parser.addOption(option);
  for (const definition of definitions) {
    const command = parser.command(definition.name)
      .summary(definition.summary)
      .description(definition.description ?? sentence(definition.summary))
      .helpOption("-h, --help", "print this help")
      .aliases(definition.aliases ?? []);
    for (const argument of definition.arguments ?? []) command.addArgument(argument);
    for (const option of definition.options ?? []) command.addOption(option);
    details.set(command, {
      examples: definition.examples.map((example) => `${PROGRAM} ${example}`),
      shows: (option) => definition.topics.some((topic) => topic === topicOf(option)),
    });
    command.action(() => {
      called = { definition, input: { args: command.processedArgs, options: command.opts() } };
    });
  }
  details.set(declareHelp(parser), { examples: [`${PROGRAM} help up`], shows: () => false });
  return { parser, called: () => called };
}

/** The parser's own command answers a name that it does not know with all of the help. */
function declareHelp(parser: Command): Command {
  return parser.command("help")
    .summary("print help for a command")
    .description("Print help for a command, or for the program")
    .helpOption("-h, --help", "print this help")
    .addArgument(new Argument("[command]", "which"))
    .action((name: string | undefined) => {
      const command = name === undefined ? parser : findCommand(parser, [name]);
      if (command === undefined) parser.error(`error: unknown command '${name}'`, { code: "commander.unknownCommand" });
      command.outputHelp();
    });
}

/** What the parser knows at the place where it did not understand. */
function describeUsage(parser: Command, command: Command | undefined): UsageContext {
  const help = parser.createHelp();
  const options = [...help.visibleOptions(parser), ...(command === undefined ? [] : help.visibleOptions(command))];
  return {
    program: command === undefined ? PROGRAM : `${PROGRAM} ${command.name()}`,
    commands: parser.commands.flatMap((one) => [one.name(), ...one.aliases()]),
    flags: options.flatMap((option) => option.long ?? []),
  };
}

/** The command that arguments name which the parser did not understand. */
function findCommand(parser: Command, args: readonly string[]): Command | undefined {
  const commands = new Map(
    parser.commands.flatMap((one) => [one.name(), ...one.aliases()].map((name) => [name, one])),
  );
  return args.map((arg) => commands.get(arg)).find((command) => command !== undefined);
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
