/**
 * The proof of one migration: apply it, roll it back, compare, apply it again, compare.
 *
 * @module
 */

import type { MigrationError } from "../core/error.ts";
import type { Direction } from "../core/event.ts";
import type { Migration } from "../core/migration.ts";
import type { Durations, Verdict } from "../core/verdict.ts";
import type { SchemaDifference } from "../schema/compare_schemas.ts";
import type { Snapshot } from "./snapshot.ts";
import { isFinding, type Stage } from "./stage.ts";
import { withoutUnknown } from "./unknown_role.ts";

/** What came of a proof. */
export interface Proof {
  /** What was proved. */
  readonly verdict: Verdict;
  /** How long it ran. */
  readonly durations: Durations;
  /** What differs. */
  readonly differences: readonly SchemaDifference[];
  /** What the server said. */
  readonly error: MigrationError | null;
  /** The schemas before it, after it, and after its rollback, as far as it came. */
  readonly seen: readonly Snapshot[];
  /** The schema that the next migration finds in production. */
  readonly schema: Snapshot;
  /** Whether the database is as it is in production, or the proof left it another way. */
  readonly left: "as-applied" | "spoiled";
}

type Outcome = Pick<Proof, "verdict" | "schema"> & Partial<Proof>;

/** Applies a migration to a database whose schema is known, and proves its rollback. */
export async function prove(stage: Stage, migration: Migration, before: Snapshot): Promise<Proof> {
  const durations: { -readonly [K in keyof Durations]: number | null } = {
    upMs: null,
    rollbackMs: null,
    againMs: null,
  };
  const play = async (what: keyof Durations, direction: Direction): Promise<MigrationError | null> => {
    try {
      durations[what] = await stage.play(migration, direction);
      return null;
    } catch (error) {
      if (isFinding(error)) return error;
      throw error;
    }
  };
  const outcome = await tryOut(stage, migration, before, play);
  return { differences: [], error: null, left: "as-applied", seen: [before], ...outcome, durations };
}

async function tryOut(
  stage: Stage,
  migration: Migration,
  before: Snapshot,
  play: (what: keyof Durations, direction: Direction) => Promise<MigrationError | null>,
): Promise<Outcome> {
  /** Of a transaction that failed nothing is left. */
  const leftBy = ({ code }: MigrationError) => code === "SQL_FAILED" ? "as-applied" : "spoiled";
  const refused = await play("upMs", "up");
  if (refused !== null) return { verdict: "up-fails", schema: before, error: refused, left: leftBy(refused) };
  const after = await stage.snapshot();
  const seen = [before, after];
  if (migration.rollback === undefined) return { verdict: "irreversible", schema: after, seen };
  const stuck = await play("rollbackMs", "down");
  if (stuck !== null) return { verdict: "rollback-fails", schema: after, error: stuck, left: leftBy(stuck), seen };
  const undone = await stage.snapshot();
  seen.push(undone);
  const remains = withoutUnknown(
    before.differences(undone),
    after.differences(undone),
    (role) => stage.isUnknown(role),
  );
  if (remains.length > 0) {
    return { verdict: "rollback-differs", schema: after, differences: remains, left: "spoiled", seen };
  }
  const again = await play("againMs", "up");
  if (again !== null) return { verdict: "again-fails", schema: after, error: again, left: "spoiled", seen };
  const repeated = await stage.snapshot();
  const differences = after.differences(repeated);
  if (differences.length > 0) return { verdict: "again-differs", schema: after, differences, left: "spoiled", seen };
  return { verdict: "reversible", schema: repeated, seen };
}
