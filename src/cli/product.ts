/**
 * Name and version of the program.
 *
 * @module
 */

/** The program, as it is typed. */
export const PROGRAM = "metapg-migration";

/** The version, the same as in `deno.json`. */
export const VERSION = "0.1.0";
