/**
 * Work on several things at once.
 *
 * @module
 */

/**
 * Works on items in order, several at once.
 *
 * @param items The items.
 * @param limit How many at once.
 * @param work What to do with each.
 * @returns The results, in the order of the items.
 */
export async function inPool<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = new Array(items.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index]!);
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
}
