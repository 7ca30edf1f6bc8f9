/**
 * The command line as a program of this process. It is the entry point `./cli` on npm, where `bin` is what is started: a
 * module that looks at `import.meta.main` would run by itself inside a program that a bundler made one file of.
 *
 * @module
 */

import { main } from "./cli/main.ts";
import { openDatabase } from "./database/open.ts";
import { runProcess } from "./runtime/process_host.ts";

/**
 * Runs the program with the arguments, the environment and the streams of this process, and ends the process with its exit
 * code: 0 done, 1 findings, 2 wrong usage, 3 no connection, 4 failed, 5 part-way, 6 locked, 7 refused, 130 and 143 signals.
 * It never returns.
 */
export async function runCli(): Promise<void> {
  await runProcess((host) => main(host, { openDatabase }));
}
