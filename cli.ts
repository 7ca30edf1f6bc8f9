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

import { runCli } from "./src/run_cli.ts";

export { runCli };

if (import.meta.main) await runCli();
