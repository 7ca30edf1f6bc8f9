/**
 * SIGINT and SIGTERM, as an abort signal.
 *
 * @module
 */

import type { Host } from "../runtime/host.ts";
import type { StopSignal } from "./exit_code.ts";
import type { Output } from "./output.ts";

/** Turns the first SIGINT or SIGTERM into an abort, and answers further ones with patience. */
export class StopSignals {
  readonly #host: Host;
  readonly #output: Output;
  readonly #controller = new AbortController();
  #received: StopSignal | undefined;

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
    const stops = (["SIGINT", "SIGTERM"] as const).map((name) => this.#host.onSignal(name, () => this.#stop(name)));
    return () => stops.forEach((stop) => stop());
  }

  #stop(name: StopSignal): void {
    const repeated = this.#received !== undefined;
    this.#received ??= name;
    this.#output.failure([
      repeated ? "Still cleaning up: the running statement is being cancelled" : `Cancelling (${name})`,
    ]);
    this.#controller.abort();
  }
}
