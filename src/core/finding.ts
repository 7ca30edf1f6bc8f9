/**
 * A problem while its place is still an offset.
 *
 * @module
 */

import { Locator } from "./position.ts";
import type { Problem, ProblemCode, Severity } from "./problem.ts";

/** A {@linkcode Problem} of one file before its line and column are counted. */
export interface Finding {
  /** What it is about. */
  readonly code: ProblemCode;
  /** Where it begins, in UTF-16 units of the file's text. */
  readonly offset: number;
  /** One line, without a final period. */
  readonly message: string;
  /** The fix, where there is one. */
  readonly hint?: string;
  /** @default "error" */
  readonly severity?: Severity;
  /** Whether the text cannot be cut into sections and statements for it. @default false */
  readonly fatal?: boolean;
}

/**
 * Counts the lines and columns of findings.
 *
 * @param path The file, as it is to be shown.
 * @param text Its text.
 * @param findings In any order.
 * @returns Problems in the order of the text.
 */
export function locateFindings(path: string, text: string, findings: readonly Finding[]): Problem[] {
  const locator = new Locator(text);
  return findings.toSorted((a, b) => a.offset - b.offset).map((
    { code, offset, message, hint, severity = "error" },
  ) => ({
    code,
    severity,
    message,
    path,
    ...locator.at(offset),
    ...(hint === undefined ? {} : { hint }),
  }));
}
