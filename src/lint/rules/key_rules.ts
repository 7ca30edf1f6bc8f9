/**
 * Rules about primary and unique keys.
 *
 * @module
 */

import { shown } from "../names.ts";
import { earlierFile } from "../other_file.ts";
import type { Rule } from "../rule.ts";
import { addedConstraints } from "../table_parts.ts";

const uniqueBuildsIndex: Rule = {
  id: "unique-constraint-builds-index",
  level: "error",
  summary: "a unique constraint, whose index is built while nobody can use the table",
  sections: "both",
  *statement(statement, file) {
    for (const { table, constraint } of addedConstraints(statement.node)) {
      if (constraint.contype !== "CONSTR_UNIQUE" || constraint.indexname !== undefined || !file.isInUse(table)) {
        continue;
      }
      yield {
        message: `Building the index of this constraint blocks reads and writes of "${shown(table)}" until it is done`,
        hint: `CREATE UNIQUE INDEX CONCURRENTLY in ${earlierFile(statement)}, then ADD CONSTRAINT … UNIQUE USING INDEX`,
        offset: statement.at(constraint.location),
      };
    }
  },
};

const primaryKeyBuildsIndex: Rule = {
  id: "primary-key-builds-index",
  level: "error",
  summary: "a primary key, whose index is built while nobody can use the table",
  sections: "both",
  *statement(statement, file) {
    for (const { table, constraint } of addedConstraints(statement.node)) {
      if (constraint.contype !== "CONSTR_PRIMARY" || constraint.indexname !== undefined || !file.isInUse(table)) {
        continue;
      }
      yield {
        message: `Building the primary key blocks reads and writes of "${shown(table)}" until it is done`,
        hint: `CREATE UNIQUE INDEX CONCURRENTLY in ${
          earlierFile(statement)
        }, then ADD CONSTRAINT … PRIMARY KEY USING INDEX`,
        offset: statement.at(constraint.location),
      };
    }
  },
};

const primaryKeyNullable: Rule = {
  id: "primary-key-on-nullable",
  level: "warning",
  summary: "a primary key of columns that are not known to be NOT NULL, which are read as a whole first",
  sections: "both",
  *statement(statement, file) {
    for (const { table, constraint } of addedConstraints(statement.node)) {
      if (constraint.contype !== "CONSTR_PRIMARY" || constraint.indexname === undefined || !file.isInUse(table)) {
        continue;
      }
      const index = file.catalog.index([
        ...(table.schemaname === undefined ? [] : [table.schemaname]),
        constraint.indexname,
      ]);
      const known = file.catalog.table(table)?.columns;
      if (index !== undefined && index.columns.every((column) => known?.get(column)?.notNull)) continue;
      yield {
        message: `The columns of "${constraint.indexname}" are made NOT NULL, which reads all of "${
          shown(table)
        }" if they are not`,
        hint: `Make them NOT NULL in ${earlierFile(statement)}, by way of a check that is NOT VALID first`,
        offset: statement.at(constraint.location),
      };
    }
  },
};

/** Rules about primary and unique keys. */
export const KEY_RULES: readonly Rule[] = [uniqueBuildsIndex, primaryKeyBuildsIndex, primaryKeyNullable];
