/**
 * Names as SQL, in double quotes only where they need them.
 *
 * @module
 */

import { quoteIdentifier } from "../core/quote.ts";
import { KEYWORDS } from "./keywords.ts";

/** The role that migrations run as, as roles are named in a schema: its name differs from database to database. */
export const CURRENT_ROLE = "CURRENT_ROLE";

/**
 * Writes a name.
 *
 * @param name The name, as it is in the catalog.
 * @returns It, in double quotes if it would be read otherwise.
 */
export function quoteName(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(name) && !KEYWORDS.has(name) ? name : quoteIdentifier(name);
}

/**
 * Writes the parts of a name.
 *
 * @param parts The parts, from the outermost.
 * @returns They, with dots between them.
 */
export function quoteParts(parts: readonly string[]): string {
  return parts.map(quoteName).join(".");
}

/**
 * Writes a role.
 *
 * @param role Its name, or {@linkcode CURRENT_ROLE}.
 * @returns It as `GRANT` takes it.
 */
export function quoteRole(role: string): string {
  return role === CURRENT_ROLE ? role : quoteName(role);
}
