/**
 * Makes foreign text safe to show.
 *
 * @module
 */

// deno-lint-ignore no-control-regex -- they are what is looked for
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;

/**
 * Spells out control characters, so that text of a file or a server cannot steer the terminal.
 *
 * @param text Any text.
 * @returns The text with `\x1b` and the like in place of control characters; tabs and line feeds stay.
 */
export function printable(text: string): string {
  return text.replaceAll("\r\n", "\n").replace(
    CONTROL,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}

/**
 * Puts text on one line.
 *
 * @param text Any text.
 * @returns It with every run of white space turned into one space, and control characters spelled out.
 */
export function oneLine(text: string): string {
  return printable(text.replace(/\s+/g, " ").trim());
}
