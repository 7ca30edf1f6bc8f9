/**
 * What keeps runners apart while a run goes on.
 *
 * @module
 */

/**
 * `session`: an advisory lock of the session that runs the migrations. `lease`: a row with an owner and an end, for
 * connections behind a pooler, which change sessions between transactions.
 */
export type LockKind = "session" | "lease";

/** The lock of a run. */
export interface RunLock {
  /** Its kind. */
  readonly kind: LockKind;
  /** Statements that fail a transaction at its beginning unless the lock is had. */
  readonly guards: readonly string[];
  /** Statement that fails a transaction at its end unless the lock is still had; empty if it cannot have been lost. */
  readonly renewSql: string;
  /** Gives it back. Runs even after an abort. */
  release(): Promise<void>;
}
