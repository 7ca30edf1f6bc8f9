/**
 * Runs a process and times it from its start to its end.
 *
 * @module
 */

import type { Command } from "./contender.ts";
import { type MemoryWatch, watchMemory } from "./peak_memory.ts";

/** What came of a process, or of several that were run one after another. */
export interface TimedOutcome {
  /** Milliseconds from start to end. */
  readonly ms: number;
  /** Peak memory of the process and its children, where it was asked for. */
  readonly peakMb?: number;
  /** Why it does not count: the exit code and the end of what the process said. */
  readonly failed?: string;
}

/** How to run it. */
export interface TimedOptions {
  /** Its working directory. */
  readonly cwd: string;
  /** Added to the environment of the command. */
  readonly env?: Readonly<Record<string, string>>;
  /** Ends it after this time. */
  readonly timeoutMs: number;
  /** Whether its memory is watched, which takes a little time away from it. */
  readonly measures: "time" | "memory";
}

/** How much of it is kept. */
const LONGEST = 200;

/** What keeps tools from asking the network for a newer release of themselves. */
const QUIET: Readonly<Record<string, string>> = {
  DENO_NO_UPDATE_CHECK: "1",
  NPM_CONFIG_UPDATE_NOTIFIER: "false",
  NO_COLOR: "1",
};

/**
 * Runs a command to its end.
 *
 * @param command What to run.
 * @param options Where and how.
 * @returns What came of it.
 */
export async function runTimed(command: Command, options: TimedOptions): Promise<TimedOutcome> {
  let ms = 0;
  let peakMb: number | undefined;
  for (let run = 0; run < (command.times ?? 1); run++) {
    const outcome = await runOnce(command, { ...options, timeoutMs: options.timeoutMs - ms });
    ms += outcome.ms;
    if (outcome.peakMb !== undefined) peakMb = Math.max(peakMb ?? 0, outcome.peakMb);
    if (outcome.failed !== undefined) return { ...outcome, ms };
  }
  return { ms, ...(peakMb === undefined ? {} : { peakMb }) };
}

async function runOnce(command: Command, options: TimedOptions): Promise<TimedOutcome> {
  const { cwd, env, timeoutMs, measures } = options;
  let watch: MemoryWatch | undefined;
  let isLate = false;
  const start = performance.now();
  const child = new Deno.Command(command.program, {
    args: [...command.args],
    cwd,
    env: { ...QUIET, ...env, ...command.env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const timer = setTimeout(() => {
    isLate = true;
    child.kill("SIGKILL");
  }, Math.max(timeoutMs, 1));
  if (measures === "memory") watch = watchMemory(child.pid);
  const { code, stdout, stderr } = await child.output();
  const ms = performance.now() - start;
  clearTimeout(timer);
  const peakMb = watch?.stop();
  const decoder = new TextDecoder();
  const failed = isLate
    ? `longer than ${Math.round(options.timeoutMs / 1_000)} s`
    : code === 0
    ? undefined
    : `exit ${code}: ${lastWords(decoder.decode(stderr) || decoder.decode(stdout))}`;
  return { ms, ...(peakMb === undefined ? {} : { peakMb }), ...(failed === undefined ? {} : { failed }) };
}

/** The line that names an error, else the end of what a process said, on one line: a stack trace says nothing here. */
function lastWords(text: string): string {
  const named = text.split("\n").find((line) => /\b(error|fatal)\b/i.test(line));
  const words = (named ?? text).trim().replaceAll(/\s+/g, " ");
  return words.length > LONGEST ? `…${words.slice(-LONGEST)}` : words;
}
