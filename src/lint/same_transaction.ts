/**
 * Which statements share a transaction with those before them.
 *
 * @module
 */

import type { LintFile } from "./lint_file.ts";
import { as, type Node } from "./tree.ts";

/**
 * Follows the transactions of an up section: one for all of it, or without one those of its blocks.
 *
 * @param file The file.
 * @returns Tells of each statement, in order, whether it shares a transaction with the one before it.
 */
export function followTransactions({ migration }: Pick<LintFile, "migration">): (node: Node) => boolean {
  if (migration.transaction === "single") return () => true;
  let isOpen = false;
  return (node) => {
    const kind = as(node, "TransactionStmt")?.kind;
    if (kind === undefined) return isOpen;
    isOpen = kind === "TRANS_STMT_BEGIN" || kind === "TRANS_STMT_START";
    return false;
  };
}
