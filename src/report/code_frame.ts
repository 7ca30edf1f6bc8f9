/**
 * The lines around a failure, with a caret under the place.
 *
 * @module
 */

import { printable } from "./printable.ts";
import type { Style } from "./style.ts";
import { displayWidth, pad } from "./width.ts";

/** Columns that a tab fills up to a multiple of. */
const TAB = 4;

/** How much of a line is shown, in UTF-16 units. */
const LONGEST = 160;

/** What a code frame shows. */
export interface CodeFrame {
  /** Lines around the place, in order. */
  readonly excerpt: readonly { readonly line: number; readonly text: string }[];
  /** Line of the place, from 1; without it no line is marked. */
  readonly line?: number | undefined;
  /** Column of the place, in code points, from 1. */
  readonly column?: number | undefined;
}

/**
 * Prints lines of a file with their numbers and a caret.
 *
 * @param frame The lines and the place.
 * @param style Emphasis.
 * @returns Lines; none for an empty excerpt.
 */
export function formatCodeFrame(frame: CodeFrame, style: Style): string[] {
  const digits = Math.max(0, ...frame.excerpt.map(({ line }) => String(line).length));
  // What follows the last line feed of a file is no line.
  const end = frame.excerpt.findLastIndex(({ line, text }) => text !== "" || line === frame.line) + 1;
  return frame.excerpt.slice(0, end).flatMap(({ line, text }) => {
    const number = pad(String(line), digits, "right");
    const { before, behind } = cut(text, line === frame.line ? frame.column : undefined);
    const shown = expandTabs(printable(before + behind));
    if (line !== frame.line) return [`  ${style.dim(`${number} │`)} ${shown}`.trimEnd()];
    const marked = `${style.red(">")} ${style.dim(`${number} │`)} ${shown}`.trimEnd();
    if (frame.column === undefined) return [marked];
    const indent = " ".repeat(displayWidth(expandTabs(printable(before))));
    return [marked, `  ${style.dim(`${" ".repeat(digits)} │`)} ${indent}${style.red("^")}`];
  });
}

/** What is shown of a line before and from a column on: a line of a dump may hold megabytes. */
function cut(text: string, column = 1): { readonly before: string; readonly behind: string } {
  const place = offsetOf(text, column);
  if (text.length <= LONGEST) return { before: text.slice(0, place), behind: text.slice(place) };
  const start = place <= LONGEST / 2 ? 0 : wholeFrom(text, place - LONGEST / 2);
  const end = wholeFrom(text, Math.min(text.length, start + LONGEST));
  return {
    before: (start === 0 ? "" : "…") + text.slice(start, place),
    behind: text.slice(place, end) + (end === text.length ? "" : "…"),
  };
}

/** Offset in UTF-16 units of a column in code points. */
function offsetOf(text: string, column: number): number {
  let offset = 0;
  for (let count = 1; count < column && offset < text.length; count++) {
    offset += text.codePointAt(offset)! > 0xffff ? 2 : 1;
  }
  return offset;
}

/** An offset that is not inside a pair of surrogates. */
function wholeFrom(text: string, offset: number): number {
  return /[\udc00-\udfff]/.test(text[offset] ?? "") ? offset + 1 : offset;
}

function expandTabs(text: string): string {
  let line = "";
  for (const part of text.split(/(\t)/)) {
    line += part === "\t" ? " ".repeat(TAB - displayWidth(line) % TAB) : part;
  }
  return line;
}
