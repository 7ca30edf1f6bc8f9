/**
 * Sends events to a caller's sink.
 *
 * @module
 */

import type { EventBody, EventSink } from "../core/event.ts";

/** Sends one event. */
export type Emit = (event: EventBody) => void;

/**
 * Stamps events with the database and the time.
 *
 * @param db Name of the database.
 * @param sinks Who receives them; those that are absent are left out. What a sink throws is dropped: a listener must not
 * be able to stop a run half-way.
 * @returns What sends an event.
 */
export function emitter(db: string, sinks: readonly (EventSink | undefined)[]): Emit {
  const listeners = sinks.filter((sink) => sink !== undefined);
  return (body) => {
    const event = { ...body, db, at: new Date().toISOString() };
    for (const listener of listeners) {
      try {
        listener(event);
      } catch {
        // A broken listener is the caller's bug, not a reason to leave a database half-way.
      }
    }
  };
}
