/**
 * Anything that was thrown, in lines for people.
 *
 * @module
 */

import { MigrationError } from "../core/error.ts";
import { formatFailure, type PlannedStep } from "../report/failure.ts";
import { oneLine, printable } from "../report/printable.ts";
import type { Output } from "./output.ts";

/**
 * Explains an error.
 *
 * @param error What was thrown.
 * @param planned The steps of the run, if it came to that.
 * @param output How much is told, and the emphasis.
 * @returns Lines; one for a fault of the program itself, and its stack only with `-v`.
 */
export function explain(error: unknown, planned: readonly PlannedStep[], output: Output): string[] {
  if (error instanceof MigrationError) return formatFailure(error, planned, output.noteStyle);
  const message = oneLine(error instanceof Error ? error.message : String(error));
  const line = `${output.noteStyle.red("Error:")} Unexpected fault: ${message}`;
  if (output.verbosity !== "verbose" || !(error instanceof Error)) return [`${line} (--verbose shows where)`];
  return [line, ...printable(error.stack ?? "").split("\n").slice(1)];
}
