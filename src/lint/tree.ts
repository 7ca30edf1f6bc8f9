/**
 * Reading trees of the grammar.
 *
 * @module
 */

import type { Node, RangeVar, TypeName } from "libpg-query";

export type { Node, RangeVar, TypeName };

type KindsOf<T> = T extends unknown ? keyof T : never;

/** The name of a kind of node, as in `AlterTableStmt`. */
export type NodeKind = KindsOf<Node>;

/** What a node of that kind holds. */
export type NodeOf<K extends NodeKind> = Extract<Node, { [key in K]: unknown }>[K];

/**
 * Takes a node for one of a kind.
 *
 * @param node The node, if there is one.
 * @param kind The kind.
 * @returns What it holds; `undefined` if it is of another kind.
 */
export function as<K extends NodeKind>(node: Node | undefined, kind: K): NodeOf<K> | undefined {
  return (node as { readonly [key in K]?: NodeOf<K> } | undefined)?.[kind];
}

/**
 * Takes those of a list that are of a kind.
 *
 * @param nodes The list, if there is one.
 * @param kind The kind.
 * @returns What they hold.
 */
export function all<K extends NodeKind>(nodes: readonly Node[] | undefined, kind: K): readonly NodeOf<K>[] {
  return (nodes ?? []).flatMap((node) => as(node, kind) ?? []);
}

/**
 * Reads a list of names.
 *
 * @param nodes Nodes of kind `String`.
 * @returns The names; other nodes are left out.
 */
export function strings(nodes: readonly Node[] | undefined): readonly string[] {
  return all(nodes, "String").flatMap(({ sval }) => sval ?? []);
}

/** A type, without its schema if that is the catalog's. */
export interface TypeFacts {
  /** Its name, as in `int4`; types of the standard have their names in the catalog. */
  readonly name: string;
  /** What stands in parentheses behind it. */
  readonly modifiers: readonly number[];
  /** Whether it is an array of it. */
  readonly array: boolean;
}

/**
 * Reads a type.
 *
 * @param type The type, if there is one.
 * @returns What it says.
 */
export function typeFacts(type: TypeName | undefined): TypeFacts {
  const names = strings(type?.names);
  return {
    name: (names[0] === "pg_catalog" ? names.slice(1) : names).join("."),
    modifiers: all(type?.typmods, "A_Const").map(({ ival }) => ival?.ival ?? 0),
    array: (type?.arrayBounds?.length ?? 0) > 0,
  };
}

/**
 * Visits every object in a tree, parents first.
 *
 * @param tree The tree, or a part of it.
 * @param visit Called with each object and the name of what holds it.
 */
export function walk(tree: unknown, visit: (value: Readonly<Record<string, unknown>>, holder: string) => void): void {
  const step = (value: unknown, holder: string): void => {
    if (typeof value !== "object" || value === null) return;
    if (Array.isArray(value)) {
      for (const item of value) step(item, holder);
      return;
    }
    visit(value as Readonly<Record<string, unknown>>, holder);
    for (const [key, inner] of Object.entries(value)) step(inner, key);
  };
  step(tree, "");
}
