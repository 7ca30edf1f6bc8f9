/**
 * Rules about what an older release of the application meets after a migration: for teams that roll back the
 * application and leave the database as it is.
 *
 * @module
 */

import { shown } from "../names.ts";
import type { Rule } from "../rule.ts";
import { addedConstraints, alterations } from "../table_parts.ts";
import { as, type Node, type NodeKind, strings } from "../tree.ts";

const OLDER = "See that the release which runs, and the one before it, can do with both";

const DEFAULTS: Readonly<Record<string, string>> = {
  AT_ColumnDefault: "default",
  AT_SetExpression: "expression",
  AT_DropExpression: "expression",
  AT_AddIdentity: "identity",
  AT_SetIdentity: "identity",
  AT_DropIdentity: "identity",
};

const changeDefault: Rule = {
  id: "change-default",
  level: "off",
  summary: "a default, identity, generated value or sequence that changes",
  *statement({ node }, file) {
    for (const { table, command } of alterations(node)) {
      const what = DEFAULTS[command.subtype ?? ""];
      if (what === undefined || !file.isInUse(table)) continue;
      if (file.isMadeHere("column", [...file.catalog.keyOf(table).split("."), command.name ?? ""])) continue;
      yield { message: `Code that leaves "${command.name}" out gets another value: its ${what} changes`, hint: OLDER };
    }
    const sequence = as(node, "AlterSeqStmt")?.sequence;
    if (sequence === undefined || !file.isInUse(sequence)) return;
    yield { message: `Code that runs gets other numbers of "${shown(sequence)}"`, hint: OLDER };
  },
};

const ACCESS: ReadonlyMap<NodeKind, string> = new Map([
  ["CreatePolicyStmt", "A new policy"],
  ["AlterPolicyStmt", "The policy"],
  ["AlterRoleStmt", "The role"],
  ["AlterRoleSetStmt", "The role"],
]);

const ROW_SECURITY: ReadonlySet<string> = new Set([
  "AT_EnableRowSecurity",
  "AT_DisableRowSecurity",
  "AT_ForceRowSecurity",
  "AT_NoForceRowSecurity",
]);

const changeAccess: Rule = {
  id: "change-access",
  level: "off",
  summary: "row security, a policy or a role that changes",
  *statement({ node }, file) {
    const policy = as(node, "CreatePolicyStmt")?.table ?? as(node, "AlterPolicyStmt")?.table;
    if (policy !== undefined && !file.isInUse(policy)) return;
    for (const [kind, what] of ACCESS) {
      if (as(node, kind) !== undefined) yield { message: `${what} changes what code that runs may do`, hint: OLDER };
    }
    for (const { table, command } of alterations(node)) {
      if (!ROW_SECURITY.has(command.subtype ?? "") || !file.isInUse(table)) continue;
      yield { message: `Code that runs may see other rows of "${shown(table)}"`, hint: OLDER };
    }
  },
};

const revoke: Rule = {
  id: "revoke",
  level: "warning",
  summary: "a privilege that is taken away",
  *statement({ node }) {
    const grant = as(node, "GrantStmt") ?? as(node, "AlterDefaultPrivilegesStmt")?.action;
    const isRevoke = grant?.is_grant === false || grant !== undefined && grant.is_grant === undefined;
    const role = as(node, "GrantRoleStmt");
    if (!isRevoke && (role === undefined || role.is_grant === true)) return;
    // What everybody may do by default is taken away where the object is made.
    const isPublic = (grant?.grantees ?? []).every((one) => as(one, "RoleSpec")?.roletype === "ROLESPEC_PUBLIC");
    if (grant !== undefined && isPublic) return;
    yield { message: "Code that runs may need this privilege", hint: "Deploy code that does without it first" };
  },
};

const OPTIONS: ReadonlyMap<NodeKind, string> = new Map([
  ["AlterFunctionStmt", "The function"],
  ["AlterDatabaseStmt", "The database"],
  ["AlterDatabaseSetStmt", "The database"],
  ["AlterSystemStmt", "The server"],
  ["AlterExtensionStmt", "The extension"],
  ["AlterExtensionContentsStmt", "The extension"],
]);

const changeOptions: Rule = {
  id: "change-options",
  level: "off",
  summary: "an option of a function, view, database, server or extension that changes",
  *statement({ node }, file) {
    for (const [kind, what] of OPTIONS) {
      if (as(node, kind) !== undefined) yield { message: `${what} behaves differently from now on`, hint: OLDER };
    }
    const view = as(node, "AlterTableStmt");
    if (view?.objtype === "OBJECT_VIEW") {
      yield { message: `"${shown(view.relation)}" behaves differently from now on`, hint: OLDER };
    }
    for (const { table, command } of alterations(node)) {
      if (command.subtype !== "AT_ReplicaIdentity" || !file.isInUse(table)) continue;
      yield { message: `Those who replicate "${shown(table)}" get other keys`, hint: OLDER };
    }
  },
};

const SILENCED: ReadonlySet<string> = new Set([
  "AT_DisableTrig",
  "AT_DisableTrigAll",
  "AT_DisableTrigUser",
  "AT_DisableRule",
]);

const disableTrigger: Rule = {
  id: "disable-trigger",
  level: "warning",
  summary: "a trigger that does nothing from now on",
  *statement(statement, file) {
    for (const { table, command } of alterations(statement.node)) {
      if (!SILENCED.has(command.subtype ?? "") || !file.isInUse(table)) continue;
      // One that is enabled again below was only asleep for this transaction.
      const isPaused = file.up.some(({ start, node }) =>
        start > statement.start &&
        alterations(node).some((other) =>
          file.catalog.keyOf(other.table) === file.catalog.keyOf(table) &&
          /^AT_Enable/.test(other.command.subtype ?? "")
        )
      );
      if (isPaused && file.migration.transaction === "single") continue;
      yield {
        message: `Rows of "${shown(table)}" are written without ${
          command.name === undefined ? "its triggers" : `"${command.name}"`
        } from now on`,
        hint: "Enable it again in the same file, or drop it if nobody needs it",
      };
    }
  },
};

const replaceDefinition: Rule = {
  id: "replace-definition",
  level: "off",
  summary: "a view, function, enum or type that becomes another one",
  *statement({ node }, file) {
    const enumType = as(node, "AlterEnumStmt");
    const composite = as(node, "AlterTableStmt");
    const name = as(node, "ViewStmt")?.replace === true
      ? shown(as(node, "ViewStmt")?.view)
      : as(node, "CreateFunctionStmt")?.replace === true
      ? strings(as(node, "CreateFunctionStmt")?.funcname).join(".")
      : enumType?.newVal !== undefined
      ? strings(enumType.typeName).join(".")
      : composite?.objtype === "OBJECT_TYPE"
      ? shown(composite.relation)
      : undefined;
    if (name !== undefined && !file.isMadeHere("type", name.split("."))) {
      yield { message: `Code that runs meets another "${name}" than it was written for`, hint: OLDER };
    }
    for (const { table, command } of alterations(node)) {
      if (command.subtype !== "AT_DropInherit" || !file.isInUse(table)) continue;
      yield { message: `The rows of "${shown(table)}" are no longer found by way of its parent`, hint: OLDER };
    }
  },
};

const writeRestriction: Rule = {
  id: "new-write-restriction",
  level: "off",
  summary: "a constraint that may refuse what older code writes",
  *statement(statement, file) {
    for (const table of restricted(statement.node).filter((one) => file.isInUse(one))) {
      yield {
        message: `Code that runs may write rows to "${
          shown(table)
        }" which are refused from now on, also if it is NOT VALID`,
        hint: OLDER,
      };
    }
  },
};

function restricted(node: Node) {
  const index = as(node, "IndexStmt");
  const constraints = addedConstraints(node).filter(({ constraint: { contype }, column }) =>
    column === undefined && contype !== "CONSTR_DEFAULT"
  );
  const required = alterations(node).filter(({ command }) => command.subtype === "AT_SetNotNull");
  return [
    ...constraints.map(({ table }) => table),
    ...required.map(({ table }) => table),
    ...(index?.unique === true && index.relation !== undefined ? [index.relation] : []),
  ];
}

/** Rules about what older code meets. */
export const BEHAVIOR_RULES: readonly Rule[] = [
  revoke,
  disableTrigger,
  changeDefault,
  changeAccess,
  changeOptions,
  replaceDefinition,
  writeRestriction,
];
