/**
 * How much room text takes on a terminal.
 *
 * @module
 */

/** Characters that add nothing to the width: combining marks, joiners, direction marks, selectors. */
const ZERO = /^[\p{Mn}\p{Me}\p{Cf}]$/u;

/** Characters that take two columns: those of East Asia, full-width forms and emoji. */
const DOUBLE =
  /^[\u{1100}-\u{115f}\u{2e80}-\u{303e}\u{3041}-\u{a4cf}\u{a960}-\u{a97c}\u{ac00}-\u{d7a3}\u{f900}-\u{faff}\u{fe30}-\u{fe6f}\u{ff01}-\u{ff60}\u{ffe0}-\u{ffe6}\u{20000}-\u{3fffd}\p{Emoji_Presentation}]$/u;

/**
 * Counts the columns that a text takes.
 *
 * @param text One line without control characters.
 * @returns Its width.
 */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    if (character < "\u{300}") width += 1;
    else if (DOUBLE.test(character)) width += 2;
    else if (!ZERO.test(character)) width += 1;
  }
  return width;
}

/**
 * Fills a text with spaces up to a width.
 *
 * @param text One line.
 * @param width The columns to fill; a longer text stays as it is.
 * @param align Where the text goes.
 * @returns The padded text.
 */
export function pad(text: string, width: number, align: "left" | "right" = "left"): string {
  const room = " ".repeat(Math.max(0, width - displayWidth(text)));
  return align === "left" ? text + room : room + text;
}

/**
 * Cuts a text to a width.
 *
 * @param text One line.
 * @param width The columns that there are.
 * @returns The text, or its beginning with an ellipsis.
 */
export function truncate(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let kept = "";
  let used = 0;
  for (const character of text) {
    used += displayWidth(character);
    if (used > width - 1) break;
    kept += character;
  }
  return `${kept}…`;
}
