/**
 * The order of application that migrations will get: to ask the history for it costs as much as to write a row.
 *
 * @module
 */

import type { Step } from "../core/plan.ts";
import type { MigrationRecord } from "../core/record.ts";

/** The rows of a history in order, and the place that the next one gets. Nobody else writes while a run has the lock. */
export class Sequence {
  #rows: { readonly name: string; readonly seq: number }[];
  #isKnown: boolean;

  /**
   * @param records The rows as they were read under the lock, in order.
   */
  constructor(records: readonly MigrationRecord[]) {
    this.#rows = records.map(({ name, seq }) => ({ name, seq }));
    this.#isKnown = records.every((record) => record.isApplied);
  }

  /**
   * Notes a step of one transaction.
   *
   * @param step The step.
   * @returns The place of the row that it writes; `undefined` if the history must be asked, and for a rollback.
   */
  add({ direction, name, transaction }: Pick<Step, "direction" | "name" | "transaction">): number | undefined {
    if (transaction === "none") this.#isKnown = false;
    if (!this.#isKnown) return undefined;
    if (direction === "down") {
      const index = this.#rows.findLastIndex((row) => row.name === name);
      if (index >= 0) this.#rows.splice(index, 1);
      return undefined;
    }
    const seq = (this.#rows.at(-1)?.seq ?? 0) + 1;
    this.#rows.push({ name, seq });
    return seq;
  }

  /** Makes another one that goes on from here. */
  fork(): Sequence {
    const fork = new Sequence([]);
    fork.#rows = this.#rows.slice();
    fork.#isKnown = this.#isKnown;
    return fork;
  }
}
