/**
 * Findings of a lint as annotations of GitHub Actions.
 *
 * @module
 */

import type { LintFinding } from "../lint/finding.ts";

/** What GitHub calls the weights. */
const COMMANDS = { error: "error", warning: "warning", note: "notice" } as const;

/**
 * Prints findings as commands of a workflow, which GitHub shows at the lines of the files.
 *
 * @param findings The findings, in order.
 * @returns Lines.
 */
export function formatAnnotations(findings: readonly LintFinding[]): string[] {
  return findings.map(({ severity, rule, path, line, column, endLine, endColumn, message, hint }) => {
    // Columns are only understood on one line.
    const columns = endLine === line ? { col: column, endColumn } : {};
    const place = { file: path, line, endLine, ...columns, title: rule };
    const properties = Object.entries(place).map(([key, value]) => `${key}=${escapeProperty(String(value))}`);
    const text = hint === undefined ? message : `${message}. ${hint}`;
    return `::${COMMANDS[severity]} ${properties.join(",")}::${escapeText(text)}`;
  });
}

function escapeText(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeText(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
