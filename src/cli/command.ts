/**
 * What a command is.
 *
 * @module
 */

import type { Argument, Option } from "commander";
import type { CommandResult } from "./command_result.ts";
import type { CommandContext } from "./command_context.ts";
import type { FlagTopic } from "./flags.ts";

/** What was given to a command. */
export interface CommandInput {
  /** Its arguments, as their parsers read them; `undefined` for those left out. */
  readonly args: readonly unknown[];
  /** Its own flags, by their names in camelCase. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** A command: how it is called and what it does. */
export interface CommandDefinition {
  /** Its name. */
  readonly name: string;
  /** Other names, which help does not show. */
  readonly aliases?: readonly string[];
  /** What it does, in a few words. */
  readonly summary: string;
  /** More about it, where the summary leaves questions. */
  readonly description?: string;
  /** What it has to do with: of the flags of every command its help shows those that matter for it. */
  readonly topics: readonly FlagTopic[];
  /** Its arguments. */
  readonly arguments?: readonly Argument[];
  /** Its own flags. */
  readonly options?: readonly Option[];
  /** Calls of it, without the name of the program. */
  readonly examples: readonly string[];
  /**
   * Does it.
   *
   * @param context Host, flags and output.
   * @param input What was given.
   * @returns What it came to.
   */
  readonly run: (context: CommandContext, input: CommandInput) => Promise<CommandResult>;
}
