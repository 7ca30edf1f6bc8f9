/**
 * Partitions: made by themselves and attached, so that they keep the order of their columns and the names of their indexes.
 *
 * @module
 */

import { quoteParts } from "../../core/quote_name.ts";
import { objectKey, type SchemaObject } from "../schema.ts";
import { type Piece, rankOf } from "./piece.ts";
import type { SchemaIndex } from "./schema_index.ts";

/**
 * Names what makes a table a partition.
 *
 * @param table Key of the table.
 * @returns The key to wait for.
 */
export function attachedKey(table: string): string {
  return `attached ${table}`;
}

/**
 * Finds what makes the partitions of a table its partitions.
 *
 * @param table A partitioned table.
 * @param index The schema.
 * @returns Keys to wait for.
 */
export function partitionKeys(table: SchemaObject, index: SchemaIndex): readonly string[] {
  return index.partitionsOf(table).map((partition) => attachedKey(objectKey(partition)));
}

/**
 * Makes what makes a table a partition.
 *
 * @param table Any table.
 * @param index The schema.
 * @returns A piece; none if it is no partition.
 */
export function partitionPieces(table: SchemaObject, index: SchemaIndex): readonly Piece[] {
  const { "partition of": parent, "partition bound": bound } = table.attributes;
  if (parent === undefined) return [];
  const key = objectKey(table);
  const relation = index.relation(parent);
  return [{
    provides: [attachedKey(key)],
    place: [rankOf("table"), key, 2, key],
    requires: [key, ...(relation === undefined ? [] : [objectKey(relation)])],
    wishes: [],
    write: () => ({
      statements: [`ALTER TABLE ONLY ${parent} ATTACH PARTITION ${quoteParts(table.name)} ${bound};`],
    }),
  }];
}
