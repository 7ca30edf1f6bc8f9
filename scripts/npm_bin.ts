/**
 * The `bin` of the npm package: runs the command line at once. A bundled `import.meta.main` does nothing under Node 20.
 *
 * @module
 */

import { runCli } from "../cli.ts";

await runCli();
