/**
 * Values that may be at hand at once: of thousands of promises each is a turn of its own.
 *
 * @module
 */

/** A value, or a promise of it. */
export type Eventually<T> = T | Promise<T>;

/**
 * Goes on with a value: at once where it is at hand.
 *
 * @param value The value.
 * @param next What to do with it.
 * @param onError What stands for it where the promise is rejected.
 * @returns What became of it.
 */
export function eventually<T, R>(
  value: Eventually<T>,
  next: (value: T) => Eventually<R>,
  onError?: (error: unknown) => R,
): Eventually<R> {
  return isPromise(value) ? value.then(next, onError) : next(value);
}

/** Tells a promise from a value that is at hand. */
export function isPromise<T>(value: Eventually<T>): value is Promise<T> {
  return typeof value === "object" && value !== null && "then" in value;
}
