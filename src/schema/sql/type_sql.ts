/**
 * Types of all kinds.
 *
 * @module
 */

import { quoteName, quoteParts } from "../../core/quote_name.ts";
import { objectKey, type SchemaObject } from "../schema.ts";
import { columnSql } from "./column_sql.ts";
import { afterwordsSql, commentSql } from "./object_sql.ts";
import { needsOf, type Piece, rankOf, wholeOf, wholePiece } from "./piece.ts";
import type { SchemaIndex } from "./schema_index.ts";
import { linesOf, literal, phrase } from "./words.ts";

/**
 * Makes the pieces of a type.
 *
 * @param type The type.
 * @param index The schema.
 * @returns It; what of a domain needs its type comes later.
 */
export function typePieces(type: SchemaObject, index: SchemaIndex): readonly Piece[] {
  const key = objectKey(type);
  const name = quoteParts(type.name);
  switch (type.kind) {
    case "enum":
      return [wholePiece(type, key, [
        `CREATE TYPE ${name} AS ENUM (\n  ${linesOf(type.attributes.labels).join(",\n  ")}\n);`.replace(
          "(\n  \n)",
          "()",
        ),
        ...afterwordsSql(type),
      ])];
    case "composite type":
      return [compositePiece(type, key, index)];
    case "domain":
      return domainPieces(type, key, index);
    case "shell type":
      return [wholePiece(type, key, [`CREATE TYPE ${name};`, ...afterwordsSql(type)])];
    case "range":
      return [shelledPiece(type, key, rangeSql(type))];
    default:
      return [shelledPiece(type, key, baseSql(type))];
  }
}

function compositePiece(type: SchemaObject, key: string, index: SchemaIndex): Piece {
  const columns = index.columnsOf(type);
  const list = columns.map((column) => columnSql(column, undefined));
  const piece = wholePiece(type, key, [
    `CREATE TYPE ${quoteParts(type.name)} AS (${list.length === 0 ? "" : `\n  ${list.join(",\n  ")}\n`});`,
    ...afterwordsSql(type),
    ...columns.flatMap(({ name, attributes }) => commentSql(`COLUMN ${quoteParts(name)}`, attributes.comment)),
  ]);
  return {
    ...piece,
    provides: [key, ...columns.map(objectKey)],
    requires: [...piece.requires, ...columns.flatMap(({ requires }) => requires).map(wholeOf)],
  };
}

function domainPieces(domain: SchemaObject, key: string, index: SchemaIndex): readonly Piece[] {
  const { type, collation, default: value, "not null": notNull } = domain.attributes;
  const create = phrase(
    `CREATE DOMAIN ${quoteParts(domain.name)} AS ${type}`,
    collation === undefined ? undefined : `COLLATE ${collation}`,
    value === undefined ? undefined : `DEFAULT ${value}`,
    notNull === undefined ? undefined : "NOT NULL",
  );
  const constraints = index.partsOf(key, "domain constraint");
  return [
    wholePiece(domain, key, [`${create};`, ...afterwordsSql(domain)]),
    ...constraints.map((constraint): Piece => ({
      provides: [objectKey(constraint)],
      place: [rankOf("domain"), key, 1, objectKey(constraint)],
      requires: [key, ...constraint.requires],
      wishes: [],
      write: () => ({
        statements: [
          phrase(
            `ALTER DOMAIN ${quoteParts(domain.name)} ADD CONSTRAINT ${quoteName(constraint.name.at(-1)!)}`,
            `${constraint.attributes.definition};`,
          ),
          ...afterwordsSql(constraint),
        ],
      }),
    })),
  ];
}

/** A type whose functions take or give it: its name is there before them, the rest after them. */
function shelledPiece(type: SchemaObject, key: string, create: string): Piece {
  const place = [rankOf(type.kind), key, 0, key] as const;
  const whole: Piece = {
    provides: [wholeOf(key)],
    place,
    requires: needsOf(type),
    wishes: [],
    write: () => ({ statements: [create, ...afterwordsSql(type)] }),
  };
  if (type.kind === "range" && type.attributes.canonical === undefined) {
    return { ...whole, provides: [key, wholeOf(key)] };
  }
  return {
    provides: [key],
    promises: whole.provides,
    place,
    requires: type.parent === undefined ? [] : [type.parent],
    wishes: [],
    write: () => ({ statements: [`CREATE TYPE ${quoteParts(type.name)};`], rest: [whole] }),
  };
}

function rangeSql({ name, attributes }: SchemaObject): string {
  const option = (word: string, value: string | undefined) => value === undefined ? [] : [`${word} = ${value}`];
  const options = [
    ...option("SUBTYPE", attributes.subtype),
    ...option("SUBTYPE_OPCLASS", attributes["operator class"]),
    ...option("COLLATION", attributes.collation),
    ...option("CANONICAL", attributes.canonical),
    ...option("SUBTYPE_DIFF", attributes.difference),
    ...option("MULTIRANGE_TYPE_NAME", attributes.multirange),
  ];
  return `CREATE TYPE ${quoteParts(name)} AS RANGE (\n  ${options.join(",\n  ")}\n);`;
}

function baseSql({ name, attributes }: SchemaObject): string {
  const option = (word: string, value: string | undefined) => value === undefined ? [] : [`${word} = ${value}`];
  const flag = (word: string, value: string | undefined) => value === undefined ? [] : [word];
  const text = (value: string | undefined) => value === undefined ? undefined : literal(value);
  const options = [
    ...option("INPUT", attributes.input),
    ...option("OUTPUT", attributes.output),
    ...option("RECEIVE", attributes.receive),
    ...option("SEND", attributes.send),
    ...option("TYPMOD_IN", attributes["modifier input"]),
    ...option("TYPMOD_OUT", attributes["modifier output"]),
    ...option("ANALYZE", attributes.analyze),
    ...option("SUBSCRIPT", attributes.subscript),
    ...option("INTERNALLENGTH", attributes.length === "variable" ? undefined : attributes.length),
    ...flag("PASSEDBYVALUE", attributes["by value"]),
    ...option("ALIGNMENT", attributes.alignment),
    ...option("STORAGE", attributes.storage),
    ...option("CATEGORY", text(attributes.category)),
    ...option("PREFERRED", attributes.preferred === undefined ? undefined : "true"),
    ...option("DEFAULT", text(attributes.default)),
    ...option("ELEMENT", attributes.element),
    ...option("DELIMITER", text(attributes.delimiter)),
    ...option("COLLATABLE", attributes.collatable === undefined ? undefined : "true"),
  ];
  return `CREATE TYPE ${quoteParts(name)} (\n  ${options.join(",\n  ")}\n);`;
}
