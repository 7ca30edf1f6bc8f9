/**
 * What a schema is built of, one after the other.
 *
 * @module
 */

import type { SchemaKind, SchemaObject } from "../schema.ts";

/** What writing a piece came to. */
export interface Written {
  /** Statements, each with its `;`. */
  readonly statements: readonly string[];
  /** What could not be written yet. */
  readonly rest?: readonly Piece[];
}

/** One or a few statements that belong together. */
export interface Piece {
  /** Keys of what is there once it has run. */
  readonly provides: readonly string[];
  /** Keys of what is there once the rest of it has run. */
  readonly promises?: readonly string[];
  /** Where it stands among those that could come next: kind, object, then what of it, in this order. */
  readonly place: readonly [rank: number, group: string, part: number, key: string];
  /** Keys of what must be there before it. */
  readonly requires: readonly string[];
  /** Keys of what had better be there before it: without, a part of it has to come later. */
  readonly wishes: readonly string[];
  /** Writes it, as far as it can be written. */
  readonly write: (isThere: (key: string) => boolean) => Written;
}

/** Kinds in the order in which a reader expects them, as far as they do not need each other. */
const ORDER: readonly (SchemaKind | "foreign key")[] = [
  "database",
  "schema",
  "extension",
  "language",
  "access method",
  "collation",
  "conversion",
  "shell type",
  "enum",
  "composite type",
  "domain",
  "type",
  "range",
  "operator family",
  "sequence",
  "function",
  "procedure",
  "aggregate",
  "operator",
  "operator class",
  "cast",
  "transform",
  "text search parser",
  "text search template",
  "text search dictionary",
  "text search configuration",
  "foreign-data wrapper",
  "server",
  "user mapping",
  "table",
  "foreign table",
  "view",
  "materialized view",
  "foreign key",
  "publication",
  "subscription",
  "default privileges",
  "event trigger",
];

/**
 * Finds out where a kind stands.
 *
 * @param kind The kind of an object that is no part of another.
 * @returns Its rank.
 */
export function rankOf(kind: SchemaKind | "foreign key"): number {
  return ORDER.indexOf(kind);
}

/** Types that are there by name alone before their functions are; everything but these functions waits for the rest. */
const SHELLED: readonly SchemaKind[] = ["type", "range"];

/**
 * Names a type with all that belongs to it, where its name alone may be there before.
 *
 * @param key Key of any object.
 * @returns The key to wait for.
 */
export function wholeOf(key: string): string {
  return SHELLED.some((kind) => key.startsWith(`${kind} `)) ? `whole ${key}` : key;
}

/**
 * Finds what must be there before an object.
 *
 * @param object The object.
 * @returns Keys, that of what it is a part of among them.
 */
export function needsOf({ parent, requires }: SchemaObject): readonly string[] {
  return [...(parent === undefined ? [] : [parent]), ...requires].map(wholeOf);
}

/**
 * Makes a piece of an object that is written at once.
 *
 * @param object The object.
 * @param key Its key.
 * @param statements What makes it.
 * @returns The piece.
 */
export function wholePiece(object: SchemaObject, key: string, statements: readonly string[]): Piece {
  return {
    provides: [key],
    place: [rankOf(object.kind), key, 0, key],
    requires: needsOf(object),
    wishes: [],
    write: () => ({ statements }),
  };
}
