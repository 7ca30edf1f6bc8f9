/**
 * How many migrations go into one message, and how many messages are on their way at once.
 *
 * @module
 */

import type { Done } from "../core/event.ts";
import type { Step } from "../core/plan.ts";
import { sectionOf } from "../core/step_section.ts";
import { mayPrepare } from "./leavings.ts";

/** Below it a round trip is not worth saving: each migration has its message, and is told when it is done. */
const NEAR_MS = 3;

/** A busy machine makes a short way look like one of this length, too. */
const DOUBTFUL_MS = 10;

/**
 * Messages on their way to a near server, while many quick migrations are left: while it runs the first the next one is
 * there. Who stops a run stops it behind these, so that more of them are only sent where they are done in no time.
 */
const DEPTH = 3;
const MOST_DEPTH = 8;
const AHEAD_MS = 5;
const MANY = 10;
const QUICK_MS = 20;

/** How many are sent first over a long way, before it is known how long they take. */
const FIRST = 10;

/** Never more than this at once: their number, and how much text they are. */
const MOST = 100;
const MOST_TEXT = 1_000_000;

/** How long a message may keep the server busy: for so many round trips, or as long as a person waits without a word. */
const ROUND_TRIPS = 10;
const PATIENCE_MS = 500;

/** The way to the server. */
export interface Way {
  /** How long its quickest answer took. */
  readonly roundTripMs: number;
  /** Whether a message may be sent before the one before it is answered. */
  readonly pipeline: boolean;
}

/**
 * Tells whether one more answer is worth its time, because a server that looks far may be near.
 *
 * @param roundTripMs How long the quickest answer took.
 * @returns Whether it is.
 */
export function isDoubtful(roundTripMs: number): boolean {
  return roundTripMs >= NEAR_MS && roundTripMs < DOUBTFUL_MS;
}

/** Chooses how many migrations are sent at once, from how long those before them took. */
export class Pace {
  readonly #way: Way;
  #perStepMs: number | undefined;

  /**
   * @param way The way to the server.
   */
  constructor(way: Way) {
    this.#way = way;
  }

  /** Whether each migration has a message of its own. */
  get isNear(): boolean {
    return this.#way.roundTripMs < NEAR_MS;
  }

  /**
   * Chooses the next steps that are sent in one message.
   *
   * @param steps The steps of the plan.
   * @param from The first that was not sent.
   * @param end The first that must not go with it.
   * @returns The first of them, and those that go with it; none if the first must be sent alone.
   */
  choose(steps: readonly Step[], from: number, end: number): readonly Step[] {
    const most = Math.min(end, from + this.#count);
    let to = from;
    for (let text = 0; to < most && !isApart(steps[to]!); to++) {
      text += sectionOf(steps[to]!).sql.length;
      if (text > MOST_TEXT && to > from) break;
    }
    return steps.slice(from, to);
  }

  /**
   * Tells whether another message may be sent.
   *
   * @param flights What is on its way.
   * @param left How many steps were not sent.
   * @returns Whether there is room for more.
   */
  hasRoom(flights: readonly { readonly steps: readonly Step[] }[], left: number): boolean {
    if (flights.length === 0) return true;
    // Where many were left the last few follow behind them in the same way.
    const goesOn = flights.length >= DEPTH - 1 && this.#isQuick;
    const depth = this.#depth;
    if (flights.length >= depth || !(goesOn || this.hurries(left))) return false;
    return flights.flatMap(({ steps }) => steps).every((step) => sectionOf(step).sql.length < MOST_TEXT / depth);
  }

  /**
   * Tells whether the server is kept busy rather than waited for.
   *
   * @param left How many steps were not sent.
   * @returns Whether many quick ones are left, near the server.
   */
  hurries(left: number): boolean {
    return this.#isQuick && left >= MANY;
  }

  get #depth(): number {
    return Math.max(DEPTH, Math.min(MOST_DEPTH, 1 + Math.floor(AHEAD_MS / (this.#perStepMs ?? AHEAD_MS))));
  }

  get #isQuick(): boolean {
    return this.#way.pipeline && this.isNear && (this.#perStepMs ?? Infinity) <= QUICK_MS;
  }

  get #count(): number {
    if (this.isNear) return 1;
    if (this.#perStepMs === undefined) return FIRST;
    const busyMs = Math.max(ROUND_TRIPS * this.#way.roundTripMs, PATIENCE_MS);
    return Math.min(MOST, Math.ceil(busyMs / Math.max(this.#perStepMs, 0.1)));
  }

  /**
   * Notes how long a message took: as the server says, or as it was waited for beyond its round trip, whichever is longer.
   *
   * @param done Its steps. Of what was sent ahead the server alone knows how long they took.
   * @param ms How long it was waited for, with its round trip.
   */
  landed(done: readonly Done[], ms: number): void {
    const tookMs = done.reduce((sum, { durationMs }) => sum + durationMs, 0);
    this.#perStepMs = Math.max(ms - this.#way.roundTripMs, tookMs) / done.length;
  }
}

/** What is not one transaction, or leaves something behind that has to be looked for, has its own message. */
function isApart(step: Step): boolean {
  return step.transaction !== "single" || mayPrepare(sectionOf(step).sql);
}
