/**
 * What is locked by a trace, as it is live.
 *
 * @module
 */

import { formatDuration } from "../core/duration.ts";
import { describeHolder } from "../core/lock_holder.ts";
import type { CurrentHolder, LiveObject, Trace, TracedLock } from "../trace/trace.ts";
import { oneLine } from "./printable.ts";
import { countOf } from "./wording.ts";

/** How many holders of one object are shown. */
const MOST_HOLDERS = 5;

/** The objects of a database, by name; `undefined` if nobody looked. */
export type Live = ReadonlyMap<string, LiveObject> | undefined;

/**
 * Takes from a trace what is known of the live database.
 *
 * @param trace The trace.
 * @returns Its objects by name.
 */
export function liveOf({ objects }: Pick<Trace, "objects">): Live {
  return objects === undefined ? undefined : new Map(objects.map((object) => [object.object, object]));
}

/**
 * Names the sessions that a statement would have to wait for.
 *
 * @param lock A lock that it takes.
 * @param live The database.
 * @returns A line for each, cut short where there are many.
 */
export function describeHolders({ object, mode }: TracedLock, live: Live): string[] {
  const holders = (live?.get(object)?.holders ?? []).filter(({ keepsWaiting }) => keepsWaiting.includes(mode));
  const lines = holders.slice(0, MOST_HOLDERS).map((holder) => oneLine(`${object}: ${describeCurrent(holder)}`));
  const more = holders.length - lines.length;
  return more === 0 ? lines : [...lines, `${object}: and ${countOf(more, "more session")}`];
}

function describeCurrent(holder: CurrentHolder): string {
  const who = holder.pid === null ? "a prepared transaction" : describeHolder({ ...holder, since: null });
  const age = holder.transactionMs === null
    ? ""
    : `, its transaction is open for ${formatDuration(Math.max(0, holder.transactionMs))}`;
  return `${who} has ${holder.modes.join(", ")}${age}`;
}

/**
 * Says how large an object is.
 *
 * @param name It.
 * @param live The database.
 * @returns `12 GB, ~31,000,000 rows`; empty if nobody looked.
 */
export function describeSize(name: string, live: Live): string {
  if (live === undefined) return "";
  const object = live.get(name);
  if (object === undefined) return "not there yet";
  const { bytes, rows } = object;
  const parts = [bytes === null ? "" : formatBytes(bytes), rows === null ? "" : `~${groupDigits(rows)} rows`];
  return parts.filter((part) => part !== "").join(", ");
}

function formatBytes(bytes: number): string {
  let value = bytes;
  for (const unit of ["bytes", "kB", "MB", "GB"]) {
    if (value < 1024) return `${value < 10 && unit !== "bytes" ? value.toFixed(1) : Math.round(value)} ${unit}`;
    value /= 1024;
  }
  return `${value.toFixed(1)} TB`;
}

function groupDigits(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ",");
}
