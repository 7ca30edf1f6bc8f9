/**
 * The question before plans are carried out.
 *
 * @module
 */

import type { Plan } from "../core/plan.ts";
import { describeStep } from "../report/plan.ts";
import type { Confirmation } from "./confirm.ts";

/** The plan of one database. */
export interface DatabasePlan {
  /** Name of the database. */
  readonly db: string;
  /** Its plan. */
  readonly value: Plan;
}

/**
 * Counts the steps of plans.
 *
 * @param plans The plans.
 * @returns How many there are.
 */
export function countSteps(plans: readonly DatabasePlan[]): number {
  return plans.reduce((sum, { value }) => sum + value.steps.length, 0);
}

/**
 * Lists what plans would do, and asks.
 *
 * @param plans The plans.
 * @param question What to ask.
 * @returns The question; `undefined` if they would do nothing.
 */
export function confirmPlans(plans: readonly DatabasePlan[], question: string): Confirmation | undefined {
  if (countSteps(plans) === 0) return undefined;
  const steps = plans.flatMap(({ db, value }) =>
    value.steps.map((step) => plans.length === 1 ? `  ${describeStep(step)}` : `  ${db}: ${describeStep(step)}`)
  );
  return { lines: ["This would:", ...steps], question };
}
