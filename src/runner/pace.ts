/**
 * How many migrations go into one message: one, unless the way to the server takes longer than the migrations do.
 *
 * @module
 */

import type { Step } from "../core/plan.ts";
import { mayPrepare } from "./leavings.ts";
import { sectionOf } from "./section.ts";

/** A round trip that is not worth saving: the next migration is sent when the one before it is done, and told. */
const NEAR_MS = 3;

/** How many are sent first, before it is known how long they take. */
const FIRST = 10;

/** Never more than this at once: their number, and how much text they are. */
const MOST = 100;
const MOST_TEXT = 1_000_000;

/** How long a message may keep the server busy: for so many round trips, or as long as a person waits without a word. */
const ROUND_TRIPS = 10;
const PATIENCE_MS = 500;

/** Chooses how many migrations are sent at once, from how long those before them took. */
export class Pace {
  readonly #roundTripMs: number;
  #perStepMs: number | undefined;

  /**
   * @param roundTripMs How long the quickest answer of the server took.
   */
  constructor(roundTripMs: number) {
    this.#roundTripMs = roundTripMs;
  }

  /**
   * Chooses the next steps that are sent in one message.
   *
   * @param steps The steps that are left.
   * @returns The first of them, and those that go with it.
   */
  choose(steps: readonly Step[]): readonly Step[] {
    let text = 0;
    const apart = steps.findIndex((step) => isApart(step) || (text += sectionOf(step).sql.length) > MOST_TEXT);
    const together = apart < 0 ? steps.length : apart;
    return steps.slice(0, Math.max(1, Math.min(together, this.#count)));
  }

  get #count(): number {
    if (this.#roundTripMs < NEAR_MS) return 1;
    if (this.#perStepMs === undefined) return FIRST;
    const busyMs = Math.max(ROUND_TRIPS * this.#roundTripMs, PATIENCE_MS);
    return Math.min(MOST, Math.ceil(busyMs / Math.max(this.#perStepMs, 0.1)));
  }

  /**
   * Notes how long a message took.
   *
   * @param count How many steps were in it.
   * @param ms How long it took, with its round trip.
   */
  sent(count: number, ms: number): void {
    this.#perStepMs = Math.max(0, ms - this.#roundTripMs) / count;
  }
}

/** What is not one transaction, or leaves something behind that has to be looked for, has its own message. */
function isApart(step: Step): boolean {
  return step.transaction !== "single" || mayPrepare(sectionOf(step).sql);
}
