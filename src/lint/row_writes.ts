/**
 * The rows that a statement changes or deletes.
 *
 * @module
 */

import { all, as, type Node, type RangeVar, strings } from "./tree.ts";

/** A part of a statement that changes or deletes rows which are there. */
export interface RowWrite {
  /** What becomes of them. */
  readonly change: "update" | "delete";
  /** The table. */
  readonly relation: RangeVar | undefined;
  /** Whether a condition leaves any of them out. */
  readonly extent: "all" | "some";
}

/**
 * Lists what a statement does to rows that are there, in its `WITH`, too.
 *
 * @param node The statement.
 * @returns Each `UPDATE`, `DELETE` and `MERGE`.
 */
export function rowWrites(node: Node | undefined): readonly RowWrite[] {
  const query = as(node, "CreateTableAsStmt")?.query;
  if (query !== undefined) return rowWrites(query);
  const update = as(node, "UpdateStmt");
  const simple = update ?? as(node, "DeleteStmt");
  const merge = as(node, "MergeStmt");
  const clause = (simple ?? merge ?? as(node, "SelectStmt") ?? as(node, "InsertStmt"))?.withClause;
  const writes = all(clause?.ctes, "CommonTableExpr").flatMap(({ ctequery }) => rowWrites(ctequery));
  if (simple !== undefined) {
    const extent = isAlways(simple.whereClause) ? "all" : "some";
    writes.push({ change: update === undefined ? "delete" : "update", relation: simple.relation, extent });
  }
  for (const { matchKind, commandType, condition } of all(merge?.mergeWhenClauses, "MergeWhenClause")) {
    if (matchKind !== "MERGE_WHEN_MATCHED" || !/UPDATE|DELETE/.test(commandType ?? "")) continue;
    const extent = isAlways(merge?.joinCondition) && isAlways(condition) ? "all" : "some";
    writes.push({ change: commandType === "CMD_DELETE" ? "delete" : "update", relation: merge?.relation, extent });
  }
  return writes;
}

/** Whether a condition holds for every row: it is not there, or `true`, or compares equal constants. */
function isAlways(condition: Node | undefined): boolean {
  if (condition === undefined) return true;
  const { kind, name, lexpr, rexpr } = as(condition, "A_Expr") ?? {};
  if (kind === "AEXPR_OP" && strings(name).join() === "=") {
    const value = constant(lexpr);
    return value !== undefined && value === constant(rexpr);
  }
  return as(condition, "A_Const")?.boolval?.boolval === true;
}

/** A constant as a text that compares; `undefined` for all else, and for NULL, which equals nothing. */
function constant(node: Node | undefined): string | undefined {
  const { location: _, isnull, ...value } = as(node, "A_Const") ?? { isnull: true };
  return isnull === true ? undefined : JSON.stringify(value);
}
