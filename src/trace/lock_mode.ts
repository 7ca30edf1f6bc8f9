/**
 * The modes of PostgreSQL's table-level locks, and what each keeps waiting.
 *
 * @module
 */

/** The mode of a lock, as PostgreSQL's manual names it. */
export type LockMode =
  | "ACCESS SHARE"
  | "ROW SHARE"
  | "ROW EXCLUSIVE"
  | "SHARE UPDATE EXCLUSIVE"
  | "SHARE"
  | "SHARE ROW EXCLUSIVE"
  | "EXCLUSIVE"
  | "ACCESS EXCLUSIVE";

/** The modes, from the weakest to the strongest. */
export const LOCK_MODES: readonly LockMode[] = [
  "ACCESS SHARE",
  "ROW SHARE",
  "ROW EXCLUSIVE",
  "SHARE UPDATE EXCLUSIVE",
  "SHARE",
  "SHARE ROW EXCLUSIVE",
  "EXCLUSIVE",
  "ACCESS EXCLUSIVE",
];

/**
 * What a lock keeps waiting. `reads`: every query. `row locks`: `SELECT … FOR UPDATE` and its kin. `writes`: `INSERT`,
 * `UPDATE`, `DELETE`, `MERGE`. `maintenance`: `VACUUM`, `ANALYZE`, `CREATE INDEX CONCURRENTLY`. `index builds`: a plain
 * `CREATE INDEX`. `schema changes`: `DROP`, `TRUNCATE`, most of `ALTER TABLE`.
 */
export type Blocked = "reads" | "row locks" | "writes" | "maintenance" | "index builds" | "schema changes";

/** The table "Conflicting Lock Modes" of the manual: the modes that each has to wait for, by their places above. */
const CONFLICTS: Readonly<Record<LockMode, readonly number[]>> = {
  "ACCESS SHARE": [7],
  "ROW SHARE": [6, 7],
  "ROW EXCLUSIVE": [4, 5, 6, 7],
  "SHARE UPDATE EXCLUSIVE": [3, 4, 5, 6, 7],
  "SHARE": [2, 3, 5, 6, 7],
  "SHARE ROW EXCLUSIVE": [2, 3, 4, 5, 6, 7],
  "EXCLUSIVE": [1, 2, 3, 4, 5, 6, 7],
  "ACCESS EXCLUSIVE": [0, 1, 2, 3, 4, 5, 6, 7],
};

/** What takes which mode. */
const TAKERS: readonly (readonly [Blocked, LockMode])[] = [
  ["reads", "ACCESS SHARE"],
  ["row locks", "ROW SHARE"],
  ["writes", "ROW EXCLUSIVE"],
  ["maintenance", "SHARE UPDATE EXCLUSIVE"],
  ["index builds", "SHARE"],
  ["schema changes", "ACCESS EXCLUSIVE"],
];

/** Reads a mode as `pg_locks` spells it, as in `ShareRowExclusiveLock`; `undefined` for what locks no table. */
export function parseLockMode(text: string): LockMode | undefined {
  const words = text.replace(/Lock$/, "").replace(/([a-z])(?=[A-Z])/g, "$1 ").toUpperCase();
  return LOCK_MODES.find((mode) => mode === words);
}

/** Compares two modes: less than 0 if the first is the weaker one. */
export function compareModes(a: LockMode, b: LockMode): number {
  return LOCK_MODES.indexOf(a) - LOCK_MODES.indexOf(b);
}

/** Finds the strongest of some modes; `undefined` if there is none. */
export function strongestMode(modes: Iterable<LockMode>): LockMode | undefined {
  return [...modes].toSorted(compareModes).at(-1);
}

/**
 * Tells whether two sessions can have their locks at the same time.
 *
 * @param a The mode of one.
 * @param b That of the other.
 * @returns Whether one has to wait.
 */
export function conflict(a: LockMode, b: LockMode): boolean {
  return CONFLICTS[a].includes(LOCK_MODES.indexOf(b));
}

/**
 * Tells what locks keep waiting.
 *
 * @param modes All that are held on one table.
 * @returns It, what hurts most first.
 */
export function blockedBy(modes: Iterable<LockMode>): Blocked[] {
  const held = [...modes];
  return TAKERS.filter(([, mode]) => held.some((one) => conflict(one, mode))).map(([blocked]) => blocked);
}
