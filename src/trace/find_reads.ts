/**
 * Finds the tables that a query reads.
 *
 * @module
 */

import type { CatalogState, Relation } from "./catalog_state.ts";
import { type Sight, WITH_ROWS } from "./locked_tables.ts";

/**
 * Finds what a statement was seen to read: what it locked as a query does, or read from one end to the other. What an
 * earlier statement of its transaction locked so and what is not read for want of rows elsewhere may be missing.
 *
 * @param sight What is known.
 * @returns Tables, by name.
 */
export function seenReads({ before, after, existing }: Sight): string[] {
  const isRead = ({ oid, kind, scans }: Relation) => {
    if (!existing.has(oid) || !WITH_ROWS.has(kind) || after.locks.get(oid)?.has("ACCESS SHARE") !== true) return false;
    return before.locks.get(oid)?.has("ACCESS SHARE") !== true || scans > (before.relations.get(oid)?.scans ?? 0);
  };
  return [...after.relations.values()].filter(isRead).map(({ oid, name }) => before.relations.get(oid)?.name ?? name)
    .toSorted();
}

/**
 * Finds what the query of a view reads, through other views.
 *
 * @param view The view.
 * @param relations All that is known, by OID.
 * @returns Tables, by name.
 */
export function readsOfView(view: Relation, relations: CatalogState["relations"]): string[] {
  const found = new Set<string>();
  const seen = new Set<number>();
  const open = [...view.reads ?? []];
  for (let oid = open.pop(); oid !== undefined; oid = open.pop()) {
    const relation = relations.get(oid);
    if (relation === undefined || seen.has(oid)) continue;
    seen.add(oid);
    if (relation.kind === "view") open.push(...relation.reads ?? []);
    else if (WITH_ROWS.has(relation.kind)) found.add(relation.name);
  }
  return [...found].toSorted();
}
