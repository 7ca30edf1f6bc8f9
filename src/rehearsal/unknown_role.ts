/**
 * Roles of which nobody said what they are: those that were made because they were missing.
 *
 * @module
 */

import type { SchemaDifference } from "../schema/compare_schemas.ts";

/**
 * Takes out of what a rollback left what may be as it is in production. A missing role is made with next to nothing: that a
 * rollback gives it `LOGIN` does not mean that it had none before.
 *
 * @param remains What differs from what was before the migration.
 * @param undone What differs from what was after it: what the rollback did.
 * @param isUnknown Tells such roles.
 * @returns What the migration did to them and the rollback let be, and everything else.
 */
export function withoutUnknown(
  remains: readonly SchemaDifference[],
  undone: readonly SchemaDifference[],
  isUnknown: (role: string) => boolean,
): readonly SchemaDifference[] {
  return remains.flatMap((difference) => {
    const { change, kind, identity, attributes } = difference;
    if (change !== "changed" || kind !== "role" || !isUnknown(identity)) return [difference];
    const touched = undone.find((other) => other.kind === kind && other.identity === identity)?.attributes ?? [];
    const left = attributes.filter(({ name }) => !touched.some((other) => other.name === name));
    return left.length === 0 ? [] : [{ ...difference, attributes: left }];
  });
}
