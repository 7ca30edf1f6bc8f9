/**
 * Rules about what is dropped.
 *
 * @module
 */

import type { LintFile } from "../lint_file.ts";
import { objectName, relationNamed, shown } from "../names.ts";
import type { Rule } from "../rule.ts";
import { alterations } from "../table_parts.ts";
import { all, as, type Node } from "../tree.ts";

const TABLES: ReadonlySet<string> = new Set(["OBJECT_TABLE", "OBJECT_FOREIGN_TABLE"]);
const APART: ReadonlySet<string> = new Set([...TABLES, "OBJECT_SCHEMA", "OBJECT_INDEX"]);
const KINDS = ["relation", "type", "routine", "trigger", "policy", "rule", "other"] as const;

const CODE_FIRST = "Deploy code that does without it first; then excuse the statement, and say since when";

const dropTable: Rule = {
  id: "drop-table",
  level: "error",
  summary: "a table that is dropped with its rows",
  *statement({ node }, file) {
    const drop = as(node, "DropStmt");
    if (!TABLES.has(drop?.removeType ?? "")) return;
    for (const parts of (drop?.objects ?? []).map(objectName)) {
      if (!file.isInUse(relationNamed(parts))) continue;
      yield {
        message: `The rows of "${parts.join(".")}" are lost, and code that runs may still use it`,
        hint: CODE_FIRST,
      };
    }
  },
};

const dropColumn: Rule = {
  id: "drop-column",
  level: "error",
  summary: "a column that is dropped with its values",
  *statement({ node }, file) {
    for (const { table, command } of alterations(node)) {
      if (command.subtype !== "AT_DropColumn" || !file.isInUse(table)) continue;
      if (file.isMadeHere("column", [...file.catalog.keyOf(table).split("."), command.name ?? ""])) continue;
      yield {
        message: `The values of "${shown(table)}.${command.name}" are lost, and code that runs may still use it`,
        hint: CODE_FIRST,
      };
    }
  },
};

const dropSchema: Rule = {
  id: "drop-schema",
  level: "error",
  summary: "a schema that is dropped",
  *statement({ node }, file) {
    const drop = as(node, "DropStmt");
    if (drop?.removeType !== "OBJECT_SCHEMA") return;
    for (const [name = ""] of (drop.objects ?? []).map(objectName)) {
      if (file.isMadeHere("schema", [name])) continue;
      yield { message: `Code that runs may still use what is in the schema "${name}"`, hint: CODE_FIRST };
    }
  },
};

const dropDatabase: Rule = {
  id: "drop-database",
  level: "error",
  summary: "a database that is dropped",
  *statement({ node }) {
    const drop = as(node, "DropdbStmt");
    if (drop === undefined) return;
    yield {
      message: `All that is in the database "${drop.dbname}" is lost, and no rollback brings it back`,
      hint: "Do it by hand, outside of migrations",
    };
  },
};

const dropObject: Rule = {
  id: "drop-object",
  level: "warning",
  summary: "a view, function, type or other object that is dropped",
  *statement({ node }, file) {
    const roles = all(as(node, "DropRoleStmt")?.roles, "RoleSpec").map(({ rolename }) => rolename ?? "");
    for (const role of roles.filter((name) => !file.isMadeHere("other", [name]))) {
      yield { message: `Code that runs may still log in as "${role}"`, hint: CODE_FIRST };
    }
    const drop = as(node, "DropStmt");
    if (drop === undefined || APART.has(drop.removeType ?? "")) return;
    for (const parts of (drop.objects ?? []).map(objectName)) {
      // What is dropped and made again in one file is replaced.
      if (isMade(parts, file)) continue;
      const what = parts.length === 0 ? "what this drops" : `"${parts.join(".")}"`;
      yield { message: `Code that runs may still use ${what}`, hint: CODE_FIRST };
    }
  },
};

function isMade(parts: readonly string[], file: LintFile): boolean {
  return KINDS.some((kind) => file.isMadeHere(kind, parts));
}

const dropCascade: Rule = {
  id: "drop-cascade",
  level: "warning",
  summary: "CASCADE, which drops whatever depends on it",
  *statement({ node }, file) {
    if (as(node, "DropOwnedStmt") !== undefined) {
      yield {
        message: "DROP OWNED drops all that the role has, in every database perhaps something else",
        hint: "REASSIGN OWNED first, and drop by name what has to go",
      };
    }
    const isCascade = as(node, "DropStmt")?.behavior === "DROP_CASCADE" && !isOwn(node, file);
    const isColumn = alterations(node).some(({ command, table }) =>
      command.behavior === "DROP_CASCADE" && file.isInUse(table)
    );
    if (!isCascade && !isColumn) return;
    yield {
      message: "CASCADE drops whatever depends on it, in every database perhaps something else",
      hint: "Drop what depends on it by name, before it",
    };
  },
};

function isOwn(node: Node, file: LintFile): boolean {
  return (as(node, "DropStmt")?.objects ?? []).map(objectName).every((parts) => isMade(parts, file));
}

const dropConstraint: Rule = {
  id: "drop-constraint",
  level: "off",
  summary: "a constraint that is dropped, after which rows may come that older code cannot read",
  *statement({ node }, file) {
    for (const { table, command } of alterations(node)) {
      if (command.subtype !== "AT_DropConstraint" || !file.isInUse(table)) continue;
      yield {
        message: `Rows that break "${command.name}" may come, and cannot be told from older ones`,
        hint: "See that no code relies on it",
      };
    }
  },
};

const dropIndex: Rule = {
  id: "drop-index",
  level: "off",
  summary: "an index that is dropped, which queries may need",
  *statement({ node }) {
    const drop = as(node, "DropStmt");
    if (drop?.removeType !== "OBJECT_INDEX") return;
    for (const parts of (drop.objects ?? []).map(objectName)) {
      yield {
        message: `Queries that used "${parts.join(".")}" read their whole table from now on`,
        hint: "See in pg_stat_user_indexes that nothing uses it",
      };
    }
  },
};

/** Rules about what is dropped. */
export const DROP_RULES: readonly Rule[] = [
  dropTable,
  dropColumn,
  dropSchema,
  dropDatabase,
  dropObject,
  dropCascade,
  dropConstraint,
  dropIndex,
];
