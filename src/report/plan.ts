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
 * Prints a plan as an SQL script: a heavy line in front of each step, which is not taken for a comment of the file,
 * then its SQL with secrets masked.
 *
 * @param plan The plan.
 * @param style Emphasis of the comments.
 * @returns Lines.
 */
export function formatPlan(plan: Plan, style: Style): string[] {
  if (plan.steps.length === 0) return [style.dim(`-- ${plan.db}: nothing to do`)];
  const count = countOf(plan.steps.length, "step");
  return [
    style.dim(`-- ${plan.db}: ${count}`),
    ...plan.steps.flatMap((step, index) => ["", ...formatStep(step, `${index + 1}/${plan.steps.length}`, style)]),
  ];
}

function formatStep(step: Step, place: string, style: Style): string[] {
  const sql = maskSecrets(step.sql).replace(/^\n+|\s+$/g, "");
  const origin = step.path ?? "as it was applied";
  return [
    style.bold(`-- ==== ${place} ${stepTitle(step, "one transaction")} ==== ${origin}`),
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
