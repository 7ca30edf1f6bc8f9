/**
 * The text that a new migration file begins with, and its name.
 *
 * @module
 */

import { plainWords } from "../core/name.ts";

/** Longest description in a file name. */
const MAX_SLUG = 60;

/**
 * Makes the words of a file name.
 *
 * @param description What the migration does.
 * @returns Lower-case words of a to z and digits, joined by `_`; empty if nothing is left.
 */
export function slugify(description: string): string {
  let slug = "";
  for (const word of plainWords(description.replace(/\.sql$/i, ""))) {
    const longer = slug === "" ? word : `${slug}_${word}`;
    if (longer.length > MAX_SLUG && slug !== "") break;
    slug = longer;
  }
  return slug.slice(0, MAX_SLUG);
}

/**
 * Writes the text of a new migration.
 *
 * @param description What it does.
 * @param depends What it depends on.
 * @returns A file that is valid as soon as it has a statement.
 */
export function draftMigration(description: string, depends: readonly string[]): string {
  const line = description.replace(/\s+/g, " ");
  return `-- Description: ${line.charAt(0).toUpperCase()}${line.slice(1)}
-- Depends: ${depends.length === 0 ? "(none)" : depends.join(", ")}

-- The statements that apply it go here.


-- ROLLBACK

-- The statements that undo it go here. If it cannot be undone, delete everything from the marker on.
`;
}
