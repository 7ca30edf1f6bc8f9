/**
 * The command line.
 *
 * ```sh
 * deno run -A jsr:@metapg/migration/cli up --url postgres://me@localhost/app
 * ```
 *
 * Importing this module runs nothing. {@linkcode runCli} is the program.
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

/** Runs the program with the arguments, the environment and the streams of this process, and ends it. */
export async function runCli(): Promise<void> {
  await runProcess((host) => main(host, { openDatabase }));
}

if (import.meta.main) await runCli();
