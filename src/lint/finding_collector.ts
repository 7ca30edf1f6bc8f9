/**
 * Collects what rules find in a file, without what comments excuse.
 *
 * @module
 */

import { Locator } from "../core/position.ts";
import type { LintFinding } from "./finding.ts";
import { findIgnores, type IgnoreComment } from "./ignore_comment.ts";
import type { LintFile } from "./lint_file.ts";
import type { LintStatement } from "./lint_statement.ts";
import type { LintLevel, Rule, Violation } from "./rule.ts";
import { INVALID_IGNORE, RULES, UNUSED_IGNORE } from "./rules.ts";

/** A finding before its lines and columns are counted. */
interface Draft {
  readonly rule: Rule;
  readonly violation: Violation;
  readonly start: number;
  readonly end: number;
}

/** Collects what rules find in a file. */
export class FindingCollector {
  readonly #file: LintFile;
  readonly #levels: ReadonlyMap<string, LintLevel>;
  readonly #ignores: readonly IgnoreComment[];
  readonly #used = new Set<IgnoreComment>();
  readonly #drafts: Draft[] = [];
  #ignored = 0;

  /**
   * @param file The file.
   * @param levels What the project makes of rules.
   */
  constructor(file: LintFile, levels: ReadonlyMap<string, LintLevel>) {
    this.#file = file;
    this.#levels = levels;
    this.#ignores = findIgnores(file.migration.text, [...file.up, ...file.rollback]);
  }

  /**
   * Takes what a rule found.
   *
   * @param rule The rule.
   * @param violation What it found.
   * @param statement Where; the file as a whole without it.
   */
  add(rule: Rule, violation: Violation, statement?: LintStatement): void {
    const start = violation.offset ?? statement?.start ?? this.#file.up[0]?.start ?? 0;
    const around = statement ?? [...this.#file.up, ...this.#file.rollback].find((one) => one.end > start);
    const excuse = this.#ignores.find(({ rules, reason, statement: at, isHeader }) =>
      reason !== "" && rules.includes(rule.id) && (statement === undefined && isHeader || at === around?.start)
    );
    if (excuse !== undefined) {
      this.#used.add(excuse);
      this.#ignored++;
    } else this.#drafts.push({ rule, violation, start, end: Math.max(start, around?.end ?? start) });
  }

  /**
   * Ends the collection.
   *
   * @returns What was found, in the order of the text, and how much of it is excused.
   */
  finish(): { readonly findings: readonly LintFinding[]; readonly ignored: number } {
    this.#judgeIgnores();
    const { text, path, name } = this.#file.migration;
    const locator = new Locator(text);
    const findings = this.#drafts.toSorted((a, b) => a.start - b.start).flatMap(({ rule, violation, start, end }) => {
      const severity = this.#levels.get(rule.id) ?? rule.level;
      if (severity === "off") return [];
      const from = locator.at(start);
      const to = locator.at(end);
      const lineStart = text.lastIndexOf("\n", start - 1) + 1;
      return [{
        rule: rule.id,
        severity,
        message: violation.message,
        hint: violation.hint,
        path,
        name,
        ...from,
        endLine: to.line,
        endColumn: to.column,
        text: text.slice(lineStart, (text.indexOf("\n", start) + 1 || text.length + 1) - 1),
        fix: violation.fix,
        unfixed: violation.unfixed,
      }];
    });
    return { findings, ignored: this.#ignored };
  }

  /** A comment that excuses nothing, or does not say why, would be believed by whoever reads the file. */
  #judgeIgnores(): void {
    for (const comment of this.#ignores) {
      const { rules, reason, offset } = comment;
      const draft = (rule: Rule, violation: Violation) =>
        this.#drafts.push({ rule, violation, start: offset, end: offset });
      const unknown = rules.find((id) => !RULES.some((rule) => rule.id === id));
      if (rules.length === 0 || unknown !== undefined) {
        const what = unknown === undefined ? "names no rule" : `names no rule of ours: "${unknown}"`;
        draft(INVALID_IGNORE, { message: `The comment ${what}`, hint: "Write -- lint: ignore RULE reason" });
      } else if (reason === "") {
        draft(INVALID_IGNORE, {
          message: `The comment does not say why "${rules.join(", ")}" may be ignored`,
          hint: "Write the reason behind the rule; without one it is not ignored",
        });
      } else if (!this.#used.has(comment)) {
        draft(UNUSED_IGNORE, {
          message: `"${rules.join(", ")}" finds nothing here`,
          hint: "Remove the comment, or move it in front of the statement that it is about",
        });
      }
    }
  }
}
