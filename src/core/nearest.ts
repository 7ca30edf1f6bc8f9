/**
 * Finds what somebody probably meant.
 *
 * @module
 */

/**
 * Counts the insertions, deletions and substitutions between two short texts.
 *
 * @param a One text.
 * @param b The other.
 * @param enough A distance from which on it need not be exact.
 * @returns The edit distance, or any number from `enough` on.
 */
export function editDistance(a: string, b: string, enough: number = Infinity): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    // From row to row the least distance never falls.
    if (enough < Infinity && previous.every((distance) => distance >= enough)) return enough;
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      current.push(
        Math.min(
          previous[column]! + 1,
          current[column - 1]! + 1,
          previous[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1),
        ),
      );
    }
    previous = current;
  }
  return previous[b.length]!;
}

/**
 * Finds the known name that is nearest to a given one.
 *
 * @param name What was given.
 * @param known What there is.
 * @returns A name that contains it, or the nearest by edit distance within a third of its length; else `undefined`.
 */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const part = known.filter((other) => other.includes(name) || (name !== "" && name.includes(other)));
  if (part.length === 1) return part[0];
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const other of known) {
    if (Math.abs(other.length - name.length) >= bestDistance) continue;
    const distance = editDistance(name, other, bestDistance);
    if (distance < bestDistance) [best, bestDistance] = [other, distance];
  }
  return best;
}
