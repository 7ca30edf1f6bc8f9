/**
 * What the argument parser says → an error in the words of this program.
 *
 * @module
 */

import type { CommanderError } from "commander";
import { MigrationError } from "../core/error.ts";

/**
 * Makes the error for wrong usage.
 *
 * @param error What the parser threw.
 * @param command The program, or a command of it, whose help is of use.
 * @returns An error with code `USAGE`: one line, and where to look as its hint.
 */
export function usageError(error: CommanderError, command: string): MigrationError {
  const [first = "", ...rest] = error.message.replace(/^error: /, "").split("\n");
  const value = readInvalidValue(first);
  if (value !== undefined) return value;
  const suggestion = /\((Did you mean .*?)\??\)/.exec(rest.join(" "))?.[1];
  const message = first.replace(/'([^']*)'/g, '"$1"').replace(/\.$/, "");
  return wrongUsage(
    message.charAt(0).toUpperCase() + message.slice(1),
    suggestion === undefined ? `See ${command} --help` : `${suggestion}?`,
  );
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
