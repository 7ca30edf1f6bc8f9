/**
 * Sequences.
 *
 * @module
 */

import { quoteParts } from "../../core/quote_name.ts";
import { objectKey, type SchemaObject } from "../schema.ts";
import { afterwordsSql } from "./object_sql.ts";
import { type Piece, rankOf, wholePiece } from "./piece.ts";
import type { SchemaIndex } from "./schema_index.ts";
import { phrase, readParts } from "./words.ts";

/**
 * Writes the options of a sequence.
 *
 * @param sequence The sequence.
 * @returns Those that are not as by default.
 */
export function sequenceOptions({ attributes }: SchemaObject): string {
  const { start, increment, minimum, maximum, cache, cycle } = attributes;
  return phrase(
    start === undefined ? undefined : `START WITH ${start}`,
    increment === undefined ? undefined : `INCREMENT BY ${increment}`,
    minimum === undefined ? undefined : `MINVALUE ${minimum}`,
    maximum === undefined ? undefined : `MAXVALUE ${maximum}`,
    cache === undefined ? undefined : `CACHE ${cache}`,
    cycle === undefined ? undefined : "CYCLE",
  );
}

/**
 * Makes the pieces of a sequence. One behind an identity column comes with its column.
 *
 * @param sequence The sequence.
 * @param index The schema.
 * @returns The sequence, and what makes it belong to a column once that is there.
 */
export function sequencePieces(sequence: SchemaObject, index: SchemaIndex): readonly Piece[] {
  const { identity, type, unlogged, "owned by": owner } = sequence.attributes;
  if (identity !== undefined) return [];
  const key = objectKey(sequence);
  const create = phrase(
    unlogged === undefined ? "CREATE" : "CREATE UNLOGGED",
    `SEQUENCE ${quoteParts(sequence.name)}`,
    type === undefined ? undefined : `AS ${type}`,
    sequenceOptions(sequence),
  );
  const piece = {
    ...wholePiece(sequence, key, [`${create};`, ...afterwordsSql(sequence)]),
    requires: sequence.parent === undefined ? [] : [sequence.parent],
  };
  if (owner === undefined) return [piece];
  const table = index.relation(readParts(owner).slice(0, 2).map((part) => `"${part.replaceAll('"', '""')}"`).join("."));
  const tableKey = table === undefined ? "" : objectKey(table);
  return [piece, {
    provides: [],
    place: [rankOf("table"), tableKey, 1, key],
    requires: [key, tableKey],
    wishes: [],
    write: () => ({ statements: [`ALTER SEQUENCE ${quoteParts(sequence.name)} OWNED BY ${owner};`] }),
  }];
}
