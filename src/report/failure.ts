/**
 * What went wrong, what stands, and what to do next.
 *
 * @module
 */

import type { MigrationError } from "../core/error.ts";
import type { Direction } from "../core/event.ts";
import { SqlError } from "../core/sql_error.ts";
import { formatCodeFrame } from "./code_frame.ts";
import { oneLine, printable } from "./printable.ts";
import { formatProblems } from "./problems.ts";
import type { Style } from "./style.ts";
import { listNames, withHint } from "./wording.ts";

/** What a run was about to do. */
export interface PlannedStep {
  /** Name of the migration. */
  readonly name: string;
  /** Which section. */
  readonly direction: Direction;
}

/**
 * Explains an error.
 *
 * @param error The error.
 * @param planned The steps of the run, if it came to that.
 * @param style Emphasis.
 * @returns One line for a plain error; a code frame or a list of findings, and a summary of the run, where there are.
 */
export function formatFailure(error: MigrationError, planned: readonly PlannedStep[], style: Style): string[] {
  const label = style.red(style.bold("Error:"));
  if (error instanceof SqlError) {
    return [...formatSqlError(error, label, style), ...summarizeRun(error, planned, style)];
  }
  if (error.problems.length > 0) {
    return [
      `${label} ${oneLine(error.message)}`,
      ...formatProblems(error.problems, style).map((line) => `  ${line}`),
      ...(error.hint === undefined ? [] : [`Next: ${oneLine(error.hint)}`]),
      ...summarizeRun(error, planned, style),
    ];
  }
  return [`${label} ${oneLine(withHint(error.message, error.hint))}`, ...summarizeRun(error, planned, style)];
}

function formatSqlError(error: SqlError, label: string, style: Style): string[] {
  const what = error.direction === "up" ? `"${error.migration}" failed` : `The rollback of "${error.migration}" failed`;
  const state = error.sqlstate === undefined ? "" : ` (${error.sqlstate})`;
  const lines = [`${label} ${what}: ${printable(error.serverMessage)}${state}`, `  ${style.cyan(error.place)}`];
  const frame = formatCodeFrame(error, style);
  if (frame.length > 0) lines.push("", ...frame.map((line) => `  ${line}`), "");
  lines.push(...labelled("Detail", error.detail), ...labelled("Hint", error.serverHint));
  lines.push(...labelled("Inside", error.internalQuery), ...labelled("Where", error.where));
  return lines;
}

function labelled(label: string, text: string | undefined): string[] {
  if (text === undefined || text === "") return [];
  return `${label}: ${printable(text).trim()}`.split("\n").map((line, index) =>
    index === 0 ? `  ${line}` : `    ${line}`
  );
}

/** What is done, what is not, and what comes next; nothing for a run that never began. */
function summarizeRun(error: MigrationError, planned: readonly PlannedStep[], style: Style): string[] {
  const done = new Set([
    ...error.applied.map((name) => `up ${name}`),
    ...error.rolledBack.map((name) => `down ${name}`),
  ]);
  const rest = planned.filter((step) => !done.has(`${step.direction} ${step.name}`));
  const lines: string[] = [];
  if (error.rolledBack.length > 0) lines.push(`Rolled back: ${listNames(error.rolledBack)}`);
  if (error.applied.length > 0) lines.push(`Applied: ${listNames(error.applied)}`);
  const isUnknown = error.code === "OUTCOME_UNKNOWN";
  if (isUnknown && rest.length > 0) lines.push(`Not known: ${rest[0]!.name}`);
  const left = rest.slice(isUnknown ? 1 : 0);
  const namesOf = (direction: Direction): string[] =>
    left.filter((step) => step.direction === direction).map((step) => step.name);
  if (namesOf("down").length > 0) lines.push(`Not rolled back: ${listNames(namesOf("down"))}`);
  if (namesOf("up").length > 0) lines.push(`Not applied: ${listNames(namesOf("up"))}`);
  if (error instanceof SqlError) lines.push(`${style.bold("Next:")} ${oneLine(error.hint ?? adviseOn(error))}`);
  return lines;
}

function adviseOn(error: SqlError): string {
  if (error.code === "PARTIAL") {
    return error.direction === "up"
      ? `What ran of "${error.migration}" stays. Mend the rest of it and run up again: it goes on where it stopped`
      : `What ran of the rollback stays. Mend the cause and run down ${error.migration} again: it goes on where it stopped`;
  }
  return error.direction === "up"
    ? `Nothing of "${error.migration}" was kept. Mend it and run up again`
    : `Nothing of the rollback was kept. Mend the cause and run down again`;
}
