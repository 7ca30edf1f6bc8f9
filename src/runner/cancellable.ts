/**
 * Statements that a signal cancels.
 *
 * @module
 */

import type { Connection } from "../core/database.ts";

/** How long a statement may go on after it was asked to stop, before it is asked again. */
const ASK_AGAIN_MS = 500;

/**
 * Waits for a statement, and has the server cancel it when a signal is aborted.
 *
 * A request that reaches the server before the statement began is lost, so it is repeated; one that is under way when the
 * statement ends would hit the next one, so it is waited for.
 *
 * @param connection What the statement runs on.
 * @param statement The statement.
 * @param signal Aborting it cancels.
 * @returns What the statement returns.
 */
export async function cancellable<T>(
  connection: Connection,
  statement: Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  if (signal === undefined) return await statement;
  let cancelling = Promise.resolve();
  const onAbort = () => cancelling = cancelUntilOver(connection, statement);
  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await statement;
  } finally {
    signal.removeEventListener("abort", onAbort);
    await cancelling;
  }
}

async function cancelUntilOver(connection: Connection, statement: Promise<unknown>): Promise<void> {
  let isOver = false;
  const over = statement.then(() => {}, () => {}).then(() => isOver = true);
  while (!isOver) {
    await connection.cancel();
    await overWithin(over, ASK_AGAIN_MS);
  }
}

function overWithin(over: Promise<unknown>, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    over.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
