/**
 * Output of several databases in the order of their names, while they run at once.
 *
 * @module
 */

/** Lets the first unfinished of several writers write, and keeps what the others have to say until it is their turn. */
export class OrderedOutput {
  readonly #names: readonly string[];
  readonly #waiting = new Map<string, (() => void)[]>();
  readonly #finished = new Set<string>();
  #turn = 0;

  /** @param names The writers, in order. */
  constructor(names: readonly string[]) {
    this.#names = names;
  }

  /**
   * Writes, or keeps it for later.
   *
   * @param name The writer.
   * @param write What writes.
   */
  push(name: string, write: () => void): void {
    if (this.isTurnOf(name)) return write();
    const waiting = this.#waiting.get(name) ?? [];
    waiting.push(write);
    this.#waiting.set(name, waiting);
  }

  /**
   * Tells whether a writer writes at once.
   *
   * @param name The writer.
   * @returns Whether all before it have finished.
   */
  isTurnOf(name: string): boolean {
    return this.#names[this.#turn] === name;
  }

  /**
   * Marks a writer as finished: the next one's turn comes.
   *
   * @param name The writer.
   */
  finish(name: string): void {
    this.#finished.add(name);
    for (let next = this.#names[this.#turn]; next !== undefined && this.#finished.has(next);) {
      next = this.#names[++this.#turn];
      if (next === undefined) return;
      for (const write of this.#waiting.get(next) ?? []) write();
      this.#waiting.delete(next);
    }
  }
}
