/**
 * How many migrations are meant, where a person may mean the version of one.
 *
 * @module
 */

import { parseFileName } from "../core/name.ts";
import type { CommandContext } from "./command_context.ts";
import { chooseTargets, type Target, targetSource } from "./targets.ts";
import { wrongUsage } from "./usage_error.ts";

/** What a command says instead of a version. */
export interface CountWords {
  /** The command with a name; `undefined` if it takes none. */
  readonly named: ((name: string) => string) | undefined;
  /** The command with a number. */
  readonly counted: (count: number) => string;
  /** Which ones it counts. */
  readonly which: "last" | "next";
}

/**
 * Reads how many migrations are meant. What can only be a version, by its leading zero or its length, is no number of
 * them: it would do something to migrations that nobody named.
 *
 * @param context Host and flags, to find the migration of a version.
 * @param text What was given.
 * @param words What to say instead.
 * @returns The number, from 1.
 * @throws {MigrationError} With code `USAGE` for a version, and for what is no number from 1.
 */
export async function readMigrationCount(context: CommandContext, text: string, words: CountWords): Promise<number> {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  if (!/^0\d*[1-9]\d*$|^\d{10,}$/.test(text)) {
    throw wrongUsage(`Invalid argument "${text}"`, "Expected a whole number from 1");
  }
  const found = await findVersion(context, Number(text));
  const commandLine = context.output.commandLine(found?.target.db);
  const ways = [];
  if (found !== undefined && words.named !== undefined) ways.push(commandLine(words.named(found.name)));
  if (text.length < 10) ways.push(`${commandLine(words.counted(Number(text)))} for ${countedOnes(text, words.which)}`);
  throw wrongUsage(
    `"${text}" is a version, not a number of migrations`,
    ways.length === 0 ? "Give a whole number from 1" : `Say ${ways.join(", or ")}`,
  );
}

function countedOnes(text: string, which: "last" | "next"): string {
  return Number(text) === 1 ? `the ${which} one` : `the ${which} ${Number(text)}`;
}

/** The first migration of a version among the files of the databases that are meant. */
async function findVersion(
  context: CommandContext,
  version: number,
): Promise<{ readonly target: Target; readonly name: string } | undefined> {
  const targets = await chooseTargets(
    context.flags,
    { database: "unused", files: "unused" },
    targetSource(context),
  );
  for (const target of targets) {
    const paths = await context.host.files.list(target.dir).catch((): readonly string[] => []);
    const file = paths.map(parseFileName).find((name) => name?.version === version);
    if (file !== undefined) return { target, name: file.name };
  }
  return undefined;
}
