/**
 * A database URL among the arguments where none is expected: what would be said of it holds its password.
 *
 * @module
 */

import { holdsCredentials } from "../core/credentials.ts";
import type { MigrationError } from "../core/error.ts";
import { wrongUsage } from "./usage_error.ts";

/**
 * Refuses a URL with credentials that is not the value of `--url` or `--shadow-url`.
 *
 * @param args The arguments.
 * @returns The error, which does not show it; `undefined` if there is no such URL.
 */
export function misplacedUrl(args: readonly string[]): MigrationError | undefined {
  const misplaced = args.some((arg, index) => holdsCredentials(arg) && !isValue(arg, args[index - 1] ?? ""));
  return misplaced
    ? wrongUsage("A database URL stands where none is expected", "Give it as --url URL, or in DATABASE_URL")
    : undefined;
}

/** Short flags without a value may stand before `u` in one word. */
function isValue(arg: string, before: string): boolean {
  return before === "--url" || before === "--shadow-url" || arg.startsWith("--shadow-url=") ||
    /^-[yqv]*u$/.test(before) || arg.startsWith("--url=") || /^-[yqv]*u/.test(arg);
}
