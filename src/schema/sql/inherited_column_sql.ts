/**
 * What a table says otherwise of the columns that it has from another one.
 *
 * @module
 */

import { quoteName, quoteParts } from "../../core/quote_name.ts";
import { objectKey, type SchemaObject } from "../schema.ts";
import { columnNeeds, defaultKey } from "./column_sql.ts";
import { type Piece, rankOf } from "./piece.ts";
import type { SchemaIndex } from "./schema_index.ts";
import { linesOf } from "./words.ts";

/**
 * Makes the pieces of defaults that are not those of the columns that a table has from another one. Where that one's own
 * default may come later the table does not get it, and says it itself.
 *
 * @param columns The columns that a table has from others.
 * @param table The table.
 * @param index The schema.
 * @returns A piece for each default that is to be set or taken away.
 */
export function overridePieces(
  columns: readonly SchemaObject[],
  table: SchemaObject,
  index: SchemaIndex,
): readonly Piece[] {
  const key = objectKey(table);
  return columns.flatMap((column): Piece[] => {
    const origin = originOf(column, table, index);
    const { default: value } = column.attributes;
    if (origin === undefined) return [];
    if (value === origin.attributes.default && columnNeeds(origin).soft.length === 0) return [];
    const change = value === undefined ? "DROP DEFAULT" : `SET DEFAULT ${value}`;
    return [{
      provides: [defaultKey(column)],
      place: [rankOf("table"), key, 1, defaultKey(column)],
      requires: [key, ...columnNeeds(column).soft],
      wishes: [],
      write: () => ({ statements: [`${alterSql(column, table)} ${change};`] }),
    }];
  });
}

/**
 * Writes that a column must have a value, where the one that it comes from need not.
 *
 * @param column A column that a table has from another one.
 * @param table The table.
 * @param index The schema.
 * @returns A statement, or none.
 */
export function requiredSql(column: SchemaObject, table: SchemaObject, index: SchemaIndex): readonly string[] {
  const origin = originOf(column, table, index);
  const isMore = column.attributes["not null"] !== undefined && origin?.attributes["not null"] === undefined;
  return origin !== undefined && isMore ? [`${alterSql(column, table)} SET NOT NULL;`] : [];
}

function alterSql(column: SchemaObject, table: SchemaObject): string {
  return `ALTER TABLE ONLY ${quoteParts(table.name)} ALTER COLUMN ${quoteName(column.name.at(-1)!)}`;
}

/** The column that a column comes from. */
function originOf(column: SchemaObject, table: SchemaObject, index: SchemaIndex): SchemaObject | undefined {
  for (const parent of linesOf(table.attributes.inherits)) {
    const relation = index.relation(parent);
    const found = relation === undefined ? [] : index.columnsOf(relation);
    const origin = found.find(({ name }) => name.at(-1) === column.name.at(-1));
    if (origin !== undefined) return origin;
  }
}
