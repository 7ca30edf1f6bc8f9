/**
 * Rules about taste, which a project may share.
 *
 * @module
 */

import type { Rule } from "../rule.ts";
import type { LintStatement } from "../lint_statement.ts";
import { addedColumns, type Column } from "../table_parts.ts";
import { all, as, type Node, strings, typeFacts } from "../tree.ts";

/** The columns that a statement defines, in a new table or an old one. */
function definedColumns(node: Node): readonly Column[] {
  return [...all(as(node, "CreateStmt")?.tableElts, "ColumnDef"), ...addedColumns(node).map(({ column }) => column)];
}

/** A rule that looks at the types of columns. */
function columnRule(
  rule: Omit<Rule, "level" | "statement"> & { readonly types: ReadonlySet<string>; readonly hint: string },
  message: (column: string, type: string) => string,
): Rule {
  const { types, hint, ...rest } = rule;
  return {
    ...rest,
    level: "off",
    *statement(statement: LintStatement) {
      for (const column of definedColumns(statement.node)) {
        const { name } = typeFacts(column.typeName);
        if (!types.has(name)) continue;
        yield { message: message(column.colname ?? "", name), hint, offset: statement.at(column.location) };
      }
    },
  };
}

const SERIALS = ["serial", "serial2", "serial4", "serial8", "smallserial", "bigserial"];

const preferBigint = columnRule({
  id: "prefer-bigint",
  summary: "a column of a smaller integer than bigint",
  types: new Set(["int4", "int2", "serial", "serial4", "serial2", "smallserial"]),
  hint: "Use bigint: to change it later writes the table anew",
}, (column) => `"${column}" holds at most ten digits, and keys run out of them`);

const preferIdentity = columnRule({
  id: "prefer-identity",
  summary: "a serial column",
  types: new Set(SERIALS),
  hint: "Use GENERATED ALWAYS AS IDENTITY",
}, (column) => `The sequence of "${column}" has an owner and privileges of its own`);

const preferText = columnRule(
  {
    id: "prefer-text",
    summary: "a column of type varchar or char",
    types: new Set(["varchar", "bpchar"]),
    hint: "Use text, with a check if the length has to be limited",
  },
  (column, type) =>
    type === "bpchar"
      ? `"${column}" is filled up with spaces, which comparisons then ignore`
      : `To change the limit of "${column}" later takes a lock on the table`,
);

const preferTimestamptz = columnRule({
  id: "prefer-timestamptz",
  summary: "a column of type timestamp without time zone",
  types: new Set(["timestamp"]),
  hint: "Use timestamptz",
}, (column) => `"${column}" does not say which moment it means`);

const requireSchema: Rule = {
  id: "require-schema",
  level: "off",
  summary: "a table without a schema",
  *statement({ node }) {
    const table = as(node, "CreateStmt")?.relation ?? as(node, "AlterTableStmt")?.relation ??
      as(node, "CreateTableAsStmt")?.into?.rel ?? as(node, "ViewStmt")?.view;
    const dropped = as(node, "DropStmt");
    const first = dropped?.removeType === "OBJECT_TABLE" ? as(dropped.objects?.[0], "List")?.items : undefined;
    const name = table === undefined ? strings(first) : [table.schemaname, table.relname].flatMap((part) => part ?? []);
    if (name.length !== 1 || table?.relpersistence === "t") return;
    yield { message: `The search_path decides which "${name[0]}" this is`, hint: "Name its schema" };
  },
};

const preferIfExists: Rule = {
  id: "prefer-if-exists",
  level: "off",
  summary: "a statement outside of a transaction that cannot be run twice",
  *statement({ node }, { migration }) {
    if (migration.transaction !== "none") return;
    const index = as(node, "IndexStmt");
    const table = as(node, "CreateStmt");
    const drop = as(node, "DropStmt");
    const isOnce = (index !== undefined && index.if_not_exists !== true) ||
      (table !== undefined && table.if_not_exists !== true) || (drop !== undefined && drop.missing_ok !== true);
    if (!isOnce) return;
    yield { message: "By hand this cannot be run again after a failure", hint: "Write IF EXISTS or IF NOT EXISTS" };
  },
};

const constrainedDomain: Rule = {
  id: "create-domain-with-constraint",
  level: "off",
  summary: "a domain with a constraint, which is hard to change later",
  *statement({ node }) {
    const domain = as(node, "CreateDomainStmt");
    const isChecked = all(domain?.constraints, "Constraint").some(({ contype }) =>
      contype === "CONSTR_CHECK" || contype === "CONSTR_NOTNULL"
    );
    if (!isChecked) return;
    yield {
      message: `To change the constraint of "${
        strings(domain?.domainname).join(".")
      }" later reads all tables that use it`,
      hint: "Put the check on the columns",
    };
  },
};

const doBlock: Rule = {
  id: "opaque-statement",
  level: "off",
  summary: "a block of code, which no rule looks into",
  *statement({ node }) {
    if (as(node, "DoStmt") === undefined) return;
    yield { message: "No rule looks into this block", hint: "Write the statements as they are, if that is possible" };
  },
};

/** Rules about taste. */
export const STYLE_RULES: readonly Rule[] = [
  preferBigint,
  preferIdentity,
  preferText,
  preferTimestamptz,
  requireSchema,
  preferIfExists,
  constrainedDomain,
  doBlock,
];
