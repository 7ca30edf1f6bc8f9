/**
 * Moments, for people.
 *
 * @module
 */

/**
 * Says when something happened.
 *
 * @param time The moment.
 * @returns UTC to the second: `2026-01-02 03:04:05Z`.
 */
export function formatTime(time: Date): string {
  return time.toISOString().replace("T", " ").replace(/\.\d+Z$/, "Z");
}
