/**
 * What the signals that end a run are called by the system.
 *
 * @module
 */

import type { Signal } from "./host.ts";

/**
 * The names under which a signal comes. Windows has no SIGTERM to send and ends a console program with Ctrl+Break.
 *
 * @param signal The signal.
 * @param system The system, as `process.platform` names it.
 * @returns The names to listen to.
 */
export function signalNames(signal: Signal, system: string): readonly (Signal | "SIGBREAK")[] {
  if (system !== "win32") return [signal];
  return signal === "SIGINT" ? ["SIGINT", "SIGBREAK"] : [];
}
