/**
 * The `bin` of the npm package: runs the command line at once.
 *
 * @module
 */

import { runCli } from "../src/run_cli.ts";

await runCli();
