/**
 * Names as SQL, in double quotes only where they need them.
 *
 * @module
 */

import { KEYWORDS } from "./keywords.ts";
import { quoteIdentifier } from "./quote.ts";

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
