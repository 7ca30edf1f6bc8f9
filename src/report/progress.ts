/**
 * What a run tells while it goes on, in lines.
 *
 * @module
 */

import { formatDuration } from "../core/duration.ts";
import type { MigrationEvent } from "../core/event.ts";
import { describeHolder, type LockHolder } from "../core/lock_holder.ts";
import { type CommandLine, spellProblems } from "./advice.ts";
import { formatWarnings } from "./problems.ts";
import { oneLine, printable } from "./printable.ts";
import type { Style } from "./style.ts";
import { pad, truncate } from "./width.ts";

/** How much a run tells. */
export type Verbosity = "quiet" | "normal" | "verbose";

/** How {@linkcode formatEvent} prints. */
export interface ProgressOptions {
  /** Emphasis. */
  readonly style: Style;
  /** How much is told. */
  readonly verbosity: Verbosity;
  /** Writes a command as it is typed. */
  readonly commandLine: CommandLine;
  /** Columns for the names, so that the times stand below each other. @default 0 */
  readonly nameWidth?: number;
}

/** Severities of notices that are shown without `-v`. */
const SHOWN_NOTICES: ReadonlySet<string> = new Set(["NOTICE", "WARNING", "INFO"]);

/** Columns for what another session runs. */
const QUERY_WIDTH = 60;

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
          `… ${event.name}: ${oneLine(event.message)}${describeBlockers(event.blockers)}; trying again in ${
            formatDuration(event.delayMs)
          } (try ${event.attempt + 1})`,
        ),
      ];
    case "lock:wait":
      return [style.yellow(`… waiting for another run${waited(event.waitedMs)}: ${describeOther(event.holder)}`)];
    case "unit:done":
      return verbosity === "verbose"
        ? [style.dim(`  ${event.name}: ${formatUnit(event.unit, event.units)}, ${formatDuration(event.durationMs)}`)]
        : [];
    case "notice":
      return SHOWN_NOTICES.has(event.severity) || verbosity === "verbose"
        ? [style.dim(`  ${event.severity}: ${printable(event.message).replaceAll("\n", "\n  ")}`)]
        : [];
    case "warning":
      return formatWarnings(spellProblems([event.problem], options.commandLine), style);
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
  /** The last unit that it finished, where they are counted. */
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

function describeOther(holder: LockHolder | null): string {
  return holder === null ? "its session is not known" : oneLine(describeHolder(holder));
}

/** The first of the sessions that are in the way, without what only helps to tell two sessions of a client apart. */
function describeBlockers([first, ...others]: readonly LockHolder[]): string {
  if (first === undefined) return "";
  const who = oneLine(describeHolder({ ...first, host: null, since: null, query: null }));
  const what = first.query === null || first.query === "" ? "" : `: ${truncate(oneLine(first.query), QUERY_WIDTH)}`;
  return `, blocked by ${who}${others.length === 0 ? "" : ` and ${others.length} more`}${what}`;
}

function waited(ms: number): string {
  return ms < 1000 ? "" : ` (${formatDuration(ms)})`;
}

function formatUnit(done: number, of: number): string {
  return `unit ${done} of ${of}`;
}
