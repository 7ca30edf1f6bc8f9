/**
 * Tables of text.
 *
 * @module
 */

import type { Paint, Style } from "./style.ts";
import { displayWidth, pad } from "./width.ts";

/** A column of a table. */
export interface Column {
  /** What its head says. */
  readonly title: string;
  /** Where its cells are placed. @default "left" */
  readonly align?: "left" | "right";
}

/** A cell: text, or text with emphasis. */
export type Cell = string | { readonly text: string; readonly paint: Paint };

/**
 * Prints rows under their heads; a column without any text is left out.
 *
 * @param columns The columns.
 * @param rows The cells of each row, one for each column.
 * @param style Emphasis of the heads.
 * @returns Lines without trailing spaces.
 */
export function formatTable(columns: readonly Column[], rows: readonly (readonly Cell[])[], style: Style): string[] {
  const widths = columns.map(({ title }, index) => {
    const longest = rows.reduce((width, row) => Math.max(width, displayWidth(textOf(row[index]))), 0);
    return longest === 0 ? 0 : Math.max(longest, displayWidth(title));
  });
  const line = (cells: readonly Cell[]): string => {
    const shown = columns.map((column, index) => ({ cell: cells[index] ?? "", width: widths[index]!, column }))
      .filter(({ width }) => width > 0);
    while (shown.length > 0 && textOf(shown.at(-1)!.cell) === "") shown.pop();
    return shown.map(({ cell, width, column }, index) => {
      const text = textOf(cell);
      const last = index === shown.length - 1 && column.align !== "right";
      const painted = typeof cell === "string" ? text : cell.paint(text);
      return last ? painted : pad(text, width, column.align).replace(text, () => painted);
    }).join("  ");
  };
  return [line(columns.map(({ title }) => ({ text: title, paint: style.dim }))), ...rows.map(line)];
}

function textOf(cell: Cell | undefined): string {
  return cell === undefined ? "" : typeof cell === "string" ? cell : cell.text;
}
