/**
 * SIGINT and SIGTERM, as an abort signal.
 *
 * @module
 */

import type { Host } from "../runtime/host.ts";
import type { StopSignal } from "./exit_code.ts";
import type { Output } from "./output.ts";

/** Signals that come so soon after the first are the same wish: a terminal and a program in between both send one. */
const ONE_WISH_MS = 1000;

/** Turns the first SIGINT or SIGTERM into an abort, answers the next one with patience, and gives way to a third. */
export class StopSignals {
  readonly #host: Host;
  readonly #output: Output;
  readonly #controller = new AbortController();
  #received: StopSignal | undefined;
  #receivedAt = 0;
  #stops: readonly (() => void)[] = [];

  /**
   * @param host Where signals come from.
   * @param output Where to say that they came.
   */
  constructor(host: Host, output: Output) {
    this.#host = host;
    this.#output = output;
  }

  /** Aborted by the first signal. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The first signal, if one came. */
  get received(): StopSignal | undefined {
    return this.#received;
  }

  /**
   * Begins to listen. Until then, and where nobody listens, signals end the process.
   *
   * @returns Ends it.
   */
  listen(): () => void {
    this.#stops = (["SIGINT", "SIGTERM"] as const).map((name) => this.#host.onSignal(name, () => this.#stop(name)));
    return () => this.#giveBack();
  }

  #giveBack(): void {
    this.#stops.forEach((stop) => stop());
    this.#stops = [];
  }

  #stop(name: StopSignal): void {
    if (this.#received === undefined) {
      this.#received = name;
      this.#receivedAt = performance.now();
      this.#output.failure([`Cancelling (${name})`]);
      return this.#controller.abort();
    }
    const still = "Still cleaning up: the running statement is being cancelled";
    if (performance.now() - this.#receivedAt < ONE_WISH_MS) return this.#output.failure([still]);
    // The server may not answer any more.
    this.#output.failure([`${still}; the next signal ends the program, whatever the server does`]);
    this.#giveBack();
  }
}
