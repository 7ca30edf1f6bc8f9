/**
 * Medians and ranges of measured values, and of their ratios.
 *
 * @module
 */

/** A middle and what it lies between. */
export interface Spread {
  /** The middle value; of an even number of values, half-way between the two in the middle. */
  readonly median: number;
  /** The smallest value. */
  readonly low: number;
  /** The largest value. */
  readonly high: number;
  /** How many values there are. */
  readonly count: number;
}

/**
 * Median and range.
 *
 * @param values In any order.
 * @returns Them; nothing for no value.
 */
export function spreadOf(values: readonly number[]): Spread | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[0], sorted.at(-1)];
  if (low === undefined || high === undefined) return undefined;
  const half = Math.floor(sorted.length / 2);
  const median = sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
  return { median, low, high, count: sorted.length };
}

/**
 * Median and range of ratios. Values are compared within a round only: what slowed the machine in one round slowed both.
 *
 * @param values By round; `null` where there is none.
 * @param floors Likewise.
 * @returns Them; nothing if no round has both.
 */
export function ratiosOf(values: readonly (number | null)[], floors: readonly (number | null)[]): Spread | undefined {
  const ratios: number[] = [];
  for (const [round, value] of values.entries()) {
    const floor = floors[round] ?? null;
    if (value !== null && floor !== null && floor > 0) ratios.push(value / floor);
  }
  return spreadOf(ratios);
}
