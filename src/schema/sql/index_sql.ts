/**
 * Indexes, and what makes one a part of that of a partitioned table.
 *
 * @module
 */

import { quoteName, quoteParts } from "../../core/quote_name.ts";
import { objectKey, type SchemaObject } from "../schema.ts";
import { ownNeeds, relationKey } from "./constraint_sql.ts";
import { afterwordsSql } from "./object_sql.ts";
import { attachedKey, partitionKeys } from "./partition_sql.ts";
import { type Piece, rankOf } from "./piece.ts";
import type { SchemaIndex } from "./schema_index.ts";
import { linesOf, readParts } from "./words.ts";

/**
 * Makes the pieces of an index.
 *
 * @param object The index.
 * @param index The schema.
 * @returns The index, and what attaches it.
 */
export function indexPieces(object: SchemaObject, index: SchemaIndex): readonly Piece[] {
  const key = objectKey(object);
  const table = index.get(object.parent ?? "");
  if (table === undefined) return [];
  const parent = objectKey(table);
  const { attributes, name } = object;
  const space = attributes.tablespace === undefined ? "" : ` TABLESPACE ${quoteName(attributes.tablespace)}`;
  const [, start = "", where = ""] = /^(.*?)( WHERE .*)?$/s.exec(attributes.definition ?? "") ?? [];
  const create = space === "" ? attributes.definition : `${start}${space}${where}`;
  return [{
    provides: [key, relationKey(name)],
    place: [rankOf(table.kind === "foreign table" ? "table" : table.kind), parent, 4, key],
    requires: [parent, ...ownNeeds(object), ...partitionKeys(table, index)],
    wishes: [],
    write: () => ({
      statements: [
        `${create};`,
        ...linesOf(attributes["statistics targets"]).map((line) => {
          const [column, target] = line.split(" ");
          return `ALTER INDEX ${quoteParts(name)} ALTER COLUMN ${column} SET STATISTICS ${target};`;
        }),
        ...(attributes.clustered === undefined
          ? []
          : [`ALTER TABLE ${quoteParts(table.name)} CLUSTER ON ${quoteName(name[1]!)};`]),
        ...afterwordsSql(object),
      ],
    }),
  }, ...attachPieces(object, { key, parent, indexName: name })];
}

/**
 * Makes what attaches an index, or that of a constraint, to the index of a partitioned table.
 *
 * @param object The index or constraint.
 * @param names Its key, that of its table, and the name of the index.
 * @returns A piece, or none.
 */
export function attachPieces(
  object: SchemaObject,
  names: { readonly key: string; readonly parent: string; readonly indexName: readonly string[] },
): readonly Piece[] {
  const whole = object.attributes["partition of"];
  if (whole === undefined) return [];
  return [{
    provides: [`attached ${names.key}`],
    place: [rankOf("table"), names.parent, 5, names.key],
    requires: [names.key, names.parent, attachedKey(names.parent), relationKey(readParts(whole))],
    wishes: [],
    write: () => ({ statements: [`ALTER INDEX ${whole} ATTACH PARTITION ${quoteParts(names.indexName)};`] }),
  }];
}

/**
 * Makes what says that an index tells rows apart for replication.
 *
 * @param table A table.
 * @param index The schema.
 * @returns A piece, or none.
 */
export function replicaIdentityPieces(table: SchemaObject, index: SchemaIndex): readonly Piece[] {
  const [, name] = /^index (.*)$/s.exec(table.attributes["replica identity"] ?? "") ?? [];
  if (name === undefined) return [];
  const parent = objectKey(table);
  const [raw = ""] = readParts(name);
  const found = [...index.partsOf(parent, "index"), ...index.partsOf(parent, "constraint")].find((one) =>
    one.name.at(-1) === raw
  );
  return [{
    provides: [],
    place: [rankOf("table"), parent, 6, parent],
    requires: [parent, ...(found === undefined ? [] : [objectKey(found)])],
    wishes: [],
    write: () => ({
      statements: [`ALTER TABLE ONLY ${quoteParts(table.name)} REPLICA IDENTITY USING INDEX ${quoteName(raw)};`],
    }),
  }];
}
