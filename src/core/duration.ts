/**
 * Durations as people write and read them.
 *
 * @module
 */

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** PostgreSQL keeps time-outs as 32-bit integers of milliseconds; a timer of the runtime takes no more either. */
const MAX_MS = 2_147_483_647;

/**
 * Reads a duration: whole numbers with `ms`, `s`, `m` or `h`, or `0`.
 *
 * @param text As in `250ms`, `3s`, `5m`, `1h` or `0`.
 * @returns Milliseconds; `undefined` if it is none, or is longer than PostgreSQL can hold (24 days).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseDuration } from "@metapg/migration/core";
 *
 * assertEquals(parseDuration("5m"), 300_000);
 * assertEquals(parseDuration("soon"), undefined);
 * ```
 */
export function parseDuration(text: string): number | undefined {
  if (text === "0") return 0;
  const [, digits, unit] = /^(\d+)(ms|s|m|h)$/.exec(text) ?? [];
  if (digits === undefined || unit === undefined) return undefined;
  const ms = Number(digits) * (UNIT_MS[unit] ?? NaN);
  return ms <= MAX_MS ? ms : undefined;
}

/**
 * Prints a duration for people: `3.2 ms`, `1.4 s`, `2 m 5 s`, `1 h 10 m`.
 *
 * @param ms Milliseconds.
 * @returns The two largest units that matter.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { formatDuration } from "@metapg/migration/core";
 *
 * assertEquals(formatDuration(1420), "1.4 s");
 * assertEquals(formatDuration(125_000), "2 m 5 s");
 * ```
 */
export function formatDuration(ms: number): string {
  // The limits are where the rounded figure would reach the next unit: 999.96 ms is "1.0 s", not "1000.0 ms".
  if (ms < 999.95) return `${ms.toFixed(1)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ${seconds % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} m`;
}
