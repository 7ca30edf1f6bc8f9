/**
 * What the queries of the catalog have in common: each selects the same columns, so that they can be asked as one.
 *
 * @module
 */

/**
 * Writes a query for objects of some kinds. Its columns are:
 *
 * 1. kind (`text`): a `SchemaKind`
 * 2. catalog (`oid`) and 3. object (`oid`) and 4. part (`int`): its address in `pg_depend` and `pg_description`
 * 5. name (`text[]`): from the outermost part
 * 6. signature (`text`): types of arguments, where they are part of the name
 * 7. parent catalog (`oid`) and 8. parent (`oid`): the address of what it is a part of
 * 9. owner (`oid`), where it has one of its own
 * 10. privileges (`aclitem[]`)
 * 11. attributes (`json`)
 *
 * @param version The server's version, as 180004.
 * @returns A `SELECT` without `;`.
 */
export type CatalogQuery = (version: number) => string;

/** Objects below this identifier came with the server. */
export const FIRST_USER_OID = 16384;

/** A catalog's identifier, as SQL. */
export function catalog(name: string): string {
  return `'pg_catalog.${name}'::regclass::oid`;
}

/**
 * Writes attributes as a JSON object.
 *
 * @param expressions An expression for a text or null each, by name of the attribute.
 * @returns An expression; null leaves the attribute out.
 */
export function attributes(expressions: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(expressions).map(([name, expression]) => `'${name}', ${expression}`);
  return `json_build_object(${pairs.join(",\n    ")})`;
}

/** An attribute that is `yes` or absent. */
export function yes(condition: string): string {
  return `CASE WHEN ${condition} THEN 'yes' END`;
}

/** An attribute that is absent where it is as by default. */
export function unless(expression: string, byDefault: string): string {
  return `CASE WHEN ${expression} IS DISTINCT FROM ${byDefault} THEN (${expression})::text END`;
}

/** The lines of an array, sorted by code unit, so that their order does not count. */
export function sortedLines(array: string): string {
  return `(SELECT string_agg(line, E'\\n' ORDER BY line COLLATE "C") FROM unnest(${array}) AS line)`;
}

/** Text for one of several codes of one letter; null for others. */
export function decode(expression: string, words: Readonly<Record<string, string>>): string {
  const cases = Object.entries(words).map(([code, word]) => `WHEN '${code}' THEN '${word}'`);
  return `CASE ${expression} ${cases.join(" ")} END`;
}

/** A routine's name, absent where there is none. */
export function unlessZero(expression: string): string {
  return `CASE WHEN ${expression} <> 0 THEN ${expression}::text END`;
}

/**
 * Options as `name=value`, a line each, sorted; a line feed or backslash of a value is written as an escape.
 *
 * @param array The options.
 * @param without A pattern for those that are left out.
 */
export function optionLines(array: string, without?: string): string {
  return `(SELECT string_agg(replace(replace(line, E'\\\\', E'\\\\\\\\'), E'\\n', E'\\\\n'), E'\\n' ORDER BY line COLLATE "C")
      FROM unnest(${array}) AS line${without === undefined ? "" : ` WHERE line !~ '${without}'`})`;
}

/** The place of the parent of what has none. */
export const NOWHERE = "0::oid, 0::oid";

/** Whether an object is no part of another one, as the functions that make values of a range are. */
export function isWhole(catalogName: string, object: string): string {
  return `NOT EXISTS (SELECT FROM pg_depend d
  WHERE d.classid = ${catalog(catalogName)} AND d.objid = ${object} AND d.deptype = 'i')`;
}
