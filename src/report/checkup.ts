/**
 * Several looks at the same files, in one report.
 *
 * @module
 */

import type { Fields } from "./json.ts";
import type { Style } from "./style.ts";

/** One look at the files. */
export interface CheckupStep {
  /** The command that does the same. */
  readonly name: string;
  /** What it came to. */
  readonly state: "ok" | "findings" | "skipped";
  /** What it printed; of one that was skipped the reason. */
  readonly lines: readonly string[];
  /** Keys of the command. */
  readonly fields: Fields;
}

/**
 * Prints what several looks came to, one below the other.
 *
 * @param db The database.
 * @param steps The looks.
 * @param style Emphasis.
 * @returns Lines.
 */
export function formatCheckup(db: string, steps: readonly CheckupStep[], style: Style): string[] {
  const marks = { ok: style.green("✓"), findings: style.red("✗"), skipped: style.yellow("-") };
  const blocks = steps.flatMap(({ name, state, lines }) => [
    `${marks[state]} ${style.bold(name)}`,
    ...lines.map((line) => `  ${line}`.trimEnd()),
    "",
  ]);
  const found = steps.filter(({ state }) => state === "findings").map(({ name }) => name);
  const skipped = steps.filter(({ state }) => state === "skipped").map(({ name }) => name);
  const verdict = found.length === 0 ? "passed" : `findings of ${found.join(", ")}`;
  return [...blocks, `${db}: ${verdict}${skipped.length === 0 ? "" : `; not run: ${skipped.join(", ")}`}`];
}
