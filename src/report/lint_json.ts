/**
 * Findings of a lint as JSON.
 *
 * @module
 */

import type { LintFinding } from "../lint/finding.ts";
import type { Fields } from "./json.ts";

/**
 * Makes the keys of a finding.
 *
 * @param finding The finding.
 * @returns Its fields; `fixable` says whether `--fix` mends it.
 */
export function findingFields(finding: LintFinding): Fields {
  const { rule, severity, message, hint, path, name, line, column, endLine, endColumn, fix } = finding;
  const place = { path, name, line, column, endLine, endColumn };
  return { rule, severity, message, hint: hint ?? null, ...place, fixable: fix !== undefined };
}
