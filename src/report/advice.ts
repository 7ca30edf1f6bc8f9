/**
 * Advice that the library shares with the command line → words that can be typed.
 *
 * @module
 */

import type { Problem } from "../core/problem.ts";

/**
 * Writes a command as it is typed: `up` → `metapg-migration up --db shop`.
 *
 * @param words The command with its arguments.
 * @returns The whole line.
 */
export type CommandLine = (words: string) => string;

const NAME = String.raw`\d{3,15}_[a-z0-9_]+(?::\d+)?`;
const COMMAND =
  "(?:rehearse|drift|up|down|redo|repair|status|show|lock status|lock release|baseline|check|validate|history)";

/** A command where advice speaks of one; most of them are English words, too, so what stands before it decides. */
const MENTION = new RegExp(
  String.raw`(?<=^|; |\b(?:run|use|with|say|or|and|look at|next) )${COMMAND}(?: (?:--[a-z-]+|${NAME}))*(?=$|[ ,.;:)])`,
  "gi",
);

/**
 * Takes out of advice what only callers of the library need.
 *
 * @param advice As in `Use --cascade (library: cascade: true)`.
 * @returns `Use --cascade`.
 */
export function withoutLibrary(advice: string): string {
  return advice.replace(/ ?\(library: [^()]*\)/g, "");
}

/**
 * Spells out the commands in advice, so that they can be told from words and typed as they are.
 *
 * @param advice As in `repair records the file as it is`.
 * @param commandLine Writes a command as it is typed.
 * @returns `metapg-migration repair records the file as it is`.
 */
export function spellCommands(advice: string, commandLine: CommandLine): string {
  return withoutLibrary(advice).replace(
    MENTION,
    (words) => /^[a-z]/.test(words) ? commandLine(words) : words,
  );
}

/**
 * Spells out the commands in the advice of findings.
 *
 * @param problems The findings.
 * @param commandLine Writes a command as it is typed.
 * @returns The same findings with that advice.
 */
export function spellProblems(problems: readonly Problem[], commandLine: CommandLine): readonly Problem[] {
  return problems.map((problem) =>
    problem.hint === undefined ? problem : { ...problem, hint: spellCommands(problem.hint, commandLine) }
  );
}
