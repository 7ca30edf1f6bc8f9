/**
 * Values and names as SQL.
 *
 * @module
 */

/**
 * Writes a text as a string constant that means the same under every setting.
 *
 * @param text The text.
 * @returns `E'…'`, with backslashes and quotes doubled.
 */
export function quoteLiteral(text: string): string {
  return `E'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}

/**
 * Writes a text that holds SQL. PostgreSQL finds the place of an error in a function's body by looking for that body in the
 * message; were it there twice, in the statement and in a constant, it would give no place at all.
 *
 * @param sql The text.
 * @returns `E'…'`, with quotes and dollar signs written as escapes.
 */
export function quoteSource(sql: string): string {
  return `E'${sql.replaceAll("\\", "\\\\").replaceAll("'", "\\x27").replaceAll("$", "\\x24")}'`;
}

/**
 * Writes a text or its absence.
 *
 * @param text The text, or nothing.
 * @returns A string constant or `NULL`.
 */
export function quoteNullable(text: string | null | undefined): string {
  return text === null || text === undefined ? "NULL" : quoteLiteral(text);
}

/**
 * Writes a list of texts.
 *
 * @param texts The texts.
 * @returns An array of type `text[]`.
 */
export function quoteArray(texts: readonly string[]): string {
  return `ARRAY[${texts.map(quoteLiteral).join(", ")}]::pg_catalog.text[]`;
}

/**
 * Writes a name as a quoted identifier.
 *
 * @param name The name.
 * @returns `"…"`, with quotes doubled.
 */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
