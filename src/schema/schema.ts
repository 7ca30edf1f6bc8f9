/**
 * What people made in a database, as a plain value: the same for the same statements, whatever the object identifiers, the
 * order of creation and the server's version.
 *
 * @module
 */

/** What an object is that is no part of a database but of its server. */
export type ServerKind = "parameter" | "role" | "system setting" | "tablespace";

/** What an object is. */
export type SchemaKind =
  | ServerKind
  | "access method"
  | "aggregate"
  | "cast"
  | "collation"
  | "column"
  | "composite type"
  | "constraint"
  | "conversion"
  | "database"
  | "default privileges"
  | "domain"
  | "domain constraint"
  | "enum"
  | "event trigger"
  | "extension"
  | "foreign table"
  | "foreign-data wrapper"
  | "function"
  | "index"
  | "language"
  | "materialized view"
  | "operator"
  | "operator class"
  | "operator family"
  | "policy"
  | "procedure"
  | "publication"
  | "range"
  | "rule"
  | "schema"
  | "sequence"
  | "server"
  | "shell type"
  | "statistics"
  | "subscription"
  | "table"
  | "text search configuration"
  | "text search dictionary"
  | "text search parser"
  | "text search template"
  | "transform"
  | "trigger"
  | "type"
  | "user mapping"
  | "view";

/** One object. */
export interface SchemaObject {
  /** What it is. */
  readonly kind: SchemaKind;
  /** The parts of its name, unquoted, from the outermost: `["app", "users", "email"]` for a column. */
  readonly name: readonly string[];
  /** Types of the arguments of what is told apart by them. */
  readonly signature?: string;
  /** Key of the object that it is a part of, as a column is of its table. */
  readonly parent?: string;
  /**
   * Who made it, if people did not: then it is there without being listed, and listed for what people changed of it, its
   * privileges. What an extension made is a part of the extension.
   */
  readonly origin?: "server" | "extension";
  /** What it is like, by name, each as text; several things have a line each. What is as by default is left out. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Keys of the objects that must be there before it, sorted. */
  readonly requires: readonly string[];
}

/** Everything that people made in a database. */
export interface Schema {
  /** The server's version, as 180004. It decides how far two schemas can be compared, and is no part of them. */
  readonly server: number;
  /** The objects, sorted by kind and name. */
  readonly objects: readonly SchemaObject[];
}

/**
 * Writes the name of an object as people read it.
 *
 * @param object The object.
 * @returns `app.users.email`, `app.total(integer)`; parts are in double quotes where they would be read otherwise.
 */
export function objectIdentity({ name, signature }: Pick<SchemaObject, "name" | "signature">): string {
  const plain = name.map((part) => /^[a-z_][a-z0-9_$]*$/.test(part) ? part : `"${part.replaceAll('"', '""')}"`);
  return `${plain.join(".")}${signature === undefined ? "" : `(${signature})`}`;
}

/**
 * Writes what tells an object from all others of its schema.
 *
 * @param object The object.
 * @returns `column app.users.email`.
 */
export function objectKey(object: Pick<SchemaObject, "kind" | "name" | "signature">): string {
  return `${object.kind} ${objectIdentity(object)}`;
}
