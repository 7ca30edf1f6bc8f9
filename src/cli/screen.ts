/**
 * The two streams of a command, and on a terminal the one line below them that changes.
 *
 * @module
 */

import type { Host } from "../runtime/host.ts";

/** Writes lines, and keeps the live line below them. */
export class Screen {
  readonly #host: Host;
  #live = "";

  /** @param host Where to write. */
  constructor(host: Host) {
    this.#host = host;
  }

  /**
   * Writes text to stdout.
   *
   * @param text Whole lines.
   */
  out(text: string): void {
    this.#around(() => this.#host.stdout.write(text));
  }

  /**
   * Writes text to stderr.
   *
   * @param text Whole lines.
   */
  err(text: string): void {
    this.#around(() => this.#host.stderr.write(text));
  }

  /**
   * Replaces the live line; only for terminals.
   *
   * @param line One line that fits the terminal; empty for none.
   */
  live(line: string): void {
    if (line === this.#live) return;
    this.#clear();
    this.#live = line;
    if (line !== "") this.#host.stderr.write(line);
  }

  #around(write: () => void): void {
    const line = this.#live;
    this.#clear();
    write();
    this.#live = line;
    if (line !== "") this.#host.stderr.write(line);
  }

  #clear(): void {
    if (this.#live !== "") this.#host.stderr.write("\r\x1b[2K");
    this.#live = "";
  }
}
