/**
 * Constraints of tables and domains.
 *
 * @module
 */

import { quoteName, quoteParts } from "../../core/quote_name.ts";
import { objectIdentity, objectKey, type SchemaObject } from "../schema.ts";
import { afterwordsSql, commentSql } from "./object_sql.ts";
import { partitionKeys } from "./partition_sql.ts";
import { type Piece, rankOf } from "./piece.ts";
import type { SchemaIndex } from "./schema_index.ts";
import { linesOf, storageOptions } from "./words.ts";

/**
 * Tells whether a constraint may stand in `CREATE TABLE`. Foreign keys come last; one that is not valid would be checked
 * there, and an index of a partitioned table would be made for every partition that is attached later.
 *
 * @param constraint The constraint.
 * @param table Its table.
 */
export function isInline({ attributes }: SchemaObject, table: SchemaObject): boolean {
  const definition = attributes.definition ?? "";
  if (definition.startsWith("FOREIGN KEY") || /(?:NOT VALID|NOT ENFORCED)$/.test(definition)) return false;
  return definition.startsWith("CHECK") || table.attributes["partition key"] === undefined;
}

/**
 * Writes a constraint as a clause.
 *
 * @param constraint The constraint.
 * @returns `CONSTRAINT name CHECK (…)`.
 */
export function constraintClause({ name, attributes }: SchemaObject): string {
  const options = storageOptions(linesOf(attributes["index options"]));
  const space = attributes.tablespace === undefined
    ? ""
    : ` USING INDEX TABLESPACE ${quoteName(attributes.tablespace)}`;
  const definition = attributes.definition ?? "";
  // Options of the index stand between the columns and what is said of deferring.
  const [, start = "", end = ""] = /^(.*?)((?: WHERE \(.*\))?(?: (?:NOT )?DEFERRABLE.*)?)$/s.exec(definition) ?? [];
  const whole = options === undefined && space === ""
    ? definition
    : `${start}${options === undefined ? "" : ` WITH ${options}`}${space}${end}`;
  return `CONSTRAINT ${quoteName(name.at(-1)!)} ${whole}`;
}

/**
 * Writes what is said of a constraint once it is there.
 *
 * @param constraint The constraint.
 * @returns Statements.
 */
export function constraintAfterwords(constraint: SchemaObject): readonly string[] {
  const { name, attributes } = constraint;
  const index = quoteParts([name[0]!, name[2]!]);
  return [
    ...(attributes.clustered === undefined
      ? []
      : [`ALTER TABLE ${quoteParts(name.slice(0, 2))} CLUSTER ON ${quoteName(name[2]!)};`]),
    ...afterwordsSql(constraint),
    ...commentSql(`INDEX ${index}`, attributes["index comment"]),
  ];
}

/**
 * Makes the pieces of a constraint that does not stand in `CREATE TABLE`.
 *
 * @param constraint The constraint.
 * @param table Its table.
 * @param index The schema.
 * @returns The constraint; none if it comes with that of the table that its table is a partition of.
 */
export function constraintPieces(constraint: SchemaObject, table: SchemaObject, index: SchemaIndex): readonly Piece[] {
  const { attributes, name } = constraint;
  const isForeign = (attributes.definition ?? "").startsWith("FOREIGN KEY");
  if (isForeign && attributes.inherited === "yes") return [];
  const key = objectKey(constraint);
  const parent = objectKey(table);
  const isPartitioned = table.attributes["partition key"] !== undefined;
  const only = isPartitioned && isForeign ? "" : "ONLY ";
  const statement = `ALTER TABLE ${only}${quoteParts(name.slice(0, -1))} ADD ${constraintClause(constraint)};`;
  return [{
    provides: [key, relationKey([name[0]!, name[2]!])],
    place: isForeign ? [rankOf("foreign key"), parent, 0, key] : [rankOf("table"), parent, 3, key],
    requires: [parent, ...ownNeeds(constraint), ...(isPartitioned ? partitionKeys(table, index) : [])],
    wishes: [],
    write: () => ({ statements: [statement, ...constraintAfterwords(constraint)] }),
  }];
}

/**
 * Finds what must be there before a constraint or index. The one of the partitioned table that it is attached to is not
 * needed: it comes after all partitions.
 *
 * @param object The constraint or index.
 * @returns Keys.
 */
export function ownNeeds({ attributes, requires }: SchemaObject): readonly string[] {
  return attributes["partition of"] === undefined
    ? requires
    : requires.filter((key) => !/^(?:constraint|index) /.test(key));
}

/** Key of an index by its name, whether it is one of a constraint or not. */
export function relationKey(name: readonly string[]): string {
  return `relation ${objectIdentity({ name })}`;
}
