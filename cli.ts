/**
 * The command line.
 *
 * ```sh
 * deno run -A jsr:@metapg/migration/cli up --url postgres://me@localhost/app
 * ```
 *
 * A run against a server needs no more than `--allow-net=HOST:PORT --allow-read=migrations --allow-env=DATABASE_URL`; the
 * README says what else is of use. Importing this module runs nothing. {@linkcode runCli} is the program.
 *
 * @example A command of your own
 * ```ts no-assert
 * import { runCli } from "@metapg/migration/cli";
 *
 * if (import.meta.main) await runCli();
 * ```
 *
 * @module
 */

import { main } from "./src/cli/main.ts";
import { openDatabase } from "./src/database/open.ts";
import { runProcess } from "./src/runtime/process_host.ts";

/**
 * Runs the program with the arguments, the environment and the streams of this process, and ends the process with its exit
 * code: 0 done, 1 findings, 2 wrong usage, 3 no connection, 4 failed, 5 part-way, 6 locked, 7 refused, 130 and 143 signals.
 * It never returns.
 */
export async function runCli(): Promise<void> {
  await runProcess((host) => main(host, { openDatabase }));
}

if (import.meta.main) await runCli();
