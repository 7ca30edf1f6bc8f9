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

/** How many findings of one weight are kept: a file that is no migration at all may have one in every character. */
const MOST = 1000;

/** Collects findings; of very many it keeps the first and says how many more there are. */
export class FindingList {
  readonly #kept: Finding[] = [];
  /** By weight, so that no flood of warnings hides an error, or one of errors what is fatal. Most files have none. */
  #counts: Map<string, { seen: number; firstLeftOut?: Finding }> | undefined;

  /**
   * Takes one.
   *
   * @param finding It.
   */
  add(finding: Finding): void {
    const weight = finding.fatal === true ? "fatal" : finding.severity ?? "error";
    this.#counts ??= new Map();
    const count = this.#counts.get(weight) ?? { seen: 0 };
    this.#counts.set(weight, count);
    count.seen++;
    if (count.seen <= MOST) this.#kept.push(finding);
    else count.firstLeftOut ??= finding;
  }

  /**
   * Lists them.
   *
   * @returns Those that were kept, in the order in which they came, and one for each weight of which some were left out.
   */
  list(): readonly Finding[] {
    if (this.#counts === undefined) return this.#kept;
    const rest: Finding[] = [];
    for (const { seen, firstLeftOut } of this.#counts.values()) {
      if (firstLeftOut === undefined) continue;
      const { hint: _, ...finding } = firstLeftOut;
      rest.push({ ...finding, message: `${finding.message}; ${seen - MOST} problems from here on are not listed` });
    }
    return [...this.#kept, ...rest];
  }
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
  if (findings.length === 0) return [];
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
