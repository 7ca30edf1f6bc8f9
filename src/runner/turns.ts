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

/** Tells when a turn has taken long enough, and waits for the next one. */
export class Turns {
  #start = performance.now();

  /** Whether the turn has taken long enough. */
  get isOver(): boolean {
    return performance.now() - this.#start >= TURN_MS;
  }

  /** Waits for the next one. */
  async next(): Promise<void> {
    await new Promise<void>((resolve) => void soon(resolve));
    this.#start = performance.now();
  }
}
