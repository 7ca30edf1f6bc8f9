/**
 * The units of a `Transaction: none` migration: what is finished or not, each by itself.
 *
 * @module
 */

import type { AloneStatement } from "./alone_statement.ts";
import type { Section } from "./section.ts";
import { splitStatements, type Statement } from "./statements.ts";

/** `transaction`: commits together with its entry in the history. `alone`: is sent alone, between two entries. */
export type UnitMode = "transaction" | "alone";

/** One unit: a statement, or a block from `BEGIN` to `COMMIT`. */
export interface Unit {
  /** Its number, from 1. */
  readonly number: number;
  /** Where it begins in the text of the file, in UTF-16 units: of a block, its BEGIN. */
  readonly start: number;
  /** How it is run. */
  readonly mode: UnitMode;
  /** What is sent: of a block, the statements inside. */
  readonly section: Section;
  /** What is known of a statement that is sent alone. */
  readonly alone: AloneStatement | undefined;
}

/**
 * Splits a section into units.
 *
 * @param section A section of a `Transaction: none` migration.
 * @returns The units, in order.
 */
export function splitUnits(section: Section): Unit[] {
  const units: Omit<Unit, "number">[] = [];
  let block: Statement[] | undefined;
  let start = 0;
  for (const statement of splitStatements(section)) {
    if (block === undefined) start = statement.start;
    if (statement.kind === "begin") block = [];
    else if (statement.kind === "commit") {
      if (block?.[0] !== undefined) {
        units.push({ start, mode: "transaction", section: cut(section, block), alone: undefined });
      }
      block = undefined;
    } else if (block !== undefined) block.push(statement);
    else {
      const { alone } = statement;
      units.push({
        start,
        mode: alone === undefined ? "transaction" : "alone",
        section: cut(section, [statement]),
        alone,
      });
    }
  }
  return units.map((unit, index) => ({ number: index + 1, ...unit }));
}

/** The part of a section from the first to the last of some statements. */
function cut(section: Section, statements: readonly Statement[]): Section {
  const [start, end] = [statements[0]!.start, statements.at(-1)!.end];
  return { sql: section.sql.slice(start - section.start, end - section.start), start };
}
