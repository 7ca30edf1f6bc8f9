/**
 * What the history says before a step and after it.
 *
 * @module
 */

import type { Step } from "../core/plan.ts";
import type { ExpectedRow } from "./transaction.ts";

/** What of a step its row depends on. */
type Settling = Pick<Step, "direction" | "migration">;

/** The row that a step finds: none that counts for an `up`, the one of the same text for a rollback. */
export function rowBefore({ direction, migration }: Settling): ExpectedRow {
  return direction === "up" ? { type: "pending" } : { type: "applied", checksum: migration.checksum };
}

/** The row that a step leaves: the one of its text for an `up`, none that counts for a rollback. */
export function rowAfter({ direction, migration }: Settling): ExpectedRow {
  return direction === "up" ? { type: "applied", checksum: migration.checksum } : { type: "pending" };
}
