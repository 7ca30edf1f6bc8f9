/**
 * Rules about rollback sections.
 *
 * @module
 */

import type { CreatedObject } from "../created_objects.ts";
import type { LintFile } from "../lint_file.ts";
import { objectName } from "../names.ts";
import type { Rule } from "../rule.ts";
import { isDropped, type SectionObjects, sectionObjects } from "../section_objects.ts";
import { alterations } from "../table_parts.ts";
import { as } from "../tree.ts";
import { wordsOf } from "../words.ts";

const incompleteRollback: Rule = {
  id: "incomplete-rollback",
  level: "warning",
  summary: "a rollback that does not mention what the migration makes",
  *file(file) {
    const { rollback } = file.migration;
    if (rollback === undefined) return;
    const words = wordsOf(rollback.sql);
    const created = file.project.created.get(file.migration.name) ?? [];
    const section = sectionObjects(file.rollback, created);
    const narrowed = narrowedTables(file);
    const left = created.filter((object) =>
      !isMentioned(object, words) && !isGone(object, section) && !narrowed.has(object.parent ?? "") &&
      !isUndone(object, file)
    );
    const names = [...new Set(left.map(described))];
    if (names.length === 0) return;
    const most = names.slice(0, 5).join(", ") + (names.length > 5 ? ` and ${names.length - 5} more` : "");
    yield {
      message: `The rollback leaves behind what this file makes: ${most}`,
      hint: "Drop it in the rollback section; rehearse proves that nothing is left",
      offset: rollback.start === file.migration.text.length ? rollback.start - 1 : rollback.start,
    };
  },
};

function described({ kind, name, parent }: CreatedObject): string {
  if (name === "") return `${kind} of "${parent?.replace(/^public\./, "")}"`;
  return kind === "relation" || kind === "other" ? `"${name}"` : `${kind} "${name}"`;
}

function isMentioned({ kind, name, parent }: CreatedObject, words: ReadonlySet<string>): boolean {
  if (name !== "") return words.has(name);
  // PostgreSQL names an index without a name after its table.
  const table = parent?.split(".").at(-1) ?? "";
  return kind !== "index" || [...words].some((word) => word.startsWith(`${table}_`) && /_idx\d*$/.test(word));
}

/** Tables that lose a column, and with it the indexes and constraints that are on it. */
function narrowedTables({ rollback, catalog }: LintFile): ReadonlySet<string> {
  const narrowed = rollback.flatMap(({ node }) =>
    alterations(node).filter(({ command }) => command.subtype === "AT_DropColumn")
  );
  return new Set(narrowed.map(({ table }) => catalog.keyOf(table)));
}

function isGone({ key, parent = "" }: CreatedObject, section: SectionObjects): boolean {
  return isDropped(key.replace(/^\w+:/, ""), section) || isDropped(parent, section);
}

/** Whether the file itself drops an object again, or gives it another name. */
function isUndone({ name }: CreatedObject, { up }: LintFile): boolean {
  return up.some(({ node }) => {
    const rename = as(node, "RenameStmt");
    const dropped = (as(node, "DropStmt")?.objects ?? []).map(objectName);
    const parts = alterations(node).filter(({ command }) =>
      /^AT_Drop(?:Column|Constraint)$/.test(command.subtype ?? "")
    );
    return rename?.relation?.relname === name || rename?.subname === name ||
      dropped.some((one) => one.at(-1) === name) || parts.some(({ command }) => command.name === name);
  });
}

const missingRollback: Rule = {
  id: "missing-rollback",
  level: "off",
  summary: "a migration without a rollback section",
  *file({ migration }) {
    if (migration.rollback !== undefined) return;
    yield { message: "There is no way back: the file has no rollback section", hint: "Write one, behind -- ROLLBACK" };
  },
};

/** Rules about rollback sections. */
export const ROLLBACK_RULES: readonly Rule[] = [incompleteRollback, missingRollback];
