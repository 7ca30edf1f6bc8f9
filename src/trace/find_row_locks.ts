/**
 * Finds the rows that stay locked behind a statement. No catalog shows them: they follow from what it is, and from the
 * modes in which it locks tables.
 *
 * @module
 */

import { lockedTables, type Sight } from "./locked_tables.ts";
import type { StatementNature } from "./observe.ts";
import type { TracedRowLock } from "./trace.ts";

/**
 * Finds the rows that stay locked.
 *
 * @param sight What is known before and after the statement.
 * @param nature What the statement is.
 * @returns By table; what a statement that takes no further lock changes may be any of what was changed before it.
 */
export function findRowLocks(sight: Sight, nature: StatementNature): TracedRowLock[] {
  const { before, after, existing } = sight;
  if (nature !== "query" && nature !== "insert" && nature !== "select") return [];
  const written = lockedTables("ROW EXCLUSIVE", sight, nature === "select" ? "none" : "held");
  const shared = lockedTables("ROW SHARE", sight).filter((oid) => !written.includes(oid));
  const keys = [...after.constraints.values()].filter(({ type, table }) => type === "f" && written.includes(table));
  const targets = keys.map(({ references }) => references).filter((oid) => existing.has(oid));
  const rows = (oids: readonly number[], kind: TracedRowLock["rows"]) =>
    [...new Set(oids)].map((oid): TracedRowLock => ({ table: before.relations.get(oid)?.name ?? "", rows: kind }));
  // New rows are nobody's; what they refer to is locked where there are some.
  if (nature === "insert") return rows(targets, "referenced");
  if (written.length === 0) return rows(shared, "locked");
  return [...rows(written, "changed"), ...rows(shared.filter((oid) => targets.includes(oid)), "referenced")];
}
