/**
 * What the statements of a section make and drop.
 *
 * @module
 */

import { Catalog } from "./catalog.ts";
import { type CreatedObject, createdObjects } from "./created_objects.ts";
import type { LintStatement } from "./lint_statement.ts";
import { objectName, qualify } from "./names.ts";
import { as } from "./tree.ts";

/** What the statements of a section make and drop, by the names that are compared. */
export interface SectionObjects {
  /** What they make: keys of {@linkcode CreatedObject}. */
  readonly made: ReadonlySet<string>;
  /** What they drop: schemas, and relations and others with their schema. */
  readonly dropped: ReadonlySet<string>;
}

/**
 * Lists what statements make and drop.
 *
 * @param statements The statements, in order.
 * @param known What is there, each after what it belongs to: partitions are dropped with their table.
 * @returns It.
 */
export function sectionObjects(
  statements: readonly LintStatement[],
  known: readonly CreatedObject[] = [],
): SectionObjects {
  const made = new Set<string>();
  const dropped = new Set<string>();
  // It follows the search path.
  const catalog = new Catalog();
  for (const { node } of statements) {
    for (const { key } of createdObjects(node, catalog.schema)) made.add(key);
    const drop = as(node, "DropStmt");
    for (const parts of (drop?.objects ?? []).map(objectName)) {
      dropped.add(drop?.removeType === "OBJECT_SCHEMA" ? parts.join(".") : qualify(parts, catalog.schema));
    }
    catalog.apply(node);
  }
  for (const { kind, key, parent } of known) {
    if (kind === "relation" && dropped.has(parent ?? "")) dropped.add(key.replace(/^\w+:/, ""));
  }
  return { made, dropped };
}

/**
 * Tells whether something is dropped, by itself or with its schema.
 *
 * @param name Its name with the schema.
 * @param section What is dropped.
 * @returns Whether it is.
 */
export function isDropped(name: string, { dropped }: Pick<SectionObjects, "dropped">): boolean {
  return dropped.has(name) || dropped.has(name.split(".")[0] ?? "");
}
