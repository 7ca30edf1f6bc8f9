/**
 * Operators, their classes and families, and casts.
 *
 * @module
 */

import { quoteName, quoteParts } from "../../core/quote_name.ts";
import type { SchemaObject } from "../schema.ts";
import { linesOf, phrase } from "./words.ts";

/**
 * Writes what makes an operator, an operator class or family, or a cast.
 *
 * @param object The object.
 * @returns Statements.
 */
export function operatorSql(object: SchemaObject): readonly string[] {
  switch (object.kind) {
    case "operator":
      return [createOperator(object)];
    case "operator class":
      return [createClass(object)];
    case "operator family":
      return createFamily(object);
    default:
      return [createCast(object)];
  }
}

function createOperator({ name, signature = "", attributes }: SchemaObject): string {
  const [left, right] = signature.split(", ");
  const other = (word: string, text: string | undefined) => text === undefined ? [] : [`${word} = OPERATOR(${text})`];
  const options = [
    `FUNCTION = ${attributes.function}`,
    ...(left === "NONE" ? [] : [`LEFTARG = ${left}`]),
    `RIGHTARG = ${right}`,
    ...other("COMMUTATOR", attributes.commutator),
    ...other("NEGATOR", attributes.negator),
    ...(attributes.restrict === undefined ? [] : [`RESTRICT = ${attributes.restrict}`]),
    ...(attributes.join === undefined ? [] : [`JOIN = ${attributes.join}`]),
    ...(attributes.hashes === undefined ? [] : ["HASHES"]),
    ...(attributes.merges === undefined ? [] : ["MERGES"]),
  ];
  return `CREATE OPERATOR ${quoteName(name[0]!)}.${name[1]} (\n  ${options.join(",\n  ")}\n);`;
}

function members({ attributes }: SchemaObject): readonly string[] {
  return [
    ...linesOf(attributes.operators).map((line) => `OPERATOR ${line}`),
    ...linesOf(attributes.functions).map((line) => `FUNCTION ${line}`),
  ];
}

function createClass(object: SchemaObject): string {
  const { name, attributes } = object;
  const key = attributes["key type"];
  const list = [...members(object), ...(key === undefined ? [] : [`STORAGE ${key}`])];
  return phrase(
    `CREATE OPERATOR CLASS ${quoteParts(name.slice(0, 2))}`,
    attributes.default === undefined ? undefined : "DEFAULT",
    `FOR TYPE ${attributes.type} USING ${quoteName(name[2]!)} FAMILY ${attributes.family} AS\n  `,
    `${(list.length === 0 ? [`STORAGE ${attributes.type}`] : list).join(",\n  ")};`,
  ).replace("\n   ", "\n  ");
}

function createFamily(object: SchemaObject): readonly string[] {
  const family = `OPERATOR FAMILY ${quoteParts(object.name.slice(0, 2))} USING ${quoteName(object.name[2]!)}`;
  const list = members(object);
  return [`CREATE ${family};`, ...(list.length === 0 ? [] : [`ALTER ${family} ADD\n  ${list.join(",\n  ")};`])];
}

function createCast({ name, attributes }: SchemaObject): string {
  const { function: routine, method, context } = attributes;
  return `${
    phrase(
      `CREATE CAST (${name[0]} AS ${name[1]})`,
      routine !== undefined ? `WITH FUNCTION ${routine}` : method === "in and out" ? "WITH INOUT" : "WITHOUT FUNCTION",
      context === undefined ? undefined : `AS ${context.toUpperCase()}`,
    )
  };`;
}
