/**
 * Messages to and from PGlite. Its `exec()` does not tell which of several statements failed; what it is made of does.
 *
 * @module
 */

import type { Row } from "../core/database.ts";
import type { PgliteLike } from "./pglite.ts";

/** A message of the server, as PGlite reads it. */
export interface BackendMessage {
  /** Which message it is. */
  readonly name: string;
  /** Columns of a `rowDescription`, values of a `dataRow`. */
  readonly fields?: readonly unknown[];
}

/** Parts of PGlite that `exec()` is made of, and that may be absent in another release. */
interface Internals extends PgliteLike {
  _runExclusiveTransaction?<T>(body: () => Promise<T>): Promise<T>;
  runExclusive?<T>(body: () => Promise<T>): Promise<T>;
  execProtocol?(
    message: Uint8Array,
    options: { readonly throwOnError: boolean; readonly onNotice: (notice: unknown) => void },
  ): Promise<{ readonly messages: readonly BackendMessage[] }>;
  readonly Module?: { _clear_setitimer?(): void };
}

/**
 * Sends one simple-query message, when neither a transaction nor a query of somebody else is on.
 *
 * @param instance The instance.
 * @param sql The message.
 * @param onNotice Receives notices.
 * @returns What the server answered; `undefined` if this release of PGlite cannot be asked so.
 */
export async function sendMessage(
  instance: Internals,
  sql: string,
  onNotice: (notice: unknown) => void,
): Promise<readonly BackendMessage[] | undefined> {
  const { _runExclusiveTransaction, runExclusive, execProtocol } = instance;
  if (_runExclusiveTransaction === undefined || runExclusive === undefined || execProtocol === undefined) {
    return undefined;
  }
  const send = () => execProtocol.call(instance, queryMessage(sql), { throwOnError: false, onNotice });
  const { messages } = await _runExclusiveTransaction.call(
    instance,
    () => runExclusive.call(instance, send),
  ) as Awaited<
    ReturnType<typeof send>
  >;
  return messages;
}

/** `Query`: its type, its length, the text and a NUL. */
function queryMessage(sql: string): Uint8Array {
  const text = new TextEncoder().encode(sql);
  const message = new Uint8Array(text.length + 6);
  message[0] = "Q".charCodeAt(0);
  new DataView(message.buffer).setInt32(1, text.length + 5);
  message.set(text, 5);
  return message;
}

/**
 * Reads the rows of the last statement that returns any.
 *
 * @param messages What the server answered.
 * @returns The rows, with values as text.
 */
export function lastRows(messages: readonly BackendMessage[]): Row[] {
  const start = messages.findLastIndex((message) => message.name === "rowDescription");
  if (start === -1) return [];
  const names = (messages[start]!.fields as readonly { readonly name: string }[]).map((field) => field.name);
  return messages.slice(start).filter((message) => message.name === "dataRow").map((message) =>
    Object.fromEntries(names.map((name, index) => [name, message.fields?.[index] ?? null]))
  );
}

/**
 * Stops the timer by which an idle PostgreSQL writes its statistics after ten seconds, for so long it would keep the process
 * alive. They are written with those of the next message.
 *
 * @param instance The instance.
 */
export function stopIdleTimer({ Module }: Internals): void {
  Module?._clear_setitimer?.();
}
