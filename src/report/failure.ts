/**
 * What went wrong, what stands, and what to do next.
 *
 * @module
 */

import type { MigrationError } from "../core/error.ts";
import type { Direction } from "../core/event.ts";
import type { Problem } from "../core/problem.ts";
import { SqlError } from "../core/sql_error.ts";
import { formatCodeFrame } from "./code_frame.ts";
import { oneLine, printable } from "./printable.ts";
import { formatProblems } from "./problems.ts";
import type { Style } from "./style.ts";
import { listNames, withHint } from "./wording.ts";

/** Failures that have their cause in what else the server does, and what helps beside another try. */
const PASSING: Readonly<Record<string, string>> = {
  "40001": "",
  "40P01": "",
  "55P03": ", or give it more time with --lock-timeout",
  "57014": ", or give it more time with --statement-timeout",
};

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
    const lines = formatSqlError(error, label, style);
    return [...lines, ...(lines.at(-1) === "" ? [] : [""]), ...summarizeRun(error, planned, style)];
  }
  if (error.problems.length > 0) {
    return [
      `${label} ${oneLine(error.message)}`,
      ...formatProblems(withoutHint(error.problems, error.hint), style).map((line) => `  ${line}`),
      ...(error.hint === undefined ? [] : [nextLine(error.hint, style)]),
      ...summarizeRun(error, planned, style),
    ];
  }
  return [`${label} ${oneLine(withHint(error.message, error.hint))}`, ...summarizeRun(error, planned, style)];
}

/** Advice that stands below a list is not repeated in it. */
function withoutHint(problems: readonly Problem[], hint: string | undefined): readonly Problem[] {
  return problems.map((problem) => {
    const { hint: own, ...rest } = problem;
    return own === hint ? rest : problem;
  });
}

function nextLine(advice: string, style: Style): string {
  return `${style.bold("Next:")} ${oneLine(advice)}`;
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
    left.filter((step) => step.direction === direction).map((step) => nameWithRemains(step, error));
  if (namesOf("down").length > 0) lines.push(`Not rolled back: ${listNames(namesOf("down"))}`);
  if (namesOf("up").length > 0) lines.push(`Not applied: ${listNames(namesOf("up"))}`);
  if (error instanceof SqlError) lines.push(nextLine(error.hint ?? adviseOn(error), style));
  return lines;
}

/** The name of what was not done, and of the one that failed what is left of it. */
function nameWithRemains({ name, direction }: PlannedStep, error: MigrationError): string {
  if (!(error instanceof SqlError) || error.migration !== name || error.direction !== direction) return name;
  const section = direction === "up" ? "it" : "its rollback";
  return error.code === "PARTIAL"
    ? `${name} (what ran of ${section} stays)`
    : `${name} (nothing of ${section} was kept)`;
}

function adviseOn(error: SqlError): string {
  const { migration, direction, sqlstate } = error;
  const again = direction === "up" ? "up" : error.code === "PARTIAL" ? `down ${migration}` : "down";
  const onward = error.code === "PARTIAL" ? ": it goes on where it stopped" : "";
  if (sqlstate !== undefined && Object.hasOwn(PASSING, sqlstate)) {
    return `Run ${again} again${PASSING[sqlstate]}${onward}`;
  }
  if (direction === "down") {
    return `Mend the cause, then run ${again} again${onward}. If the rollback itself is wrong, mend it in the file and run repair first`;
  }
  const what = error.code === "PARTIAL" ? `the rest of ${migration}` : migration;
  return `Mend ${what}, then run ${again} again${onward}`;
}
