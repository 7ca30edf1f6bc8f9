/**
 * Long work in turns, so that what else waits gets on: a connection that is being made, in a server its requests.
 *
 * @module
 */

import { pause } from "./pause.ts";

/** How long a turn may take: what waits takes several to get on. */
const TURN_MS = 0.5;

/** Ends a turn when it has taken long enough. */
export class Turns {
  #start = performance.now();

  /** To be called between two pieces of work. */
  async next(): Promise<void> {
    if (performance.now() - this.#start < TURN_MS) return;
    await pause(0, undefined);
    this.#start = performance.now();
  }
}
