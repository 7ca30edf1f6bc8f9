/**
 * Runs `tests/node/smoke.js` under every runtime, and puts what came of it into a table.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { tryCapture } from "./capture.ts";
import { root } from "./deno.ts";
import type { InstalledRuntime } from "./npm_tools.ts";

/** The columns, as `smoke.js` names them. */
const CELLS = ["library | PGlite", "library | PostgreSQL", "CLI | PGlite", "CLI | PostgreSQL"];

/** What came of one runtime. */
export interface RuntimeResult {
  /** The versions of all that took part, the runtime's first. */
  readonly versions: string;
  /** What came of each cell that was reached. */
  readonly cells: ReadonlyMap<string, string>;
  /** Its exit code. */
  readonly code: number;
  /** What went wrong. */
  readonly stderr: string;
}

/**
 * Tries the package under a runtime.
 *
 * @param runtime The runtime.
 * @param home The project that has it installed.
 * @param env Names the server.
 * @returns What came of it.
 */
export async function tryRuntime(
  runtime: InstalledRuntime,
  home: URL,
  env: Readonly<Record<string, string>>,
): Promise<RuntimeResult> {
  const args = ["smoke.js", fileURLToPath(new URL("migrations/", root))];
  const { code, stdout, stderr } = await tryCapture(runtime.path, args, { cwd: home, env });
  return readResult(runtime.label, stdout, code, stderr);
}

/** Reads what `smoke.js` prints: the versions, then a line for each cell. */
export function readResult(label: string, stdout: string, code: number, stderr: string): RuntimeResult {
  const [versions = "", ...lines] = stdout.trim().split("\n");
  const cells = lines.map((line) => line.split(" | ")).map(([, surface, engine, ...outcome]) =>
    [`${surface} | ${engine}`, outcome.join(", ")] as const
  );
  return { versions: versions === "" ? label : versions, cells: new Map(cells), code, stderr };
}

/** Whether every cell of a runtime is good: one that was not reached is not. */
export function isGood({ code, cells }: RuntimeResult): boolean {
  return code === 0 && CELLS.every((cell) => cells.get(cell)?.startsWith("ok") === true);
}

/** The table: a row for each runtime, a column for each cell. */
export function table(results: readonly RuntimeResult[]): string {
  const rows = [
    ["runtime", ...CELLS.map((cell) => cell.replace(" |", ""))],
    ...results.map(({ versions, cells }) =>
      [versions.split(",")[0] ?? "", ...CELLS.map((cell) => cells.get(cell) ?? "not reached")] as const
    ),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column]!)).join(" | ").trimEnd());
  return lines.join("\n");
}
