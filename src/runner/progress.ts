/**
 * What a run has done, and how much of it no crash of the server can undo.
 *
 * @module
 */

import type { Done } from "../core/event.ts";
import { MigrationError } from "../core/error.ts";
import { isLost } from "./session.ts";

/** The steps that a run committed. */
export class Progress {
  readonly #done: Done[] = [];
  #durable = 0;

  /** Each step that was committed, in order. */
  get done(): readonly Done[] {
    return this.#done;
  }

  /** Those of them that are on the server's disk. */
  get durable(): readonly Done[] {
    return this.#done.slice(0, this.#durable);
  }

  /** Whether all of them are. */
  get isDurable(): boolean {
    return this.#durable === this.#done.length;
  }

  /** Notes a step that was committed. */
  add(done: Done): void {
    this.#done.push(done);
  }

  /** Notes that all commits up to here are on the server's disk. */
  settle(): void {
    this.#durable = this.#done.length;
  }

  /** Puts into an error what was done before it: where nobody can be asked any more, only what is durable. */
  tell(error: unknown): unknown {
    if (error instanceof MigrationError) {
      const isOpen = isLost(error) || error.code === "OUTCOME_UNKNOWN";
      const done = isOpen ? this.durable : this.done;
      if (isOpen) error.unknown = [...this.done.slice(done.length).map(({ name }) => name), ...error.unknown];
      error.applied = done.filter((one) => one.direction === "up").map((one) => one.name);
      error.rolledBack = done.filter((one) => one.direction === "down").map((one) => one.name);
    }
    return error;
  }
}
