/**
 * What the argument parser says → an error in the words of this program.
 *
 * @module
 */

import type { CommanderError } from "commander";
import { MigrationError } from "../core/error.ts";
import { editDistance } from "../core/nearest.ts";

/** Where the parser did not understand. */
export interface UsageContext {
  /** The program, or the program and a command, whose help is of use. */
  readonly program: string;
  /** Names of commands. */
  readonly commands: readonly string[];
  /** Flags that are known there, as in `--json`. */
  readonly flags: readonly string[];
}

/**
 * Makes the error for wrong usage.
 *
 * @param error What the parser threw.
 * @param context What is known there.
 * @returns An error with code `USAGE`: one line, and where to look as its hint.
 */
export function usageError(error: CommanderError, context: UsageContext): MigrationError {
  const [first = ""] = error.message.replace(/^error: /, "").split("\n");
  const value = readInvalidValue(first);
  if (value !== undefined) return value;
  const bare = /^unknown option '(--[^'=]*)=/.exec(first)?.[1];
  if (bare !== undefined && context.flags.includes(bare)) {
    return wrongUsage(`${bare} takes no value`, `See ${context.program} --help`);
  }
  const suggestion = suggest(first, context);
  const message = withoutValue(first).replace(/'([^']*)'/g, '"$1"').replace(/\.$/, "");
  return wrongUsage(
    message.charAt(0).toUpperCase() + message.slice(1),
    suggestion === undefined ? `See ${context.program} --help` : `Did you mean ${suggestion}?`,
  );
}

/** Of `--ulr=VALUE` only the flag is of interest, and the value may be a secret. */
function withoutValue(message: string): string {
  return message.replace(/^(unknown option '--[^'=]*)=.*$/s, "$1'");
}

/** The parser suggests also what has little in common with what was typed. */
function suggest(message: string, { commands, flags }: UsageContext): string | undefined {
  const [, kind, typed = ""] = /^unknown (command|option) '([^'=]*)/.exec(message) ?? [];
  if (kind === "command") return nearest(typed, commands);
  return kind === "option" && typed.startsWith("--") ? nearest(typed, flags) : undefined;
}

/** The one word that differs by a slip or two, by swapped letters, or by an end that is left out. */
function nearest(typed: string, known: readonly string[]): string | undefined {
  const letters = typed.replace(/^--/, "").length;
  const near = known.map((word) => ({ word, slips: slipsBetween(typed, word) }))
    .filter(({ slips }) => slips <= Math.max(1, Math.floor(letters / 3)))
    .toSorted((a, b) => a.slips - b.slips);
  if (near[0] !== undefined) return near[0].word;
  const longer = letters < 3 ? [] : known.filter((word) => word.startsWith(typed));
  return longer.length === 1 ? longer[0] : undefined;
}

function slipsBetween(a: string, b: string): number {
  const distance = editDistance(a, b);
  const isSwap = distance === 2 && a.length === b.length && [...a].toSorted().join() === [...b].toSorted().join();
  return isSwap ? 1 : distance;
}

/** The parser names the whole declaration of a flag; a person wants the flag and what it takes. */
function readInvalidValue(message: string): MigrationError | undefined {
  const flag = /^option '(?:-\w, )?(--[\w-]+)[^']*' argument '(.*)' is invalid\. ?(.*)$/s.exec(message);
  const argument = /^command-argument value '(.*)' is invalid for argument '.*'\. ?(.*)$/s.exec(message);
  if (flag !== null) return wrongUsage(`Invalid value "${flag[2]}" of ${flag[1]}`, advice(flag[3] ?? ""));
  return argument === null ? undefined : wrongUsage(`Invalid argument "${argument[1]}"`, advice(argument[2] ?? ""));
}

function advice(text: string): string {
  return text.replace(/^Allowed choices are (.*?)\.?$/, "Use one of: $1");
}

/**
 * Makes the error for wrong usage that the parser does not see.
 *
 * @param message What is wrong.
 * @param hint What to do instead.
 * @returns An error with code `USAGE`.
 */
export function wrongUsage(message: string, hint?: string): MigrationError {
  return new MigrationError("USAGE", message, { hint });
}
