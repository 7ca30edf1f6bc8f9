/**
 * Rules about names that code relies on.
 *
 * @module
 */

import type { LintFile } from "../lint_file.ts";
import { objectName, shown } from "../names.ts";
import type { Rule } from "../rule.ts";
import { as, type RangeVar, strings } from "../tree.ts";

const TABLES: ReadonlySet<string> = new Set(["OBJECT_TABLE", "OBJECT_VIEW", "OBJECT_MATVIEW", "OBJECT_FOREIGN_TABLE"]);

const STEPS = "Add the new one, use both, fill it, move readers over, and drop the old one in a later release";

/** What no code names. */
const UNNAMED: ReadonlySet<string> = new Set([
  "OBJECT_INDEX",
  "OBJECT_TABCONSTRAINT",
  "OBJECT_DOMCONSTRAINT",
  "OBJECT_TRIGGER",
  "OBJECT_EVENT_TRIGGER",
  "OBJECT_POLICY",
  "OBJECT_RULE",
  "OBJECT_STATISTIC_EXT",
]);

const renameColumn: Rule = {
  id: "rename-column",
  level: "error",
  summary: "a column that code which runs finds no more",
  *statement({ node }, file) {
    const rename = as(node, "RenameStmt");
    if (rename?.renameType !== "OBJECT_COLUMN" || !file.isInUse(rename.relation)) return;
    yield {
      message: `Code that runs finds "${shown(rename.relation)}.${rename.subname}" no more from this moment on`,
      hint: STEPS,
    };
  },
};

const renameTable: Rule = {
  id: "rename-table",
  level: "error",
  summary: "a table that code which runs finds no more",
  *statement({ node }, file) {
    const rename = as(node, "RenameStmt");
    if (!TABLES.has(rename?.renameType ?? "") || !file.isInUse(rename?.relation)) return;
    if (isReplaced(rename?.relation, file)) return;
    yield {
      message: `Code that runs finds "${shown(rename?.relation)}" no more from this moment on`,
      hint: "Put a view with the old name in its place, in the same file",
    };
  },
};

/** Whether the file puts something of the same name in the place of a relation. */
function isReplaced(relation: RangeVar | undefined, file: LintFile): boolean {
  return file.isMadeHere("relation", file.catalog.keyOf(relation).split("."));
}

const renameObject: Rule = {
  id: "rename-object",
  level: "warning",
  summary: "a schema, type, function or value that code which runs finds no more",
  *statement({ node }, file) {
    const value = as(node, "AlterEnumStmt");
    if (value?.oldVal !== undefined && !file.isMadeHere("type", strings(value.typeName))) {
      yield { message: `Code that runs finds the value "${value.oldVal}" no more from this moment on`, hint: STEPS };
    }
    const rename = as(node, "RenameStmt");
    const type = rename?.renameType ?? "OBJECT_INDEX";
    if (TABLES.has(type) || UNNAMED.has(type) || type === "OBJECT_COLUMN") return;
    const name = rename?.relation === undefined ? objectName(rename?.object) : [shown(rename.relation)];
    if ((["type", "routine", "relation"] as const).some((kind) => file.isMadeHere(kind, name))) return;
    yield {
      message: `Code that runs finds "${name.join(".") || rename?.subname}" no more from this moment on`,
      hint: STEPS,
    };
  },
};

const moveToSchema: Rule = {
  id: "move-to-schema",
  level: "error",
  summary: "an object that moves to another schema, where code which runs may not find it",
  *statement({ node }, file) {
    const move = as(node, "AlterObjectSchemaStmt");
    if (move === undefined || (move.relation !== undefined && !file.isInUse(move.relation))) return;
    if (
      move.relation === undefined &&
      (["type", "routine"] as const).some((kind) => file.isMadeHere(kind, objectName(move.object)))
    ) {
      return;
    }
    yield {
      message: `Code that runs finds "${
        shown(move.relation) || objectName(move.object).join(".")
      }" no more unless "${move.newschema}" is in its search_path`,
      hint: "Put a view with the old name in its place, or set the search_path of the roles first",
    };
  },
};

/** Rules about names. */
export const RENAME_RULES: readonly Rule[] = [renameColumn, renameTable, renameObject, moveToSchema];
