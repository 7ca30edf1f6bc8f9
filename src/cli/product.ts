/**
 * Name and version of the program.
 *
 * @module
 */

/** The program, as it is typed. */
export const PROGRAM = "metapg-migration";

/**
 * Writes commands for a database as they are typed.
 *
 * @param db The database; none for what is not about a single one.
 * @returns A function from `up` to `metapg-migration up --db shop`.
 */
export function commandLineFor(db?: string): (words: string) => string {
  const suffix = db === undefined || db === "default" ? "" : ` --db ${db}`;
  return (words) => `${PROGRAM} ${words}${suffix}`;
}

/** The version, the same as in `deno.json`. */
export const VERSION = "0.1.0";
