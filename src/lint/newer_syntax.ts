/**
 * What of SQL only newer releases understand.
 *
 * @module
 */

import { type Node, walk } from "./tree.ts";

/** A piece of syntax. */
export interface NewerSyntax {
  /** What it is, as it is written. */
  readonly what: string;
  /** The first release that understands it. */
  readonly since: number;
}

/** Finds one piece in an object of a tree. */
type Test = (value: Readonly<Record<string, unknown>>, holder: string) => boolean;

const PIECES: readonly (NewerSyntax & { readonly test: Test })[] = [
  { what: "MERGE", since: 15, test: (_, holder) => holder === "MergeStmt" },
  {
    what: "MERGE … RETURNING",
    since: 17,
    test: (value, holder) => holder === "MergeStmt" && "returningClause" in value,
  },
  { what: "NULLS NOT DISTINCT", since: 15, test: (value) => value.nulls_not_distinct === true },
  { what: "SET ACCESS METHOD", since: 15, test: (value) => value.subtype === "AT_SetAccessMethod" },
  { what: "ON DELETE SET with a list of columns", since: 15, test: (value) => "fk_del_set_cols" in value },
  { what: "STORAGE in a column definition", since: 16, test: (value) => "storage_name" in value },
  { what: "SET EXPRESSION", since: 17, test: (value) => value.subtype === "AT_SetExpression" },
  { what: "JSON_TABLE", since: 17, test: (_, holder) => holder === "JsonTable" },
  { what: "a virtual generated column", since: 18, test: (value) => value.generated_kind === "v" },
  { what: "NOT ENFORCED", since: 18, test: (value) => "contype" in value && isNotEnforced(value) },
  { what: "WITHOUT OVERLAPS", since: 18, test: (value) => value.without_overlaps === true },
  { what: "PERIOD", since: 18, test: (value) => value.fk_with_period === true },
  { what: "NOT NULL as a constraint of a table", since: 18, test: isTableNotNull },
];

function isNotEnforced({ contype, is_enforced: isEnforced }: Readonly<Record<string, unknown>>): boolean {
  return (contype === "CONSTR_CHECK" || contype === "CONSTR_FOREIGN") && isEnforced !== true;
}

function isTableNotNull({ contype, keys }: Readonly<Record<string, unknown>>): boolean {
  return contype === "CONSTR_NOTNULL" && keys !== undefined;
}

/**
 * Lists what of a statement not all releases understand.
 *
 * @param node The statement.
 * @returns Each piece once.
 */
export function newerSyntax(node: Node): readonly NewerSyntax[] {
  const found = new Set<NewerSyntax>();
  walk(node, (value, holder) => {
    for (const piece of PIECES) if (piece.test(value, holder)) found.add(piece);
  });
  return [...found];
}
