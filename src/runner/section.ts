/**
 * The part of a migration that a step runs.
 *
 * @module
 */

import type { Section } from "../core/section.ts";
import type { Step } from "../core/plan.ts";

/**
 * The section that a step runs.
 *
 * @param step The step.
 * @returns The section.
 */
export function sectionOf(step: Step): Section {
  return step.direction === "up" ? step.migration.up : step.migration.rollback!;
}
