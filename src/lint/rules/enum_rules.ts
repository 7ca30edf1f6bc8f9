/**
 * Rules about enums.
 *
 * @module
 */

import type { Rule } from "../rule.ts";
import { followTransactions } from "../same_transaction.ts";
import { as, strings, walk } from "../tree.ts";

const valueUsedAtOnce: Rule = {
  id: "enum-value-used-at-once",
  level: "error",
  summary: "a new value of an enum in the transaction that adds it",
  sections: "both",
  follow(file) {
    const added = new Set<string>();
    const isShared = followTransactions(file);
    return function* ({ node }) {
      if (!isShared(node)) added.clear();
      for (const value of literals(node)) {
        if (!added.delete(value)) continue;
        yield {
          message: `PostgreSQL refuses to use "${value}" before the transaction that adds it is over`,
          hint: "Move what uses it to a file of its own, which depends on this one",
        };
      }
      const change = as(node, "AlterEnumStmt");
      if (change?.newVal === undefined || change.oldVal !== undefined) return;
      if (!file.isMadeHere("type", strings(change.typeName))) added.add(change.newVal);
    };
  },
};

/** The strings that a statement compares, inserts or sets. */
function literals(node: unknown): ReadonlySet<string> {
  const found = new Set<string>();
  walk(node, ({ sval }, holder) => {
    if (holder !== "A_Const" || typeof sval !== "object" || sval === null) return;
    const { sval: value } = sval as { readonly sval?: unknown };
    if (typeof value === "string") found.add(value);
  });
  return found;
}

const valueOrder: Rule = {
  id: "enum-value-order",
  level: "off",
  summary: "a new value of an enum without a place",
  *statement({ node }) {
    const change = as(node, "AlterEnumStmt");
    if (change?.newVal === undefined || change.oldVal !== undefined || change.newValNeighbor !== undefined) return;
    yield {
      message: `"${change.newVal}" becomes the last value, which decides how rows are sorted`,
      hint: "Write BEFORE or AFTER another value",
    };
  },
};

const createEnum: Rule = {
  id: "create-enum",
  level: "off",
  summary: "an enum, from which no value can be removed",
  *statement({ node }) {
    const type = as(node, "CreateEnumStmt");
    if (type === undefined) return;
    yield {
      message: `No value can be removed from "${strings(type.typeName).join(".")}" later`,
      hint: "Use a table of values and a foreign key, or text with a check",
    };
  },
};

/** Rules about enums. */
export const ENUM_RULES: readonly Rule[] = [valueUsedAtOnce, valueOrder, createEnum];
