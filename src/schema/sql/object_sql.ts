/**
 * How statements name objects, and what is said of an object once it is there: owner, privileges and comment.
 *
 * @module
 */

import { quoteName, quoteParts } from "../../core/quote_name.ts";
import type { SchemaKind, SchemaObject } from "../schema.ts";
import { linesOf, literal } from "./words.ts";

/** Kinds that statements call otherwise. */
const WORDS: Readonly<Partial<Record<SchemaKind, string>>> = {
  "composite type": "TYPE",
  "enum": "TYPE",
  "range": "TYPE",
  "shell type": "TYPE",
  "foreign-data wrapper": "FOREIGN DATA WRAPPER",
};

/** Kinds that `GRANT` calls otherwise. */
const GRANT_WORDS: Readonly<Partial<Record<SchemaKind, string>>> = {
  "view": "TABLE",
  "materialized view": "TABLE",
  "foreign table": "TABLE",
  "aggregate": "FUNCTION",
  "server": "FOREIGN SERVER",
};

/**
 * Writes an object's name as SQL.
 *
 * @param object The object.
 * @returns Its name, with the types of its arguments where it has any.
 */
export function nameSql({ name, signature }: SchemaObject): string {
  return `${quoteParts(name)}${signature === undefined ? "" : `(${signature})`}`;
}

/**
 * Writes what `COMMENT ON` and `ALTER` call an object.
 *
 * @param object The object.
 * @returns `TABLE app.users`, `POLICY mine ON app.users`.
 */
export function targetSql(object: SchemaObject): string {
  const { kind, name, signature, attributes } = object;
  const word = WORDS[kind] ?? kind.toUpperCase();
  const last = quoteName(name.at(-1) ?? "");
  const owner = quoteParts(name.slice(0, -1));
  switch (kind) {
    case "constraint":
    case "policy":
    case "rule":
    case "trigger":
      return `${word} ${last} ON ${owner}`;
    case "domain constraint":
      return `CONSTRAINT ${last} ON DOMAIN ${owner}`;
    case "aggregate":
      return `AGGREGATE ${quoteParts(name)}(${attributes.arguments === "" ? "*" : attributes.arguments ?? "*"})`;
    case "operator":
      return `OPERATOR ${quoteName(name[0]!)}.${name[1]} (${signature})`;
    case "operator class":
    case "operator family":
      return `${word} ${quoteParts(name.slice(0, 2))} USING ${quoteName(name[2]!)}`;
    case "cast":
      return `CAST (${name[0]} AS ${name[1]})`;
    case "transform":
      return `TRANSFORM FOR ${name[0]} LANGUAGE ${quoteName(name[1]!)}`;
    default:
      return `${word} ${nameSql(object)}`;
  }
}

/**
 * Writes what is said of an object once it is there.
 *
 * @param object The object.
 * @returns Statements for its owner, its comment and its privileges.
 */
export function afterwordsSql(object: SchemaObject): readonly string[] {
  const { owner } = object.attributes;
  return [
    ...(owner === undefined ? [] : [`ALTER ${targetSql(object)} OWNER TO ${owner};`]),
    ...commentSql(targetSql(object), object.attributes.comment),
    ...privilegesSql(object),
  ];
}

/**
 * Writes a comment.
 *
 * @param target What it is on.
 * @param comment The comment, if there is one.
 * @returns A statement, or none.
 */
export function commentSql(target: string, comment: string | undefined): readonly string[] {
  return comment === undefined ? [] : [`COMMENT ON ${target} IS ${literal(comment)};`];
}

/** Lines of privileges as statements. */
function privilegesSql(object: SchemaObject): readonly string[] {
  const { kind, name } = object;
  const lines = linesOf(object.attributes.privileges);
  if (kind === "column") {
    const [table, column] = [quoteParts(name.slice(0, -1)), quoteName(name.at(-1)!)];
    return lines.map((line) =>
      `${
        line.replace(/^(GRANT|REVOKE) (.*?) (TO|FROM) /, (_, verb, names, way) =>
          `${verb} ${
            names.split(", ").map((one: string) =>
              `${one} (${column})`
            ).join(", ")
          } ON TABLE ${table} ${way} `)
      };`
    );
  }
  const word = GRANT_WORDS[kind] ?? WORDS[kind] ?? kind.toUpperCase();
  return lines.map((line) => onTarget(line, `${word} ${nameSql(object)}`));
}

/**
 * Completes a line of privileges.
 *
 * @param line `GRANT SELECT TO reader`.
 * @param target What it is on.
 * @returns `GRANT SELECT ON TABLE users TO reader;`.
 */
export function onTarget(line: string, target: string): string {
  return `${line.replace(/^((?:GRANT|REVOKE) .*?) (TO|FROM) /, (_, start, way) => `${start} ON ${target} ${way} `)};`;
}
