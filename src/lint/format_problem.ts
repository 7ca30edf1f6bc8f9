/**
 * Problems of files that cannot be linted, as findings.
 *
 * @module
 */

import type { Problem } from "../core/problem.ts";
import type { LintFinding } from "./finding.ts";

/**
 * Makes a finding of a problem: the rule is what the problem is about.
 *
 * @param problem The problem.
 * @returns The finding.
 */
export function fromProblem(problem: Problem): LintFinding {
  const { code, severity, message, hint, path = "", line = 1, column = 1 } = problem;
  const file = path.slice(path.lastIndexOf("/") + 1);
  return {
    rule: code,
    severity,
    message,
    hint,
    path,
    name: problem.name ?? file.replace(/\.sql$/, ""),
    line,
    column,
    endLine: line,
    endColumn: column,
    text: undefined,
    fix: undefined,
  };
}
