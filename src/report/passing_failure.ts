/**
 * Failures that have their cause in what else the server does: nothing of the migration has to be mended.
 *
 * @module
 */

/** By SQLSTATE, what helps beside another try. */
const PASSING: ReadonlyMap<string, string> = new Map([
  ["40001", ""],
  ["40P01", ""],
  ["55P03", ", or give it more time (Lock-Timeout in its header, else --lock-timeout)"],
  ["57014", ", or give it more time (Statement-Timeout in its header, else --statement-timeout)"],
]);

/**
 * Finds what helps beside another try.
 *
 * @param sqlstate What the server said.
 * @returns Words that go behind the advice to try again; `undefined` if that would not help.
 */
export function besideRetry(sqlstate: string | undefined): string | undefined {
  return PASSING.get(sqlstate ?? "");
}

/**
 * Does the same for a failure as the history holds it.
 *
 * @param error Its text, which ends with the SQLSTATE; `Cancelled` for a unit that a run took back.
 * @returns The words; `undefined` if another try would not help.
 */
export function besideRetryOf(error: string): string | undefined {
  return error === "Cancelled" ? "" : besideRetry(/ \(([0-9A-Z]{5})\)$/.exec(error)?.[1]);
}
