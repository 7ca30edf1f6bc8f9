/**
 * Questions before something is done that cannot be undone by running it again.
 *
 * @module
 */

import type { CommandContext } from "./command_context.ts";
import { wrongUsage } from "./usage_error.ts";

/** What is asked. */
export interface Confirmation {
  /** What would be done, one line each. */
  readonly lines: readonly string[];
  /** The question, without `[y/N]`. */
  readonly question: string;
}

/**
 * Says what would be done and asks for a yes, unless `-y` gave it.
 *
 * @param context Flags and terminal.
 * @param confirmation What to ask.
 * @throws {MigrationError} With code `USAGE` if the answer is no, or if there is no terminal to ask on.
 */
export async function confirm(context: CommandContext, confirmation: Confirmation): Promise<void> {
  const { flags, host, output } = context;
  if (flags.yes) return;
  output.failure(confirmation.lines);
  if (output.mode !== "text" || !host.stdin.isTerminal || !host.stderr.isTerminal) {
    throw wrongUsage("Nothing done: this needs a confirmation, and there is no terminal to ask on", "Give --yes");
  }
  const answer = await host.stdin.ask(`${confirmation.question} [y/N] `);
  if (!/^\s*y(es)?\s*$/i.test(answer ?? "")) throw wrongUsage("Nothing done: not confirmed");
}
