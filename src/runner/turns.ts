/**
 * Long work in turns, so that what else waits gets on: a connection that is being made, in a server its requests.
 *
 * @module
 */

/** How long a turn may take. */
const TURN_MS = 4;

/** A timer waits for a millisecond also where nothing else is to be done. */
const { setImmediate: soon = (work: () => void) => void setTimeout(work, 0) } = globalThis as {
  readonly setImmediate?: (work: () => void) => unknown;
};

/** Ends a turn when it has taken long enough. */
export class Turns {
  #start = performance.now();

  /** To be called between two pieces of work. */
  async next(): Promise<void> {
    if (performance.now() - this.#start < TURN_MS) return;
    await new Promise<void>((resolve) => void soon(resolve));
    this.#start = performance.now();
  }
}
