/**
 * The SQL that a run would send, in order.
 *
 * @module
 */

import { maskSecrets } from "../core/mask.ts";
import type { Plan, Step } from "../core/plan.ts";
import type { Style } from "./style.ts";
import { countOf } from "./wording.ts";

/**
 * Prints a plan as an SQL script: a comment in front of each step, then its SQL with secrets masked.
 *
 * @param plan The plan.
 * @param style Emphasis of the comments.
 * @returns Lines.
 */
export function formatPlan(plan: Plan, style: Style): string[] {
  if (plan.steps.length === 0) return [style.dim(`-- ${plan.db}: nothing to do`)];
  const count = countOf(plan.steps.length, "step");
  return [style.dim(`-- ${plan.db}: ${count}`), ...plan.steps.flatMap((step) => ["", ...formatStep(step, style)])];
}

function formatStep(step: Step, style: Style): string[] {
  const sql = maskSecrets(step.sql).replace(/^\n+|\s+$/g, "");
  return [
    style.bold(`-- ${describeStep(step)}`),
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
  const notes = [];
  if (step.transaction === "none") notes.push("outside a transaction");
  if (step.late) notes.push("late");
  const suffix = notes.length === 0 ? "" : ` (${notes.join(", ")})`;
  return `${step.direction === "up" ? "apply" : "roll back"} ${step.name}${suffix}`;
}
