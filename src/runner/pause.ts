/**
 * Waiting that an abort ends.
 *
 * @module
 */

import { abortError } from "./session.ts";

/**
 * Waits.
 *
 * @param ms How long.
 * @param signal Aborting it ends the wait.
 * @throws A `MigrationError` with code `ABORTED`.
 */
export function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(abortError(signal));
    const onAbort = () => {
      clearTimeout(timer);
      reject(abortError(signal!));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, ms);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
