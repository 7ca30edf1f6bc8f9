/**
 * Columns and constraints, wherever a statement may write them.
 *
 * @module
 */

import { all, as, type Node, type NodeOf, type RangeVar, strings, walk } from "./tree.ts";

/** A column definition. */
export type Column = NodeOf<"ColumnDef">;

/** A constraint. */
export type Constraint = NodeOf<"Constraint">;

/** One command of `ALTER TABLE`. */
export type AlterCommand = NodeOf<"AlterTableCmd">;

/** A kind of constraint. */
export type ConstraintKind = NonNullable<Constraint["contype"]>;

/** A command of `ALTER TABLE` and its table. */
export interface Alteration {
  /** The table. */
  readonly table: RangeVar;
  /** The command. */
  readonly command: AlterCommand;
}

/**
 * Lists the commands of `ALTER TABLE`.
 *
 * @param node The statement.
 * @returns The commands; none for another statement, or one on an index, a view or a type.
 */
export function alterations(node: Node): readonly Alteration[] {
  const statement = as(node, "AlterTableStmt");
  const table = statement?.relation;
  if (table === undefined || (statement?.objtype !== "OBJECT_TABLE" && statement?.objtype !== "OBJECT_FOREIGN_TABLE")) {
    return [];
  }
  return all(statement.cmds, "AlterTableCmd").map((command) => ({ table, command }));
}

/** A column that is added to a table which is there. */
export interface AddedColumn {
  /** The table. */
  readonly table: RangeVar;
  /** The column. */
  readonly column: Column;
}

/**
 * Lists the columns that a statement adds to a table.
 *
 * @param node The statement.
 * @returns They.
 */
export function addedColumns(node: Node): readonly AddedColumn[] {
  return alterations(node).flatMap(({ table, command }) => {
    const column = command.subtype === "AT_AddColumn" ? as(command.def, "ColumnDef") : undefined;
    return column === undefined ? [] : [{ table, column }];
  });
}

/** A constraint that is added to a table which is there. */
export interface AddedConstraint {
  /** The table. */
  readonly table: RangeVar;
  /** The constraint. */
  readonly constraint: Constraint;
  /** The column that it was written at, if it came with one. */
  readonly column: Column | undefined;
}

/**
 * Lists the constraints that a statement adds to a table, those of added columns included.
 *
 * @param node The statement.
 * @returns They.
 */
export function addedConstraints(node: Node): readonly AddedConstraint[] {
  return alterations(node).flatMap(({ table, command }) => {
    const column = command.subtype === "AT_AddColumn" ? as(command.def, "ColumnDef") : undefined;
    const found = command.subtype === "AT_AddConstraint" ? as(command.def, "Constraint") : undefined;
    const constraints = column === undefined ? (found === undefined ? [] : [found]) : columnConstraints(column);
    return constraints.map((constraint) => ({ table, constraint, column }));
  });
}

/**
 * Lists the constraints of a statement, those of a new table included.
 *
 * @param node The statement.
 * @returns They.
 */
export function writtenConstraints(node: Node): readonly AddedConstraint[] {
  const created = as(node, "CreateStmt");
  const table = created?.relation;
  if (table === undefined) return addedConstraints(node);
  return [
    ...all(created?.tableElts, "ColumnDef").flatMap((column) =>
      columnConstraints(column).map((constraint) => ({ table, constraint, column }))
    ),
    ...all(created?.tableElts, "Constraint").map((constraint) => ({ table, constraint, column: undefined })),
  ];
}

/**
 * Lists the constraints of a column.
 *
 * @param column The column.
 * @returns They; default, identity and the like are constraints to the grammar.
 */
export function columnConstraints(column: Column): readonly Constraint[] {
  return all(column.constraints, "Constraint");
}

/**
 * Finds a constraint of a column.
 *
 * @param column The column.
 * @param kind Its kind.
 * @returns It.
 */
export function columnConstraint(column: Column, kind: ConstraintKind): Constraint | undefined {
  return columnConstraints(column).find(({ contype }) => contype === kind);
}

/**
 * Lists the columns of a key.
 *
 * @param constraint The key.
 * @param column The column that it was written at.
 * @returns Their names.
 */
export function keyColumns(constraint: Constraint, column?: Column): readonly string[] {
  if (column?.colname !== undefined) return [column.colname];
  return strings(constraint.contype === "CONSTR_FOREIGN" ? constraint.fk_attrs : constraint.keys);
}

/**
 * Finds out whether a check is that a column is not null.
 *
 * @param constraint A check constraint.
 * @returns The column.
 */
export function notNullColumn(constraint: Constraint): string | undefined {
  if (constraint.contype === "CONSTR_NOTNULL") return strings(constraint.keys)[0];
  const test = as(constraint.raw_expr, "NullTest");
  if (test?.nulltesttype !== "IS_NOT_NULL") return undefined;
  const fields = strings(as(test.arg, "ColumnRef")?.fields);
  return fields.length === 1 ? fields[0] : undefined;
}

/**
 * Lists the columns that a check is about.
 *
 * @param constraint A check constraint.
 * @returns Their names.
 */
export function checkedColumns(constraint: Constraint): ReadonlySet<string> {
  const columns = new Set(constraint.contype === "CONSTR_NOTNULL" ? strings(constraint.keys) : []);
  walk(constraint.raw_expr, ({ fields }, holder) => {
    if (holder === "ColumnRef" && Array.isArray(fields)) columns.add(strings(fields).at(-1) ?? "");
  });
  return columns;
}
