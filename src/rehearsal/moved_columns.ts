/**
 * Columns that a rollback puts back: PostgreSQL has no other place for them than the end.
 *
 * @module
 */

import type { AttributeDifference, SchemaDifference } from "../schema/compare_schemas.ts";

/**
 * Takes out of what a rollback left the order of columns where it could not be another one.
 *
 * @param remains What differs from what was before the migration.
 * @param undone What differs from what was after it: what the rollback did.
 * @returns Everything else.
 */
export function withoutMovedColumns(
  remains: readonly SchemaDifference[],
  undone: readonly SchemaDifference[],
): readonly SchemaDifference[] {
  return remains.flatMap((difference) => {
    const { identity, attributes } = difference;
    const order = attributes.find(({ name }) => name === "column order");
    if (order === undefined || !isKept(order, putBack(identity, undone))) return [difference];
    const left = attributes.filter((attribute) => attribute !== order);
    return left.length === 0 ? [] : [{ ...difference, attributes: left }];
  });
}

/** The columns that a rollback added to what was there; none of what it made as a whole, whose order is its own. */
function putBack(identity: string, undone: readonly SchemaDifference[]): ReadonlySet<string> {
  const prefix = `${identity}.`;
  const names = undone.filter((other) => other.change === "added" && other.identity.startsWith(prefix))
    .map((other) => other.identity.slice(prefix.length));
  return new Set(names);
}

/** Whether the columns that stayed have the order that they had. */
function isKept({ before, after }: AttributeDifference, added: ReadonlySet<string>): boolean {
  const stayed = (order: string | null) => (order ?? "").split("\n").filter((name) => !added.has(name)).join("\n");
  return added.size > 0 && stayed(before) === stayed(after);
}
