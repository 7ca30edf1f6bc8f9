/**
 * What a lint found, for people.
 *
 * @module
 */

import type { LintFinding, LintReport } from "../lint/finding.ts";
import type { LintSeverity } from "../lint/rule.ts";
import { formatCodeFrame } from "./code_frame.ts";
import { printable } from "./printable.ts";
import type { Paint, Style } from "./style.ts";
import { countOf } from "./wording.ts";

/**
 * Prints findings: place, weight, rule and message, the line with a caret, and what to do instead.
 *
 * @param findings The findings, in order.
 * @param style Emphasis.
 * @returns Lines.
 */
export function formatFindings(findings: readonly LintFinding[], style: Style): string[] {
  return findings.flatMap((finding) => {
    const { path, line, column, severity, rule, message, hint, text } = finding;
    const place = style.bold(printable(`${path}:${line}:${column}`));
    const weight = paintOf(severity, style)(`${severity}[${rule}]`);
    return [
      `${place}: ${weight}: ${printable(message)}`,
      ...(text === undefined ? [] : formatCodeFrame({ excerpt: [{ line, text }], line, column }, style)),
      ...(hint === undefined ? [] : [style.dim(`  ${printable(hint)}`)]),
      "",
    ];
  });
}

function paintOf(severity: LintSeverity, style: Style): Paint {
  return severity === "error" ? style.red : severity === "warning" ? style.yellow : style.cyan;
}

/**
 * Counts what was found.
 *
 * @param report What linting came to.
 * @returns As in `12 files: 2 errors, 1 note (1 ignored)`.
 */
export function countFindings({ findings, files, ignored }: LintReport): string {
  const counts = (["error", "warning", "note"] as const).flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return count === 0 ? [] : [countOf(count, severity)];
  });
  const found = counts.length === 0 ? "no problems" : counts.join(", ");
  const excused = ignored === 0 ? "" : ` (${ignored} ignored)`;
  return `${countOf(files, "file")}: ${found}${excused}`;
}
