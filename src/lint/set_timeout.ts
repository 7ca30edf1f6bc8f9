/**
 * Time-outs that a statement sets.
 *
 * @module
 */

import { as, type Node } from "./tree.ts";

/**
 * Reads what a statement sets a time-out to.
 *
 * @param node The statement.
 * @param name The setting.
 * @returns The number, in whatever unit; `undefined` if it sets something else.
 */
export function setTimeout(node: Node, name: string): number | undefined {
  const set = as(node, "VariableSetStmt");
  if (set?.name !== name) return undefined;
  const value = as(set.args?.[0], "A_Const");
  return value?.ival === undefined ? Number.parseFloat(value?.sval?.sval ?? "0") : value.ival.ival ?? 0;
}
