/**
 * Lists of findings.
 *
 * @module
 */

import { formatProblem, type Problem } from "../core/problem.ts";
import { printable } from "./printable.ts";
import type { Style } from "./style.ts";
import { countOf } from "./wording.ts";

/**
 * Prints findings: `path:line:column: message`, each with its fix below.
 *
 * @param problems The findings, in order.
 * @param style Emphasis.
 * @returns Lines.
 */
export function formatProblems(problems: readonly Problem[], style: Style): string[] {
  return problems.flatMap((problem) => {
    const line = printable(formatProblem(problem));
    const message = problem.severity === "error" ? line : `${line} ${style.yellow("(warning)")}`;
    return problem.hint === undefined ? [message] : [message, style.dim(`  ${printable(problem.hint)}`)];
  });
}

/**
 * Prints warnings beside a result, so that they stand out from it.
 *
 * @param problems The warnings, in order.
 * @param style Emphasis.
 * @returns Lines, with `!` in front of each warning.
 */
export function formatWarnings(problems: readonly Problem[], style: Style): string[] {
  return problems.flatMap((problem) =>
    formatProblems([problem], style).map((line, index) => index === 0 ? `${style.yellow("!")} ${line}` : line)
  );
}

/**
 * Counts findings by severity.
 *
 * @param problems The findings.
 * @returns `2 errors, 1 warning`; `No problems` if there are none.
 */
export function countProblems(problems: readonly Problem[]): string {
  const errors = problems.filter((problem) => problem.severity === "error").length;
  const warnings = problems.length - errors;
  const parts = [];
  if (errors > 0) parts.push(countOf(errors, "error"));
  if (warnings > 0) parts.push(countOf(warnings, "warning"));
  return parts.length === 0 ? "No problems" : parts.join(", ");
}
