/**
 * The table of `history`.
 *
 * @module
 */

import { formatDuration } from "../core/duration.ts";
import { oneLine } from "./printable.ts";
import type { Paint, Style } from "./style.ts";
import { type Cell, formatTable } from "./table.ts";
import { formatTime } from "./time.ts";

/** One entry of the log, as far as people see it. */
export interface HistoryEntry {
  /** When it happened. */
  readonly at: Date;
  /** What was done, as the log spells it: `rolled_back`. */
  readonly action: string;
  /** Name of the migration. */
  readonly name: string;
  /** How long it took, in milliseconds. */
  readonly durationMs: number | null;
  /** Database user. */
  readonly dbUser: string | null;
  /** `application_name` of the session. */
  readonly application: string | null;
  /** What failed. */
  readonly error: string | null;
}

/**
 * Prints the log.
 *
 * @param db Name of the database.
 * @param entries The entries, oldest first.
 * @param style Emphasis.
 * @returns A line that counts, and a table where there is anything.
 */
export function formatHistory(db: string, entries: readonly HistoryEntry[], style: Style): string[] {
  if (entries.length === 0) return [`${style.bold(db)}: nothing happened yet`];
  const rows = entries.map((entry): Cell[] => [
    formatTime(entry.at),
    { text: entry.action.replaceAll("_", " "), paint: paintOf(entry.action, style) },
    entry.name,
    entry.durationMs === null ? "" : formatDuration(entry.durationMs),
    oneLine(entry.dbUser ?? ""),
    oneLine(entry.application ?? ""),
    { text: oneLine(entry.error ?? ""), paint: style.dim },
  ]);
  const table = formatTable(
    [
      { title: "AT" },
      { title: "ACTION" },
      { title: "NAME" },
      { title: "TIME", align: "right" },
      { title: "USER" },
      { title: "APPLICATION" },
      { title: "ERROR" },
    ],
    rows,
    style,
  );
  return [style.bold(db), "", ...table];
}

function paintOf(action: string, style: Style): Paint {
  if (action === "failed") return style.red;
  return action === "applied" ? style.green : style.yellow;
}
