/**
 * Versions of PostgreSQL.
 *
 * @module
 */

/** A version of PostgreSQL. */
export interface ServerVersion {
  /** As in 14. */
  readonly major: number;
  /** As the 3 in 14.3; `undefined` if nobody said. */
  readonly minor: number | undefined;
}

/** The oldest release that migrations run on. */
export const OLDEST_SERVER: ServerVersion = { major: 14, minor: undefined };

/**
 * Reads a version.
 *
 * @param text As in `14` or `16.2`.
 * @returns The version; `undefined` if it is none that migrations run on.
 */
export function parseServerVersion(text: string): ServerVersion | undefined {
  const [, major, minor] = /^(\d{2})(?:\.(\d{1,3}))?$/.exec(text) ?? [];
  if (major === undefined || Number(major) < OLDEST_SERVER.major) return undefined;
  return { major: Number(major), minor: minor === undefined ? undefined : Number(minor) };
}
