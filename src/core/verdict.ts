/**
 * What a rehearsal says of a migration.
 *
 * @module
 */

/**
 * What was proved of a migration.
 *
 * - `reversible`: rolled back, the schema is as it was before; applied again, as it was after
 * - `irreversible`: it has no rollback section
 * - `rollback-differs`: rolled back, the schema is another one than before
 * - `rollback-fails`: the server refuses the rollback
 * - `again-differs`: rolled back and applied again, the schema is another one than the first time
 * - `again-fails`: rolled back, it cannot be applied again
 * - `up-fails`: the server refuses it
 * - `not-run`: it was not tried
 */
export type Verdict =
  | "reversible"
  | "irreversible"
  | "rollback-differs"
  | "rollback-fails"
  | "again-differs"
  | "again-fails"
  | "up-fails"
  | "not-run";

/** How long the sections of a migration ran, in milliseconds; `null` for what did not run to its end. */
export interface Durations {
  /** Applying it. */
  readonly upMs: number | null;
  /** Rolling it back. */
  readonly rollbackMs: number | null;
  /** Applying it again. */
  readonly againMs: number | null;
}

/** Verdicts that are nobody's fault. */
const SOUND: ReadonlySet<Verdict> = new Set(["reversible", "irreversible"] as const);

/**
 * Tells whether a verdict is as it should be.
 *
 * @param verdict The verdict.
 * @returns Whether nothing has to be mended.
 */
export function isSound(verdict: Verdict): boolean {
  return SOUND.has(verdict);
}
