/**
 * Rules about NOT NULL.
 *
 * @module
 */

import { shown } from "../names.ts";
import { laterFile } from "../other_file.ts";
import type { Rule } from "../rule.ts";
import { addedColumns, addedConstraints, alterations, columnConstraint } from "../table_parts.ts";
import type { LintFile } from "../lint_file.ts";
import { type RangeVar, strings } from "../tree.ts";

const setNotNullScans: Rule = {
  id: "set-not-null-scans",
  level: "error",
  summary: "SET NOT NULL, which reads the whole table while nobody can use it",
  sections: "both",
  *statement(statement, file) {
    for (const { table, column, offset } of requiredColumns(statement, file)) {
      yield {
        message: `Proving that "${column}" has no nulls reads all of "${
          shown(table)
        }" while nobody can read or write it`,
        hint: (file.server?.major ?? 0) >= 18
          ? `ADD CONSTRAINT … NOT NULL ${column} NOT VALID, and VALIDATE it in ${laterFile(statement)}`
          : `Add CHECK (${column} IS NOT NULL) NOT VALID, VALIDATE it in ${
            laterFile(statement)
          }, and only then SET NOT NULL`,
        offset,
      };
    }
  },
};

type Statement = Parameters<NonNullable<Rule["statement"]>>[0];

/** Columns that a statement makes NOT NULL and that no constraint has proved to be so. */
function requiredColumns(statement: Statement, file: LintFile) {
  const found: { table: RangeVar; column: string; offset: number }[] = [];
  for (const { table, command } of alterations(statement.node)) {
    if (command.subtype === "AT_SetNotNull") found.push({ table, column: command.name ?? "", offset: statement.start });
  }
  for (const { table, constraint, column } of addedConstraints(statement.node)) {
    if (constraint.contype !== "CONSTR_NOTNULL" || constraint.skip_validation === true || column !== undefined) {
      continue;
    }
    found.push({ table, column: strings(constraint.keys)[0] ?? "", offset: statement.at(constraint.location) });
  }
  return found.filter(({ table, column }) => {
    const facts = file.catalog.table(table);
    if (!file.isInUse(table) || facts?.columns.get(column)?.notNull === true) return false;
    return ![...facts?.checks.values() ?? []].some((check) => check.valid && check.notNull === column);
  });
}

const requiredColumn: Rule = {
  id: "required-column-without-default",
  level: "error",
  summary: "a new NOT NULL column without a default, which fails as soon as there are rows",
  sections: "both",
  *statement(statement, file) {
    for (const { table, column } of addedColumns(statement.node)) {
      const has = (kind: Parameters<typeof columnConstraint>[1]) => columnConstraint(column, kind) !== undefined;
      if (!has("CONSTR_NOTNULL") && !has("CONSTR_PRIMARY")) continue;
      if (has("CONSTR_DEFAULT") || has("CONSTR_GENERATED") || has("CONSTR_IDENTITY") || !file.isInUse(table)) continue;
      if (/^(?:small|big)?serial\d?$/.test(strings(column.typeName?.names).at(-1) ?? "")) continue;
      yield {
        message: `Adding "${column.colname}" fails if "${shown(table)}" has rows: it is NOT NULL and has no default`,
        hint: "Give it a default, or add it without NOT NULL, fill it, and require it later",
        offset: statement.at(column.location),
      };
    }
  },
};

const dropNotNull: Rule = {
  id: "drop-not-null",
  level: "note",
  summary: "a column that may be null from now on",
  *statement(statement, file) {
    for (const { table, command } of alterations(statement.node)) {
      if (command.subtype !== "AT_DropNotNull" || !file.isInUse(table)) continue;
      yield {
        message: `Code that reads "${shown(table)}.${command.name}" may find nulls from now on`,
        hint: "Deploy code that can do with nulls first",
      };
    }
  },
};

/** Rules about NOT NULL. */
export const NOT_NULL_RULES: readonly Rule[] = [setNotNullScans, requiredColumn, dropNotNull];
