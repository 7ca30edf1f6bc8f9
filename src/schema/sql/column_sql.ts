/**
 * Columns as they stand in `CREATE TABLE`, and what has to be said of them afterwards.
 *
 * @module
 */

import { quoteName, quoteParts } from "../../core/quote_name.ts";
import { objectKey, type SchemaObject } from "../schema.ts";
import { afterwordsSql } from "./object_sql.ts";
import { sequenceOptions } from "./sequence_sql.ts";
import { foreignOptions, linesOf, phrase, storageOptions } from "./words.ts";

/** What a column's default needs can come later; what its type needs cannot. */
const OF_DEFAULTS = /^(?:function|procedure|aggregate|sequence|operator|table|view|materialized view|column) /;

/**
 * Finds what must be there before a column.
 *
 * @param column The column.
 * @returns Keys: those without which there is no column, and those that only its default needs.
 */
export function columnNeeds(
  column: SchemaObject,
): { readonly hard: readonly string[]; readonly soft: readonly string[] } {
  if (column.attributes.default === undefined) return { hard: column.requires, soft: [] };
  return {
    hard: column.requires.filter((key) => !OF_DEFAULTS.test(key)),
    soft: column.requires.filter((key) => OF_DEFAULTS.test(key)),
  };
}

/**
 * Writes a column in the list of a table.
 *
 * @param column The column.
 * @param identity The sequence of an identity column.
 * @param byDefault Its default, if it is to be said here.
 * @returns `name text NOT NULL`.
 */
export function columnSql(column: SchemaObject, identity: SchemaObject | undefined, byDefault?: string): string {
  const { type, collation, generated, "not null": notNull } = column.attributes;
  return phrase(
    quoteName(column.name.at(-1)!),
    type,
    foreignOptions(linesOf(column.attributes["foreign options"]), quoteName),
    collation === undefined ? undefined : `COLLATE ${collation}`,
    byDefault === undefined ? undefined : `DEFAULT ${byDefault}`,
    generated === undefined ? undefined : generatedSql(generated),
    identitySql(column, identity),
    notNull === undefined ? undefined : NOT_NULL[notNull],
  );
}

/** What is said of a column that must have a value; where rows may break it that is said later. */
const NOT_NULL: Readonly<Record<string, string>> = { "yes": "NOT NULL", "no inherit": "NOT NULL NO INHERIT" };

function generatedSql(generated: string): string {
  const space = generated.indexOf(" ");
  return `GENERATED ALWAYS AS (${generated.slice(space + 1)}) ${generated.slice(0, space).toUpperCase()}`;
}

function identitySql(column: SchemaObject, sequence: SchemaObject | undefined): string | undefined {
  const { identity } = column.attributes;
  if (identity === undefined || sequence === undefined) return undefined;
  const options = phrase(sequenceNameSql(column, sequence), sequenceOptions(sequence));
  return phrase("GENERATED", identity.toUpperCase(), "AS IDENTITY", options === "" ? undefined : `(${options})`);
}

/** The name of a sequence, where it is not what the server would give it. */
function sequenceNameSql(column: SchemaObject, sequence: SchemaObject): string | undefined {
  const [schema, table, name] = column.name as readonly [string, string, string];
  const usual = `${table}_${name}_seq`;
  const isUsual = sequence.name[0] === schema && sequence.name[1] === usual &&
    new TextEncoder().encode(usual).length < 64;
  return isUsual ? undefined : `SEQUENCE NAME ${quoteParts(sequence.name)}`;
}

/**
 * Writes what `CREATE TABLE` cannot say of a column.
 *
 * @param column The column.
 * @param verb What changes the object that it is a column of: `ALTER TABLE ONLY app.users`.
 * @returns Statements: storage, statistics, options, comment and privileges.
 */
export function columnAfterwords(column: SchemaObject, verb: string): readonly string[] {
  const { storage, compression, options, "statistics target": target } = column.attributes;
  const changes = [
    storage === undefined ? undefined : `SET STORAGE ${storage.toUpperCase()}`,
    compression === undefined ? undefined : `SET COMPRESSION ${compression}`,
    target === undefined ? undefined : `SET STATISTICS ${target}`,
    options === undefined ? undefined : `SET ${storageOptions(linesOf(options))}`,
  ];
  const name = quoteName(column.name.at(-1)!);
  return [
    ...(column.attributes["not null"] === "not valid" ? [`${verb} ADD NOT NULL ${name} NOT VALID;`] : []),
    ...changes.flatMap((change) => change === undefined ? [] : [`${verb} ALTER COLUMN ${name} ${change};`]),
    ...afterwordsSql(column),
  ];
}

/** Key of the default of a column, which can come later than the column. */
export function defaultKey(column: SchemaObject): string {
  return `default ${objectKey(column)}`;
}
