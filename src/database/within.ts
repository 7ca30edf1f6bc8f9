/**
 * A wait with an end.
 *
 * @module
 */

/**
 * Waits for a promise, but not for ever.
 *
 * @param promise What to wait for.
 * @param milliseconds How long at most; `Infinity` means for ever.
 * @returns Whether it settled in time, in either way.
 */
export async function settlesWithin(promise: PromiseLike<unknown>, milliseconds: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<boolean>((resolve) => {
    if (milliseconds !== Infinity) timer = setTimeout(() => resolve(false), milliseconds);
  });
  try {
    return await Promise.race([promise.then(() => true, () => true), timeout]);
  } finally {
    clearTimeout(timer);
  }
}
