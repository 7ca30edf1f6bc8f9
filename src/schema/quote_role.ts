/**
 * Roles as SQL.
 *
 * @module
 */

import { quoteName } from "../core/quote_name.ts";

/** The role that migrations run as, as roles are named in a schema: its name differs from database to database. */
export const CURRENT_ROLE = "CURRENT_ROLE";

/**
 * Writes a role.
 *
 * @param role Its name, or {@linkcode CURRENT_ROLE}.
 * @returns It as `GRANT` takes it.
 */
export function quoteRole(role: string): string {
  return role === CURRENT_ROLE ? role : quoteName(role);
}
