/**
 * Rules about checks, foreign keys and exclusions.
 *
 * @module
 */

import { fixNotValid, refusesNotValid } from "../fix_not_valid.ts";
import type { LintFile } from "../lint_file.ts";
import type { LintStatement } from "../lint_statement.ts";
import { shown } from "../names.ts";
import { laterFile } from "../other_file.ts";
import type { Rule } from "../rule.ts";
import { followTransactions } from "../same_transaction.ts";
import {
  addedConstraints,
  alterations,
  columnConstraint,
  type ConstraintKind,
  keyColumns,
  writtenConstraints,
} from "../table_parts.ts";

function addedLater(statement: LintStatement): string {
  return `Add it NOT VALID, and VALIDATE it in ${laterFile(statement)}, which reads beside those who write`;
}

const PARTITIONS_FIRST =
  "PostgreSQL before 18 takes no NOT VALID here: add it to each partition NOT VALID, VALIDATE it there in later files, " +
  "and then add it to the table, which takes over what its partitions have";

const validatingCheck: Rule = {
  id: "validating-check",
  level: "error",
  summary: "a check that reads the whole table while nobody can use it",
  sections: "both",
  *statement(statement, file) {
    for (const added of addedConstraints(statement.node)) {
      const { table, constraint, column } = added;
      if (constraint.contype !== "CONSTR_CHECK" || constraint.skip_validation === true) continue;
      if (constraint.is_enforced === false || !file.isInUse(table)) continue;
      yield {
        message: `Proving this check reads all of "${shown(table)}" while nobody can read or write it`,
        hint: column === undefined
          ? addedLater(statement)
          : `Add the column alone, then the check as a constraint NOT VALID, and VALIDATE that later`,
        offset: statement.at(constraint.location),
        ...fixNotValid(file, statement, added),
      };
    }
  },
};

const validatingForeignKey: Rule = {
  id: "validating-foreign-key",
  level: "error",
  summary: "a foreign key that reads the whole table while nobody can write",
  sections: "both",
  *statement(statement, file) {
    for (const added of addedConstraints(statement.node)) {
      const { table, constraint, column } = added;
      if (constraint.contype !== "CONSTR_FOREIGN" || constraint.skip_validation === true) continue;
      // A column that comes empty has nothing to prove.
      if (column !== undefined && columnConstraint(column, "CONSTR_DEFAULT") === undefined) continue;
      if (constraint.is_enforced === false || !file.isInUse(table)) continue;
      yield {
        message: `Proving this foreign key reads all of "${shown(table)}" while nobody can write it or "${
          shown(constraint.pktable)
        }"`,
        hint: refusesNotValid(file, added) ? PARTITIONS_FIRST : addedLater(statement),
        offset: statement.at(constraint.location),
        ...fixNotValid(file, statement, added),
      };
    }
  },
};

const exclusion: Rule = {
  id: "exclusion-constraint",
  level: "error",
  summary: "an exclusion constraint, whose index is built while nobody can use the table",
  sections: "both",
  *statement(statement, file) {
    for (const { table, constraint } of addedConstraints(statement.node)) {
      if (constraint.contype !== "CONSTR_EXCLUSION" || !file.isInUse(table)) continue;
      yield {
        message: `Building the index of this constraint blocks reads and writes of "${shown(table)}" until it is done`,
        hint: "There is no way without that lock: run it when nobody is waiting, or move to a new table that has it",
        offset: statement.at(constraint.location),
      };
    }
  },
};

const VALIDATED: readonly ConstraintKind[] = ["CONSTR_CHECK", "CONSTR_FOREIGN", "CONSTR_NOTNULL"];

const validateAtOnce: Rule = {
  id: "validate-in-same-transaction",
  level: "error",
  summary: "NOT VALID and VALIDATE in one transaction, which keeps the lock while it reads",
  sections: "both",
  follow(file) {
    const added = new Set<string>();
    const isShared = followTransactions(file);
    return function* ({ node, section }) {
      if (!isShared(node)) added.clear();
      for (const { table, command } of alterations(node)) {
        const key = `${file.catalog.keyOf(table)}.${command.name}`;
        if (command.subtype !== "AT_ValidateConstraint" || !added.has(key)) continue;
        yield {
          message: `VALIDATE reads all of "${shown(table)}" under the lock that ADD CONSTRAINT took above`,
          hint: section === "up"
            ? "VALIDATE it in a file of its own, which depends on this one"
            : "VALIDATE it in the rollback of a file of its own, on which this one depends",
        };
      }
      for (const name of notValidNames(node, file)) added.add(name);
    };
  },
};

function notValidNames(node: Parameters<typeof addedConstraints>[0], file: LintFile): readonly string[] {
  return addedConstraints(node).flatMap(({ table, constraint }) => {
    const isDeferred = constraint.skip_validation === true && VALIDATED.includes(constraint.contype ?? "CONSTR_NULL");
    return isDeferred && file.isInUse(table) ? [`${file.catalog.keyOf(table)}.${constraint.conname}`] : [];
  });
}

const foreignKeyWithoutIndex: Rule = {
  id: "foreign-key-without-index",
  level: "note",
  summary: "a foreign key without an index on its columns",
  *statement(statement, { catalog, project }) {
    for (const { table, constraint, column } of writtenConstraints(statement.node)) {
      const columns = keyColumns(constraint, column);
      if (constraint.contype !== "CONSTR_FOREIGN" || project.final.hasIndexOn(catalog.keyOf(table), columns)) continue;
      yield {
        message: `No index begins with the foreign key (${columns.join(", ")}) of "${shown(table)}"`,
        hint: "A row that is deleted on the other side is looked for by reading this whole table: index the columns",
        offset: statement.at(constraint.location),
      };
    }
  },
};

/** Rules about checks, foreign keys and exclusions. */
export const CONSTRAINT_RULES: readonly Rule[] = [
  validatingCheck,
  validatingForeignKey,
  exclusion,
  validateAtOnce,
  foreignKeyWithoutIndex,
];
