/**
 * Text of a server for messages.
 *
 * @module
 */

/**
 * Puts text on one line, in time proportional to its length whatever it holds: a migration may raise any text.
 *
 * @param text Any text.
 * @returns It with line breaks and the white space around them made one space, and none at its ends.
 */
export function oneLine(text: string): string {
  return text.split(/[\r\n]/).map((line) => line.trim()).filter((line) => line !== "").join(" ");
}
