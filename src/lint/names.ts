/**
 * Names of objects: as they are compared, and as they are shown.
 *
 * @module
 */

import { as, type Node, type RangeVar, strings } from "./tree.ts";

/** The schema of what is named without one, unless a file says otherwise. */
export const DEFAULT_SCHEMA = "public";

/**
 * Makes a name that can be compared.
 *
 * @param parts Schema and name, or the name alone.
 * @param schema The schema of what is named without one.
 * @returns `schema.name`.
 */
export function qualify(parts: readonly string[], schema: string): string {
  return parts.length > 1 ? parts.slice(-2).join(".") : `${schema}.${parts[0] ?? ""}`;
}

/**
 * Makes a relation of its name.
 *
 * @param parts Schema and name, or the name alone.
 * @returns The relation.
 */
export function relationNamed(parts: readonly string[]): RangeVar {
  const [relname = "", schemaname] = parts.toReversed();
  return schemaname === undefined ? { relname } : { relname, schemaname };
}

/**
 * Shows a relation as the file names it.
 *
 * @param relation The relation.
 * @returns As in `app.users`.
 */
export function shown(relation: RangeVar | undefined): string {
  return [relation?.schemaname, relation?.relname].filter((part) => part !== undefined).join(".");
}

/**
 * Reads the name of an object of a statement that may be about objects of many kinds.
 *
 * @param object The node that names it.
 * @returns Schema and name, or the name alone.
 */
export function objectName(object: Node | undefined): readonly string[] {
  const list = as(object, "List")?.items;
  if (list !== undefined) return strings(list);
  const typed = as(object, "TypeName")?.names ?? as(object, "ObjectWithArgs")?.objname;
  if (typed !== undefined) return strings(typed);
  const name = as(object, "String")?.sval;
  return name === undefined ? [] : [name];
}
