/**
 * Tables for a terminal and for a page.
 *
 * @module
 */

/**
 * Aligns columns: the first to the left, numbers to the right.
 *
 * @param cells The header and the rows.
 * @returns Lines.
 */
export function terminalTable(cells: readonly (readonly string[])[]): string {
  const widths = widthsOf(cells);
  return cells.map((row) =>
    row.map((cell, column) => isText(row, column) ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))
      .join("  ").trimEnd()
  ).join("\n");
}

/**
 * The same as Markdown, laid out as `deno fmt` wants it.
 *
 * @param cells The header and the rows.
 * @returns Lines.
 */
export function markdownTable(cells: readonly (readonly string[])[]): string {
  const columns = Math.max(...cells.map((row) => row.length));
  const whole = cells.map((row) => [...row, ...Array<string>(columns - row.length).fill("")]);
  const widths = Array.from(
    { length: columns },
    (_, column) => Math.max(3, ...whole.map((row) => row[column]!.length)),
  );
  const line = (row: readonly string[]) => `| ${row.map((cell, column) => padded(cell, column, widths)).join(" | ")} |`;
  const rule = `| ${
    widths.map((width, column) => column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`).join(" | ")
  } |`;
  return [line(whole[0]!), rule, ...whole.slice(1).map(line)].join("\n");
}

function padded(cell: string, column: number, widths: readonly number[]): string {
  return column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!);
}

/** Names, and the reason that stands in place of numbers. */
function isText(row: readonly string[], column: number): boolean {
  return column === 0 || row.length === 2;
}

/** A reason may be longer than its column. */
function widthsOf(cells: readonly (readonly string[])[]): readonly number[] {
  const columns = cells[0]?.length ?? 0;
  const whole = cells.filter((row) => row.length === columns);
  return Array.from(
    { length: columns },
    (_, column) => Math.max(...(column === 0 ? cells : whole).map((row) => row[column]!.length)),
  );
}
