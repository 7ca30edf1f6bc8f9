/**
 * What a command came to.
 *
 * @module
 */

import type { DatabaseEntry, Fields } from "../report/json.ts";

/** What a command came to, over all of its databases. */
export interface CommandResult {
  /** The exit code. */
  readonly exitCode: number;
  /** One entry for each database. */
  readonly databases: readonly DatabaseEntry[];
  /** Keys beside `databases` for `--json`. */
  readonly fields?: Fields;
}

/** What a command did with one database. */
export interface Outcome {
  /** Whether it found something that a script should notice. @default "done" */
  readonly verdict?: "done" | "findings";
  /** What to know before the lines, for stderr. */
  readonly warnings?: readonly string[];
  /** Lines for stdout. */
  readonly lines: readonly string[];
  /**
   * `block`: lines that stand for themselves. `line`: lines that get the name of the database in front where there are
   * several. `summary`: the same, but left out with `-q`.
   */
  readonly layout: "block" | "line" | "summary";
  /** Advice, for stderr. */
  readonly notes?: readonly string[];
  /** Keys for `--json`. */
  readonly fields: Fields;
  /** What was thrown once there was something to show: the lines are printed, and then this. */
  readonly failure?: unknown;
}
