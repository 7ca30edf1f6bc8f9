/**
 * What differs between two schemas.
 *
 * @module
 */

import { objectIdentity, objectKey, type Schema, type SchemaKind, type SchemaObject } from "./schema.ts";

/** An attribute that differs. */
export interface AttributeDifference {
  /** Its name. */
  readonly name: string;
  /** What it was; `null` if it was as by default. */
  readonly before: string | null;
  /** What it is. */
  readonly after: string | null;
}

/** An object that differs. */
export interface SchemaDifference {
  /** What happened to it on the way from the first schema to the second. */
  readonly change: "added" | "removed" | "changed";
  /** What it is. */
  readonly kind: SchemaKind;
  /** Its name as people read it: `app.users.email`. */
  readonly identity: string;
  /** What differs, by name; nothing for what was added or removed. */
  readonly attributes: readonly AttributeDifference[];
}

/**
 * Compares two schemas. Parts of a table that was added or removed as a whole are not told one by one.
 *
 * @param before What should be, or was.
 * @param after What is.
 * @returns What differs, by kind and name; nothing if they are equal.
 */
export function compareSchemas(before: Schema, after: Schema): readonly SchemaDifference[] {
  const [old, young] = [byKey(before), byKey(after)];
  const differences: SchemaDifference[] = [];
  for (const key of [...new Set([...old.keys(), ...young.keys()])].toSorted()) {
    const was = old.get(key) ?? asItCame(young.get(key), old);
    const is = young.get(key) ?? asItCame(old.get(key), young);
    if (was === undefined || is === undefined) {
      const [change, object, others] = was === undefined
        ? ["added", is!, old] as const
        : ["removed", was, young] as const;
      if (object.parent === undefined || others.has(object.parent)) differences.push(told(change, object));
      continue;
    }
    const attributes = compareObjects(was, is, isOpen(before) !== isOpen(after) ? "unlike" : "alike");
    if (attributes.length > 0) differences.push({ ...told("changed", is), attributes });
  }
  return differences;
}

/** What the server or an extension made is there without being listed. */
function asItCame(
  object: SchemaObject | undefined,
  others: ReadonlyMap<string, SchemaObject>,
): SchemaObject | undefined {
  const isThere = object?.origin === "server" || object?.origin === "extension" && others.has(object.parent ?? "");
  return isThere ? { ...object!, attributes: {} } : undefined;
}

/**
 * Puts two schemas together, object by object, where each may be as in one or as in the other.
 *
 * @param one A schema that is possible.
 * @param other Another one, of the same server.
 * @param actual What is.
 * @returns Of each object the possible one that is as it is; where neither is, that of the other schema if it has it.
 */
export function likelySchema(one: Schema, other: Schema, actual: Schema): Schema {
  const [first, second, found] = [byKey(one), byKey(other), byKey(actual)];
  const servers = isOpen(one) !== isOpen(actual) ? "unlike" : "alike";
  const isAsFound = (key: string, object: SchemaObject | undefined) => {
    const is = found.get(key);
    return object === undefined || is === undefined ? object === is : compareObjects(object, is, servers).length === 0;
  };
  const keys = [...new Set([...first.keys(), ...second.keys()])];
  return {
    server: one.server,
    objects: keys.flatMap((key) => {
      const possible = [first.get(key), second.get(key)];
      const as = possible.some((object) => isAsFound(key, object))
        ? possible.find((object) => isAsFound(key, object))
        : possible[1] ?? possible[0];
      return as === undefined ? [] : [as];
    }),
  };
}

/**
 * Up to PostgreSQL 14 everybody may create in the schema `public`, later nobody: between the two it cannot be told who
 * changed that from who left it alone.
 */
const CREATE_IN_PUBLIC = /^(?:GRANT|REVOKE) CREATE (?:TO|FROM) PUBLIC\n?/m;

/** Where everybody may do both from the start, both can be taken. */
const ALL_IN_PUBLIC = /^REVOKE ALL FROM PUBLIC$/m;

const CLOSED_PUBLIC_SINCE = 150000;

function compareObjects(
  was: SchemaObject,
  is: SchemaObject,
  servers: "alike" | "unlike",
): readonly AttributeDifference[] {
  return servers === "unlike" && isPublic(was)
    ? compareAttributes(withoutCreate(was), withoutCreate(is))
    : compareAttributes(was, is);
}

function isPublic({ kind, name }: SchemaObject): boolean {
  return kind === "schema" && name[0] === "public";
}

function isOpen({ server }: Schema): boolean {
  return server < CLOSED_PUBLIC_SINCE;
}

function withoutCreate(schema: SchemaObject): SchemaObject {
  const { privileges, ...attributes } = schema.attributes;
  const usage = privileges?.replace(ALL_IN_PUBLIC, "REVOKE USAGE FROM PUBLIC");
  const rest = usage?.replace(CREATE_IN_PUBLIC, "").trimEnd() ?? "";
  return { ...schema, attributes: rest === "" ? attributes : { ...attributes, privileges: rest } };
}

function byKey({ objects }: Schema): ReadonlyMap<string, SchemaObject> {
  return new Map(objects.map((object) => [objectKey(object), object]));
}

function told(change: SchemaDifference["change"], object: SchemaObject): SchemaDifference {
  return { change, kind: object.kind, identity: objectIdentity(object), attributes: [] };
}

function compareAttributes(was: SchemaObject, is: SchemaObject): readonly AttributeDifference[] {
  const names = [...new Set([...Object.keys(was.attributes), ...Object.keys(is.attributes)])].toSorted();
  // What a role may not see is not told from what is not there.
  const hidden = [was, is].flatMap(({ attributes: { hidden } }) => hidden === undefined ? [] : ["hidden", hidden]);
  return names.filter((name) => !hidden.includes(name)).flatMap((name) => {
    const [before, after] = [was.attributes[name] ?? null, is.attributes[name] ?? null];
    if (before === after) return [];
    if (name === "column order" && inCommon(before, after) === inCommon(after, before)) return [];
    return [{ name, before, after }];
  });
}

/** The lines of one text that another one has, too: a column that came or went is told by itself. */
function inCommon(text: string | null, other: string | null): string {
  const known = new Set(other?.split("\n"));
  return (text ?? "").split("\n").filter((line) => known.has(line)).join("\n");
}
