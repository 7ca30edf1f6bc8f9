/**
 * The part of a migration that a step runs.
 *
 * @module
 */

import type { Step } from "./plan.ts";
import type { Section } from "./section.ts";
import { sessionStatements } from "./session_statements.ts";
import type { Statement } from "./statements.ts";
import { splitUnits } from "./unit.ts";

/**
 * The section that a step runs.
 *
 * @param step The step.
 * @returns The section; an empty one if the file has no marker.
 */
export function sectionOf({ direction, migration }: Pick<Step, "direction" | "migration">): Section {
  return (direction === "up" ? migration.up : migration.rollback) ?? { sql: "", start: 0 };
}

/** What is left of a section. */
export interface Remainder {
  /** What finished units left set in their session, which is set again. */
  readonly again: readonly Statement[];
  /** The section from the first unit on that is not finished. */
  readonly section: Section;
}

/**
 * Finds what is left to run of a step.
 *
 * @param step The step.
 * @returns All of it, unless it is part-way.
 */
export function remainderOf(step: Step): Remainder {
  const section = sectionOf(step);
  const { unitsDone } = step;
  if (unitsDone === 0) return { again: [], section };
  const units = splitUnits(section);
  const from = (units[unitsDone]?.start ?? Infinity) - section.start;
  return {
    again: sessionStatements(units, unitsDone),
    section: { sql: section.sql.slice(from), start: section.start + Math.min(from, section.sql.length) },
  };
}
