/**
 * The SQL that a run would send, in order.
 *
 * @module
 */

import { maskSecrets } from "../core/mask.ts";
import type { Plan, Step } from "../core/plan.ts";
import { remainderOf } from "../core/step_section.ts";
import type { Style } from "./style.ts";
import { countOf } from "./wording.ts";

/** Puts comments into what is left to run of a step: its lines, with secrets masked → more lines. */
export type CommentSql = (lines: readonly string[], index: number) => readonly string[];

/**
 * Prints a plan as an SQL script: a heavy line in front of each step, which is not taken for a comment of the file,
 * then its SQL with secrets masked. Of a part-way migration only what is left is printed, and how much is finished.
 *
 * @param plan The plan.
 * @param style Emphasis of the comments.
 * @param comment What is said beside the SQL; nothing without it.
 * @returns Lines.
 */
export function formatPlan(plan: Plan, style: Style, comment: CommentSql = (lines) => lines): string[] {
  if (plan.steps.length === 0) return [style.dim(`-- ${plan.db}: nothing to do`)];
  const count = countOf(plan.steps.length, "step");
  return [
    style.dim(`-- ${plan.db}: ${count}`),
    ...plan.steps.flatMap((step, index) => [
      "",
      titleLine(step, `${index + 1}/${plan.steps.length}`, style),
      ...bodyLines(step, (lines) => comment(lines, index), style),
    ]),
  ];
}

function titleLine(step: Step, place: string, style: Style): string {
  return style.bold(`-- ==== ${place} ${stepTitle(step, "one transaction")} ==== ${step.path ?? "as it was applied"}`);
}

function bodyLines(
  step: Step,
  comment: (lines: readonly string[]) => readonly string[],
  style: Style,
): readonly string[] {
  const { again, section } = remainderOf(step);
  const lines = [
    ...again.map(({ sql }) => `${maskSecrets(sql)};`),
    ...comment(maskSecrets(section.sql).split("\n")),
  ];
  const sql = lines.join("\n").replace(/^\n+|\s+$/g, "");
  const notes = [
    step.unitsDone === 0 ? "" : `${countOf(step.unitsDone, "statement is", "statements are")} finished and left out`,
    again.length === 0 ? "" : "what they set is set again",
    step.unitState === "started"
      ? "the first one below began and may be finished: up looks, and where the database does not tell it asks"
      : "",
  ].filter((note) => note !== "");
  return [
    ...(notes.length === 0 ? [] : [style.dim(`-- ${notes.join("; ")}`)]),
    ...(sql === "" ? [style.dim("-- (no statements)")] : sql.split("\n")),
  ];
}

/**
 * Says what a step does.
 *
 * @param step The step.
 * @returns `apply 001_users`, `roll back 001_users`, with what is special about it.
 */
export function describeStep(step: Step): string {
  return stepTitle(step);
}

/** @param single What to say of a step that runs in one transaction; nothing where that goes without saying. */
function stepTitle(step: Step, single?: string): string {
  const mode = step.transaction === "none" ? "outside a transaction" : single;
  const notes = [mode, step.late ? "late" : undefined].filter((note) => note !== undefined);
  const suffix = notes.length === 0 ? "" : ` (${notes.join(", ")})`;
  return `${step.direction === "up" ? "apply" : "roll back"} ${step.name}${suffix}`;
}
