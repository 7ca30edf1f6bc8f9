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
 * @param output How much is told, and the emphasis.
 * @param run The database and the steps of its run, if it came to that.
 * @returns Lines; one for a fault of the program itself, and its stack only with `-v`.
 */
export function explain(
  error: unknown,
  output: Output,
  run: { readonly db?: string; readonly planned: readonly PlannedStep[] } = { planned: [] },
): string[] {
  if (error instanceof MigrationError) {
    const commandLine = output.commandLine(run.db);
    return formatFailure(error, { planned: run.planned, style: output.noteStyle, commandLine });
  }
  const message = oneLine(error instanceof Error ? error.message : String(error));
  const line = `${output.noteStyle.red("Error:")} Unexpected fault: ${message}`;
  if (output.verbosity !== "verbose" || !(error instanceof Error)) return [`${line} (--verbose shows where)`];
  return [line, ...printable(error.stack ?? "").split("\n").slice(1)];
}
