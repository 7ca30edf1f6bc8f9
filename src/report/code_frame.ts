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
    const shown = expandTabs(printable(text));
    if (line !== frame.line) return [`  ${style.dim(`${number} │`)} ${shown}`.trimEnd()];
    const marked = `${style.red(">")} ${style.dim(`${number} │`)} ${shown}`.trimEnd();
    if (frame.column === undefined) return [marked];
    const before = expandTabs(printable([...text].slice(0, frame.column - 1).join("")));
    const indent = " ".repeat(displayWidth(before));
    return [marked, `  ${style.dim(`${" ".repeat(digits)} │`)} ${indent}${style.red("^")}`];
  });
}

function expandTabs(text: string): string {
  let line = "";
  for (const part of text.split(/(\t)/)) {
    line += part === "\t" ? " ".repeat(TAB - displayWidth(line) % TAB) : part;
  }
  return line;
}
