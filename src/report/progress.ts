/**
 * What a run tells while it goes on, in lines.
 *
 * @module
 */

import { formatDuration } from "../core/duration.ts";
import type { LockHolder, MigrationEvent } from "../core/event.ts";
import { formatWarnings } from "./problems.ts";
import { oneLine, printable } from "./printable.ts";
import type { Style } from "./style.ts";
import { pad } from "./width.ts";

/** How much a run tells. */
export type Verbosity = "quiet" | "normal" | "verbose";

/** How {@linkcode formatEvent} prints. */
export interface ProgressOptions {
  /** Emphasis. */
  readonly style: Style;
  /** How much is told. */
  readonly verbosity: Verbosity;
  /** Columns for the names, so that the times stand below each other. @default 0 */
  readonly nameWidth?: number;
}

/** Severities of notices that are shown without `-v`. */
const SHOWN_NOTICES: ReadonlySet<string> = new Set(["NOTICE", "WARNING", "INFO"]);

/**
 * Prints an event.
 *
 * @param event The event.
 * @param options How.
 * @returns Lines; none for what is not worth one.
 */
export function formatEvent(event: MigrationEvent, options: ProgressOptions): string[] {
  const { style, verbosity } = options;
  if (verbosity === "quiet") return [];
  switch (event.type) {
    case "migration:done":
      return [
        `${style.green("✓")} ${pad(event.name, options.nameWidth ?? 0)}  ${
          style.dim(`${event.direction === "up" ? "" : "rolled back, "}${formatDuration(event.durationMs)}`)
        }`,
      ];
    case "migration:failed":
      return [
        `${style.red("✗")} ${pad(event.name, options.nameWidth ?? 0)}  ${
          style.red(event.code === "ABORTED" ? "cancelled" : "failed")
        }`,
      ];
    case "migration:retry":
      return [
        style.yellow(
          `… ${event.name}: ${oneLine(event.message)}; trying again in ${formatDuration(event.delayMs)} (try ${
            event.attempt + 1
          })`,
        ),
      ];
    case "lock:wait":
      return [style.yellow(`… waiting for another run${waited(event.waitedMs)}: ${describeHolder(event.holder)}`)];
    case "unit:done":
      return verbosity === "verbose"
        ? [style.dim(`  ${event.name}: ${formatUnit(event.unit, event.units)}, ${formatDuration(event.durationMs)}`)]
        : [];
    case "notice":
      return SHOWN_NOTICES.has(event.severity) || verbosity === "verbose"
        ? [style.dim(`  ${event.severity}: ${printable(event.message).replaceAll("\n", "\n  ")}`)]
        : [];
    case "warning":
      return formatWarnings([event.problem], style);
    default:
      return [];
  }
}

/** A migration that runs at this moment. */
export interface Running {
  /** Its name. */
  readonly name: string;
  /** Its place in the run, from 1. */
  readonly index: number;
  /** How many the run has. */
  readonly total: number;
  /** For how long it has run, in milliseconds. */
  readonly elapsedMs: number;
  /** The last statement that it finished, where they are counted. */
  readonly unit?: { readonly done: number; readonly of: number } | undefined;
}

/**
 * Prints the line of the migration that runs.
 *
 * @param running What runs.
 * @param style Emphasis.
 * @param nameWidth Columns for the name.
 * @returns One line.
 */
export function formatRunning(running: Running, style: Style, nameWidth = 0): string {
  const unit = running.unit === undefined ? "" : `, ${formatUnit(running.unit.done, running.unit.of)}`;
  return `${style.cyan("•")} ${pad(running.name, nameWidth)}  ${
    style.dim(`${formatDuration(running.elapsedMs)} (${running.index} of ${running.total}${unit})`)
  }`;
}

/**
 * Says who holds a lock.
 *
 * @param holder The session, if it is known.
 * @returns Some words.
 */
export function describeHolder(holder: LockHolder | null): string {
  if (holder === null) return "its session is not known";
  const parts = [`pid ${holder.pid}`];
  if (holder.user !== null) parts.push(`user ${oneLine(holder.user)}`);
  if (holder.application !== null && holder.application !== "") parts.push(oneLine(holder.application));
  if (holder.host !== null) parts.push(`from ${oneLine(holder.host)}`);
  if (holder.since !== null) parts.push(`since ${oneLine(holder.since)}`);
  return parts.join(", ");
}

function waited(ms: number): string {
  return ms < 1000 ? "" : ` (${formatDuration(ms)})`;
}

function formatUnit(done: number, of: number): string {
  return `statement ${done} of ${of}`;
}
