/**
 * The command line as a program of this process. It is the entry point `./cli` on npm, where `bin` is what is started: a
 * module that looks at `import.meta.main` would run by itself inside a program that a bundler made one file of.
 *
 * @module
 */

import { printAskedVersion } from "./asked_version.ts";

/**
 * Runs the program with the arguments, the environment and the streams of this process, and ends the process with its exit
 * code: 0 done, 1 findings, 2 wrong usage, 3 no connection, 4 failed, 5 part-way, 6 locked, 7 refused, 130 and 143 signals.
 * It never returns, except after `--version`: nothing else is loaded for that, and the process ends by itself.
 */
export async function runCli(): Promise<void> {
  if (printAskedVersion()) return;
  const { runProgram } = await import("./run_program.ts");
  await runProgram();
}
