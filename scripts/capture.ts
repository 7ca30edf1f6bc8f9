/**
 * Runs programs for what they print.
 *
 * @module
 */

import { root } from "./deno.ts";

/** What a program came to. */
export interface Captured {
  /** Its exit code. */
  readonly code: number;
  /** Its standard output. */
  readonly stdout: string;
  /** Its standard error. */
  readonly stderr: string;
}

/** Where a program runs. */
export interface CaptureOptions {
  /** Its working directory. @default the checkout */
  readonly cwd?: string | URL;
  /** Added to its environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs a program to its end, whatever that is.
 *
 * @param program Path or name of the program.
 * @param args Its arguments.
 * @param options Where it runs.
 * @returns What it came to.
 */
export async function tryCapture(
  program: string,
  args: readonly string[],
  options: CaptureOptions = {},
): Promise<Captured> {
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args: [...args],
    cwd: options.cwd ?? root,
    env: { ...options.env },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/**
 * Runs a program that must succeed.
 *
 * @param program Path or name of the program.
 * @param args Its arguments.
 * @param options Where it runs.
 * @returns Its standard output.
 * @throws What it said, if it fails.
 */
export async function capture(
  program: string,
  args: readonly string[],
  options: CaptureOptions = {},
): Promise<string> {
  const { code, stdout, stderr } = await tryCapture(program, args, options);
  if (code !== 0) throw new Error(`Cannot run ${program} ${args.join(" ")}: exit ${code}\n${stdout}${stderr}`);
  return stdout;
}
