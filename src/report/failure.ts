/**
 * What went wrong, what stands, and what to do next.
 *
 * @module
 */

import type { MigrationError } from "../core/error.ts";
import type { Direction } from "../core/event.ts";
import type { Problem } from "../core/problem.ts";
import { SqlError } from "../core/sql_error.ts";
import { type CommandLine, spellCommands, spellProblems } from "./advice.ts";
import { formatCodeFrame } from "./code_frame.ts";
import { besideRetry } from "./passing_failure.ts";
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
  /** Whether the run came to it. @default false */
  readonly isBegun?: boolean;
}

/** How {@linkcode formatFailure} explains. */
export interface FailureOptions {
  /** The steps of the run; empty if it did not come to that. */
  readonly planned: readonly PlannedStep[];
  /** Emphasis. */
  readonly style: Style;
  /** Writes a command as it is typed. */
  readonly commandLine: CommandLine;
}

/**
 * Explains an error.
 *
 * @param error The error.
 * @param options What was planned, and how to print.
 * @returns One line for a plain error; a code frame or a list of findings, and a summary of the run, where there are.
 */
export function formatFailure(error: MigrationError, options: FailureOptions): string[] {
  const { style, commandLine } = options;
  const label = style.red(style.bold("Error:"));
  if (error instanceof SqlError) {
    const lines = formatSqlError(error, label, style);
    return [...lines, ...(lines.at(-1) === "" ? [] : [""]), ...summarizeRun(error, options)];
  }
  const hint = error.hint === undefined ? undefined : spellCommands(error.hint, commandLine);
  if (error.problems.length > 0) {
    const problems = withoutHint(spellProblems(error.problems, commandLine), hint);
    return [
      `${label} ${oneLine(error.message)}`,
      ...formatProblems(problems, style).map((line) => `  ${line}`),
      ...(hint === undefined ? [] : [nextLine(hint, style)]),
      ...summarizeRun(error, options),
    ];
  }
  return [`${label} ${oneLine(withHint(error.message, hint))}`, ...summarizeRun(error, options)];
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
function summarizeRun(error: MigrationError, { planned, style, commandLine }: FailureOptions): string[] {
  const done = new Set([
    ...error.applied.map((name) => `up ${name}`),
    ...error.rolledBack.map((name) => `down ${name}`),
  ]);
  const rest = planned.filter((step) => !done.has(`${step.direction} ${step.name}`));
  const lines: string[] = [];
  if (error.rolledBack.length > 0) lines.push(`Rolled back: ${listNames(error.rolledBack)}`);
  if (error.applied.length > 0) lines.push(`Applied: ${listNames(error.applied)}`);
  const unknown = new Set(error.unknown);
  if (unknown.size > 0) lines.push(`Not known: ${listNames([...unknown])}`);
  const left = rest.filter(({ name }) => !unknown.has(name));
  const namesOf = (direction: Direction): string[] =>
    left.filter((step) => step.direction === direction).map((step) => nameWithRemains(step, error));
  if (namesOf("down").length > 0) lines.push(`Not rolled back: ${listNames(namesOf("down"))}`);
  if (namesOf("up").length > 0) lines.push(`Not applied: ${listNames(namesOf("up"))}`);
  if (error instanceof SqlError) {
    const advice = error.hint === undefined ? adviseOn(error, commandLine) : spellCommands(error.hint, commandLine);
    lines.push(nextLine(advice, style));
  }
  return lines;
}

/** The name of what was not done, and of the one that failed or was cancelled what is left of it. */
function nameWithRemains({ name, direction, isBegun }: PlannedStep, error: MigrationError): string {
  const section = direction === "up" ? "it" : "its rollback";
  switch (remainsOf({ name, direction, isBegun: isBegun === true }, error)) {
    case "part":
      return `${name} (what ran of ${section} stays)`;
    case "nothing":
      return `${name} (nothing of ${section} was kept)`;
    default:
      return name;
  }
}

function remainsOf(step: Required<PlannedStep>, error: MigrationError): "part" | "nothing" | undefined {
  if (error instanceof SqlError) {
    if (error.migration !== step.name || error.direction !== step.direction) return undefined;
    return error.code === "PARTIAL" ? "part" : "nothing";
  }
  if (error.code !== "ABORTED" || !step.isBegun) return undefined;
  // An abort has advice only where something is left to resume.
  return error.hint === undefined ? "nothing" : "part";
}

function adviseOn(error: SqlError, commandLine: CommandLine): string {
  const { migration, direction, sqlstate } = error;
  const again = commandLine(direction === "up" ? "up" : error.code === "PARTIAL" ? `down ${migration}` : "down");
  const onward = error.code === "PARTIAL" ? ": it goes on where it stopped" : "";
  const more = besideRetry(sqlstate);
  if (more !== undefined) return `Run ${again} again${more}${onward}`;
  if (direction === "down") {
    const repair = commandLine("repair");
    return `Mend the cause, then run ${again} again${onward}. If the rollback itself is wrong, mend it in the file and run ${repair} first`;
  }
  const what = error.code === "PARTIAL" ? `the rest of ${migration}` : migration;
  return `Mend ${what}, then run ${again} again${onward}`;
}
