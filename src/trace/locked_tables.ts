/**
 * Tables that a statement may have locked.
 *
 * @module
 */

import type { CatalogState } from "./catalog_state.ts";
import type { LockMode } from "./lock_mode.ts";
import type { ObjectKind } from "./trace.ts";

/** Kinds of relations that hold rows. */
export const WITH_ROWS: ReadonlySet<ObjectKind> = new Set<ObjectKind>([
  "table",
  "partitioned table",
  "foreign table",
  "materialized view",
]);

/** What is known before and after a statement, and what of it was there before the migration. */
export interface Sight {
  /** All that is known from before it. */
  readonly before: CatalogState;
  /** What is locked after it. */
  readonly after: CatalogState;
  /** OIDs of what was there before the migration. */
  readonly existing: ReadonlySet<number>;
}

/**
 * Finds the tables that a statement is the first to lock in a mode.
 *
 * @param mode The mode.
 * @param sight What is known.
 * @param otherwise Where there is none: nothing, or all that are locked so, of which it may be any.
 * @returns OIDs, in the order of names.
 */
export function lockedTables(
  mode: LockMode,
  { before, after, existing }: Sight,
  otherwise: "none" | "held" = "none",
): readonly number[] {
  const nameOf = (oid: number) => before.relations.get(oid)?.name ?? "";
  const isTable = (oid: number) => existing.has(oid) && WITH_ROWS.has(before.relations.get(oid)?.kind ?? "index");
  const held = [...after.locks].flatMap(([oid, modes]) => modes.has(mode) && isTable(oid) ? [oid] : [])
    .toSorted((a, b) => nameOf(a) < nameOf(b) ? -1 : 1);
  const fresh = held.filter((oid) => before.locks.get(oid)?.has(mode) !== true);
  return fresh.length > 0 || otherwise === "none" ? fresh : held;
}
