/**
 * Rules about rows.
 *
 * @module
 */

import { shown } from "../names.ts";
import { rowWrites } from "../row_writes.ts";
import type { Rule } from "../rule.ts";
import { all, as, type Node } from "../tree.ts";

const wholeTableWrite: Rule = {
  id: "whole-table-write",
  level: "warning",
  summary: "UPDATE, DELETE or MERGE of all rows in one statement",
  sections: "both",
  *statement({ node }, file) {
    for (const { change, relation, extent } of rowWrites(node)) {
      if (extent === "some" || !file.isInUse(relation)) continue;
      yield {
        message: `All rows of "${shown(relation)}" are locked until this is done, and ${
          change === "delete" ? "lost" : "their old versions stay behind as bloat"
        }`,
        hint: change === "delete"
          ? "Delete in batches, or only what has to go; TRUNCATE if all of it has to"
          : 'Write in batches, in a file with "-- Transaction: none" or outside of migrations',
      };
    }
  },
};

const truncate: Rule = {
  id: "truncate",
  level: "warning",
  summary: "a table that is emptied",
  *statement({ node }, file) {
    const statement = as(node, "TruncateStmt");
    if (statement?.behavior === "DROP_CASCADE") return;
    for (const table of all(statement?.relations, "RangeVar").filter((one) => file.isInUse(one))) {
      yield {
        message: `The rows of "${shown(table)}" are lost`,
        hint: "Excuse the statement, and say why nobody needs them",
      };
    }
  },
};

const truncateCascade: Rule = {
  id: "truncate-cascade",
  level: "error",
  summary: "a table that is emptied with all that refer to it",
  *statement({ node }, file) {
    const statement = as(node, "TruncateStmt");
    if (statement?.behavior !== "DROP_CASCADE") return;
    for (const table of all(statement.relations, "RangeVar").filter((one) => file.isInUse(one))) {
      yield {
        message: `The rows of "${shown(table)}" are lost, and those of all tables that refer to it, directly or not`,
        hint: "Name all tables that are to be emptied, without CASCADE",
      };
    }
  },
};

const duplicateAssignment: Rule = {
  id: "duplicate-assignment",
  level: "error",
  summary: "an UPDATE that sets a column twice, which PostgreSQL refuses",
  sections: "both",
  *statement(statement) {
    const seen = new Set<string>();
    for (const { name, indirection, location } of assignments(statement.node)) {
      if (name === undefined || (indirection?.length ?? 0) > 0) continue;
      if (seen.has(name)) {
        yield {
          message: `"${name}" is set twice`,
          hint: "Remove one of the two",
          offset: statement.at(location),
        };
      }
      seen.add(name);
    }
  },
};

function assignments(node: Node) {
  const update = as(node, "UpdateStmt")?.targetList ?? as(node, "InsertStmt")?.onConflictClause?.targetList;
  return all(update, "ResTarget");
}

/** Rules about rows. */
export const DATA_RULES: readonly Rule[] = [wholeTableWrite, truncate, truncateCascade, duplicateAssignment];
