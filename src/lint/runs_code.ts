/**
 * Statements that run code which no rule looks into.
 *
 * @module
 */

import { as, type Node, walk } from "./tree.ts";

/**
 * Tells whether a statement runs a block, a procedure, a prepared statement, or a function: they may do anything.
 *
 * @param node The statement.
 * @returns Whether it does. Functions count where they are called for themselves, in `SELECT`.
 */
export function runsCode(node: Node): boolean {
  const select = as(node, "SelectStmt");
  let isCall = false;
  if (select !== undefined) walk(select, ({ funcname }) => isCall ||= funcname !== undefined);
  return isCall ||
    (as(node, "DoStmt") ?? as(node, "CallStmt") ?? as(node, "ExecuteStmt")) !== undefined;
}
