// @ts-check
// A function of AWS Lambda or its like that applies what is pending for as long as a call may take. It stops itself in
// time, because a function that the platform stops cannot cancel its statement on the server.

import { MigrationError, MigrationRunner } from "@metapg/migration";

/** What is kept of the time for cancelling, rolling back and answering. */
const RESERVE_MS = 1000;

const runner = new MigrationRunner({ onEvent: (event) => console.error(JSON.stringify(event)) });

/**
 * @param {unknown} _event
 * @param {{ getRemainingTimeInMillis(): number }} context
 * @returns {Promise<{ finished: boolean, applied: readonly string[] }>} To be called again until it is finished.
 */
export async function handler(_event, context) {
  const timeMs = Math.max(0, context.getRemainingTimeInMillis() - RESERVE_MS);
  try {
    return { finished: true, applied: await runner.applyPending({ signal: AbortSignal.timeout(timeMs) }) };
  } catch (error) {
    if (!(error instanceof MigrationError) || error.code !== "ABORTED") throw error;
    return { finished: false, applied: error.applied };
  }
}
