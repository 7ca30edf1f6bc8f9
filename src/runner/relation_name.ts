/**
 * Names of relations as SQL.
 *
 * @module
 */

import { quoteIdentifier, quoteLiteral } from "../core/quote.ts";
import type { ObjectName } from "../core/token_cursor.ts";

/** A name as a statement takes it. */
export function quoteName({ schema, name }: ObjectName): string {
  return schema === undefined ? quoteIdentifier(name) : `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
}

/** A name as a literal for `to_regclass()`. */
export function regclass(name: ObjectName): string {
  return quoteLiteral(quoteName(name));
}
