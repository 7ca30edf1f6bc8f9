/**
 * Whether an expression may have another value for every row.
 *
 * @module
 */

import type { Catalog } from "./catalog.ts";
import { type Node, strings, walk } from "./tree.ts";

/** Functions of PostgreSQL that have one value for a whole statement, as far as people write them into defaults. */
export const STABLE_FUNCTIONS: ReadonlySet<string> = new Set(
  (
    "abs age array_append array_fill array_length array_prepend btrim ceil ceiling chr coalesce concat concat_ws " +
    "current_catalog current_database current_schema current_setting current_user date date_bin date_part date_trunc " +
    "decode digest encode extract floor format gcd greatest inet_client_addr int4range int8range json_build_array " +
    "json_build_object json_object jsonb_build_array jsonb_build_object jsonb_object least left length localtime " +
    "localtimestamp lower lpad ltrim make_date make_interval make_time make_timestamp make_timestamptz md5 mod now " +
    "numrange overlay pg_backend_pid pi point position power regexp_replace repeat replace reverse right round row " +
    "rpad rtrim session_user sha256 split_part sqrt statement_timestamp strpos substr substring textcat timezone " +
    "to_char to_date to_json to_jsonb to_number to_timestamp to_tsquery to_tsvector transaction_timestamp translate " +
    "trim trunc tsrange tstzrange daterange txid_current pg_current_xact_id upper user xpath"
  ).split(" "),
);

/**
 * Finds a function in an expression that may have another value for every row.
 *
 * @param expression The expression.
 * @param catalog What is known of functions that migrations make; others of an unknown name are taken for volatile, as
 * PostgreSQL does unless they say otherwise.
 * @returns Its name; `undefined` if there is none.
 */
export function volatileFunction(expression: Node | undefined, catalog: Catalog): string | undefined {
  let found: string | undefined;
  walk(expression, ({ funcname }) => {
    if (!Array.isArray(funcname)) return;
    const parts = strings(funcname);
    const isBuiltIn = parts.length === 1 || parts[0] === "pg_catalog";
    if (isBuiltIn && STABLE_FUNCTIONS.has(parts.at(-1) ?? "")) return;
    if (!catalog.isStable(parts)) found ??= parts.join(".");
  });
  return found;
}
