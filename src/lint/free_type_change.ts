/**
 * Which changes of a column's type need no look at its rows.
 *
 * @module
 */

import type { TypeFacts } from "./tree.ts";

/** Types whose number in parentheses is a limit that may be lifted. */
const LIMITED: ReadonlySet<string> = new Set(["varchar", "varbit", "time", "timetz", "timestamp", "timestamptz"]);

/** Other pairs that are stored alike. */
const ALIKE: ReadonlySet<string> = new Set(["varchar>text", "text>varchar", "cidr>inet"]);

/**
 * Finds out whether a type can be changed in the catalog alone.
 *
 * @param from The type of the column; `undefined` if it is not known.
 * @param to The type that it is to have.
 * @returns Whether that is certain.
 */
export function isFreeTypeChange(from: TypeFacts | undefined, to: TypeFacts): boolean {
  if (from === undefined || from.array !== to.array) return false;
  if (from.name === to.name && from.modifiers.join() === to.modifiers.join()) return true;
  if (from.array) return false;
  if (from.name !== to.name) return ALIKE.has(`${from.name}>${to.name}`) && to.modifiers.length === 0;
  const [limit = Infinity, scale = 0] = to.modifiers;
  const [oldLimit = Infinity, oldScale = 0] = from.modifiers;
  if (from.name === "numeric") {
    return to.modifiers.length === 0 || (from.modifiers.length > 0 && limit >= oldLimit && scale === oldScale);
  }
  return LIMITED.has(from.name) && limit >= oldLimit;
}
