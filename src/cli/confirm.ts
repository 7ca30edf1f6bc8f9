/**
 * Questions before something is done that cannot be undone by running it again.
 *
 * @module
 */

import { MigrationError } from "../core/error.ts";
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
 * @throws {MigrationError} With code `USAGE` if the answer is no, or if there is no terminal to ask on; with `ABORTED` if a
 * signal comes before the answer.
 */
export async function confirm(context: CommandContext, confirmation: Confirmation): Promise<void> {
  const { flags, host, output, signals } = context;
  if (flags.yes) return;
  output.failure(confirmation.lines);
  if (output.mode !== "text" || !host.stdin.isTerminal || !host.stderr.isTerminal) {
    throw wrongUsage("Nothing done: this needs a confirmation, and there is no terminal to ask on", "Give --yes");
  }
  const answer = await unlessAborted(signals.signal, () => host.stdin.ask(`${confirmation.question} [y/N] `));
  if (!/^\s*y(es)?\s*$/i.test(answer ?? "")) throw wrongUsage("Nothing done: not confirmed");
}

/** Nobody can be made to answer: a question that is cancelled stays open. */
function unlessAborted<T>(signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(new MigrationError("ABORTED", "Nothing done: cancelled before the answer"));
    if (signal.aborted) return onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    ask().then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
