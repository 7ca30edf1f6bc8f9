/**
 * Words of command lines.
 *
 * @module
 */

/** What no shell takes for more than itself. */
const PLAIN = /^[\w./:@%+,=-]+$/;

/**
 * Quotes a word for POSIX shells.
 *
 * @param text The word.
 * @returns It in single quotes.
 */
export function quoteShell(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Writes a word as it is typed: in quotes where it needs them. */
export function shellWord(text: string): string {
  return PLAIN.test(text) ? text : quoteShell(text);
}
