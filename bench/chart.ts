/**
 * The picture: bars of ratios, a block for each workload. Observable Plot draws on a document of linkedom; both come from
 * npm when they are needed, by specifiers that Deno does not resolve ahead.
 *
 * @module
 */

import type { ContenderKind } from "./contender.ts";
import { ratioText, type ReportRow, type ReportTable } from "./report_tables.ts";
import { mainTables } from "./summary.ts";
import type { Results } from "./results.ts";

/** In exact versions, for nothing else pins them. */
const PLOT: string = "npm:@observablehq/plot@0.6.17";
const LINKEDOM: string = "npm:linkedom@0.18.15";

const WIDTH = 860;
const ROW = 18;
const HEAD = 30;
/** For the axis of a block. */
const FOOT = 34;

/** Legible on white and on black; the words take the colour of the text. */
const COLOURS: Readonly<Record<ContenderKind, string>> = { ours: "#2f81f7", peer: "#8b949e", floor: "#3fa45b" };
const LEGEND: Readonly<Record<ContenderKind, string>> = { ours: "this tool", peer: "other tools", floor: "floors" };

/** What is used of Observable Plot, whose types are not there when this module is checked. */
interface Plot {
  plot(options: object): { setAttribute(name: string, value: string): void; readonly outerHTML: string };
  barX(data: readonly Bar[], options: object): unknown;
  ruleX(data: readonly number[], options: object): unknown;
  ruleY(data: readonly Bar[], options: object): unknown;
  text(data: readonly Bar[], options: object): unknown;
}

/** A bar. */
interface Bar {
  readonly name: string;
  readonly kind: ContenderKind;
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Draws the picture.
 *
 * @param results What was measured.
 * @param tables Its tables; the main ones are drawn.
 * @param floor Name of the contender that all are compared with.
 * @returns An SVG document, which is dark where its reader wants that.
 */
export async function drawChart(results: Results, tables: readonly ReportTable[], floor: string): Promise<string> {
  const [plot, { parseHTML }]: [Plot, { parseHTML(text: string): { readonly document: unknown } }] = await Promise.all([
    import(PLOT),
    import(LINKEDOM),
  ]);
  const { document } = parseHTML("<html><body></body></html>");
  const kinds = new Map(results.participants.map(({ name, kind }) => [name, kind]));
  const blocks = mainTables(tables).map(({ title, rows }) => ({ title, bars: barsOf(rows, kinds) }));
  const parts: string[] = [legend(floor)];
  let top = HEAD + 20;
  for (const { title, bars } of blocks) {
    parts.push(`<text x="8" y="${top}" font-size="13" font-weight="600">${escaped(title)}</text>`);
    const height = bars.length * ROW + FOOT;
    const block = plot.plot({ document, ...blockOptions(plot, bars, { domain: domainOf(bars), height }) });
    block.setAttribute("y", String(top + 4));
    parts.push(block.outerHTML);
    top += height + HEAD;
  }
  return page(parts.join("\n"), top);
}

function barsOf(rows: readonly ReportRow[], kinds: ReadonlyMap<string, ContenderKind>): readonly Bar[] {
  const bars = rows.flatMap(({ contender, ratio }) =>
    ratio === undefined ? [] : [{
      name: contender,
      kind: kinds.get(contender) ?? "peer",
      ratio: ratio.median,
      low: ratio.low,
      high: ratio.high,
    }]
  );
  return bars.toSorted((a, b) => a.ratio - b.ratio);
}

/** From half to four times at least, so that small differences look small; with room for the numbers beside the bars. */
function domainOf(bars: readonly Bar[]): readonly [number, number] {
  return [Math.min(0.5, ...bars.map(({ low }) => low * 0.95)), Math.max(4, ...bars.map(({ high }) => high)) * 2];
}

/** What Plot is told of a block. */
function blockOptions(
  plot: Plot,
  bars: readonly Bar[],
  { domain, height }: { readonly domain: readonly [number, number]; readonly height: number },
): Readonly<Record<string, unknown>> {
  const y = { y: "name" };
  return {
    width: WIDTH,
    height,
    marginLeft: 150,
    marginTop: 4,
    marginBottom: FOOT - 4,
    style: { fontSize: "11px" },
    x: { type: "log", domain, grid: true, label: null, ticks: 6, tickFormat: (tick: number) => `${tick}×` },
    y: { domain: bars.map(({ name }) => name), label: null, tickSize: 0, padding: 0.25 },
    marks: [
      plot.barX(bars, { ...y, x1: 1, x2: "ratio", fill: ({ kind }: Bar) => COLOURS[kind] }),
      plot.ruleY(bars, { ...y, x1: "low", x2: "high", stroke: "currentColor", strokeWidth: 1 }),
      plot.ruleX([1], { stroke: "currentColor" }),
      plot.text(bars, {
        ...y,
        x: ({ high }: Bar) => Math.max(high, 1),
        text: ({ ratio }: Bar) => `${ratioText(ratio)}×`,
        textAnchor: "start",
        dx: 5,
      }),
    ],
  };
}

function legend(floor: string): string {
  const entries = Object.entries(LEGEND).map(([kind, words], index) =>
    `<rect x="${8 + index * 110}" y="12" width="12" height="12" fill="${COLOURS[kind as ContenderKind]}"/>` +
    `<text x="${26 + index * 110}" y="22">${words}</text>`
  );
  return `${entries.join("")}<text x="${WIDTH - 8}" y="22" text-anchor="end">time as a multiple of ${
    escaped(floor)
  }; ` +
    `line: range; logarithmic; left is faster</text>`;
}

function page(content: string, height: number): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${WIDTH}" height="${height}"
 viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" font-size="12" fill="currentColor" class="page">
<style>
.page { color: #1f2328; background: #ffffff; }
@media (prefers-color-scheme: dark) { .page { color: #e6edf3; background: #0d1117; } }
</style>
${content}
</svg>
`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll("`", "");
}
