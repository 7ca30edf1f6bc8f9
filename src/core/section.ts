/**
 * A part of a migration file that is sent to the database.
 *
 * @module
 */

/** The up or the rollback section of a migration file. */
export interface Section {
  /** Its text. */
  readonly sql: string;
  /** Where it begins in the text of the file, in UTF-16 units. */
  readonly start: number;
}
