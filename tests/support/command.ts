/**
 * Running programs to their end, under whatever runtime runs the tests.
 *
 * @module
 */

import { spawn } from "node:child_process";
import process from "node:process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

/** How a program is run. */
export interface CommandOptions {
  /** Its working directory. */
  readonly cwd?: string;
  /** Added to its environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Ends it after this time. */
  readonly timeoutMs?: number;
}

/** What came of it. */
export interface Outcome {
  /** Exit code; -1 if a signal ended it. */
  readonly code: number;
  /** What it wrote to its standard output. */
  readonly out: string;
  /** What it wrote to its error stream. */
  readonly err: string;
}

/**
 * Runs a program without input.
 *
 * @param program Path or name.
 * @param args Arguments.
 * @param options Where and how.
 * @returns What came of it.
 * @throws With code `ENOENT` if there is no such program.
 */
export async function runCommand(
  program: string,
  args: readonly string[],
  { cwd, env, timeoutMs = 0 }: CommandOptions = {},
): Promise<Outcome> {
  const child = spawn(program, [...args], {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: timeoutMs,
  });
  const ended = new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? -1));
  });
  const [code, out, err] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, out, err };
}

/**
 * The words that run a module beside a test in a process of its own, with the runtime that runs the test.
 *
 * @param name File name of the module, `…_program.ts`.
 * @param test The test's `import.meta.url`. Under Node and Bun test and module are bundles.
 * @returns A program and its arguments.
 */
export function programCommand(name: string, test: string): [string, ...string[]] {
  const path = (file: string) => fileURLToPath(new URL(file, test));
  if (process.versions.deno !== undefined) return [process.execPath, "run", "-A", "--no-lock", path(name)];
  return [process.execPath, path(name.replace(/\.ts$/, ".js"))];
}
