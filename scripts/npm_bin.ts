/**
 * The `bin` of the npm package: runs the command line at once. It is built as a file of its own, so that `--version` loads
 * no other.
 *
 * @module
 */

import { printAskedVersion } from "../src/asked_version.ts";

if (!printAskedVersion()) {
  const { runCli } = await import("../src/run_cli.ts");
  await runCli();
}
