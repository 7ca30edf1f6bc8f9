/**
 * A schema as SQL.
 *
 * @module
 */

import { objectKey, type Schema, type SchemaObject } from "./schema.ts";
import { databaseSql, defaultPrivilegesSql, extensionSql, namespaceSql } from "./sql/database_sql.ts";
import { foreignSql } from "./sql/foreign_sql.ts";
import { indexPieces } from "./sql/index_sql.ts";
import { languageSql } from "./sql/language_sql.ts";
import { afterwordsSql } from "./sql/object_sql.ts";
import { operatorSql } from "./sql/operator_sql.ts";
import { writePieces } from "./sql/order_pieces.ts";
import { type Piece, rankOf, wholePiece } from "./sql/piece.ts";
import { replicationSql } from "./sql/replication_sql.ts";
import { routinePiece } from "./sql/routine_sql.ts";
import { SchemaIndex } from "./sql/schema_index.ts";
import { sequencePieces } from "./sql/sequence_sql.ts";
import { tablePartPieces } from "./sql/table_part_sql.ts";
import { tablePieces } from "./sql/table_sql.ts";
import { typePieces } from "./sql/type_sql.ts";
import { viewPieces } from "./sql/view_sql.ts";
import { readParts } from "./sql/words.ts";

const BEGIN = `-- The schema of a database, without data. It is for a new, empty one.
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SET check_function_bodies = off;
SET search_path = '';
`;

const END = `RESET search_path;
RESET check_function_bodies;
RESET standard_conforming_strings;
RESET client_encoding;
`;

/**
 * Writes the SQL that makes a schema in an empty database: the same text for the same schema, to the byte. Objects come in
 * an order in which they can be made; those of which each needs the other are made in two steps.
 *
 * @param schema The schema.
 * @returns SQL that ends with a line feed.
 */
export function schemaSql(schema: Schema): string {
  const index = new SchemaIndex(schema);
  const identities = identitySequences(schema);
  const pieces = schema.objects.flatMap((object) => piecesOf(object, index, identities));
  // What acts on objects that are made after it comes after all of them.
  const isLast = ({ place }: Piece) => place[0] >= rankOf("publication");
  const groups = [
    ...absences(index),
    ...writePieces(pieces.filter((piece) => !isLast(piece))),
    ...writePieces(pieces.filter(isLast)),
  ];
  return [BEGIN, ...groups.map((statements) => `${statements.join("\n")}\n`), END].join("\n");
}

/** What a new database has, and this one has not. */
function absences(index: SchemaIndex): readonly (readonly string[])[] {
  return [
    ...(index.get("extension plpgsql") === undefined ? [["DROP EXTENSION plpgsql;"]] : []),
    ...(index.get("schema public") === undefined ? [["DROP SCHEMA public;"]] : []),
  ];
}

/** Sequences behind identity columns, by key of the column. */
function identitySequences({ objects }: Schema): ReadonlyMap<string, SchemaObject> {
  return new Map(objects.flatMap((object): [string, SchemaObject][] => {
    const { identity, "owned by": owner } = object.attributes;
    if (object.kind !== "sequence" || identity === undefined || owner === undefined) return [];
    return [[objectKey({ kind: "column", name: readParts(owner) }), object]];
  }));
}

function piecesOf(
  object: SchemaObject,
  index: SchemaIndex,
  identities: ReadonlyMap<string, SchemaObject>,
): readonly Piece[] {
  const key = objectKey(object);
  const whole = (statements: readonly string[]) => [wholePiece(object, key, [...statements, ...afterwordsSql(object)])];
  if (object.origin !== undefined) {
    // What is revoked from a table is revoked from its columns, too.
    const part = object.kind === "column" ? 2 : 1;
    return whole([]).map((piece) => ({ ...piece, place: [rankOf("extension"), object.parent ?? "", part, key] }));
  }
  switch (object.kind) {
    // These come with what they are parts of.
    case "column":
    case "constraint":
    case "domain constraint":
      return [];
    case "table":
    case "foreign table":
      return tablePieces(object, index, identities);
    case "view":
    case "materialized view":
      return viewPieces(object, index);
    case "index":
      return indexPieces(object, index);
    case "trigger":
    case "rule":
    case "policy":
    case "statistics":
      return tablePartPieces(object, index);
    case "sequence":
      return sequencePieces(object, index);
    case "function":
    case "procedure":
    case "aggregate":
      return [routinePiece(object)];
    case "enum":
    case "composite type":
    case "domain":
    case "range":
    case "type":
    case "shell type":
      return typePieces(object, index);
    case "operator":
    case "operator class":
    case "operator family":
    case "cast":
      return whole(operatorSql(object));
    case "foreign-data wrapper":
    case "server":
    case "user mapping":
      return whole([foreignSql(object)]);
    case "publication":
    case "subscription":
    case "event trigger":
      return whole(replicationSql(object));
    case "schema":
      return [wholePiece(object, key, namespaceSql(object))];
    case "extension":
      return [wholePiece(object, key, extensionSql(object))];
    case "default privileges":
      return [wholePiece(object, key, defaultPrivilegesSql(object))];
    case "database":
      return [wholePiece(object, key, databaseSql(object))];
    default:
      return whole(languageSql(object));
  }
}
