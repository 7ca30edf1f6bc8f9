/**
 * The shortest call of all, which needs nothing that other calls need.
 *
 * @module
 */

import { VERSION } from "./cli/product.ts";
import { bareArguments, printBare } from "./runtime/bare_process.ts";

/**
 * Prints the version if `--version` is the only argument. With others beside it the parser of arguments decides.
 *
 * @returns Whether that was all. The process has to end by itself then.
 */
export function printAskedVersion(): boolean {
  const [first, ...others] = bareArguments();
  if (first !== "--version" || others.length > 0) return false;
  printBare(VERSION);
  return true;
}
