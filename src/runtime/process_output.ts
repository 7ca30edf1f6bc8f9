/**
 * The standard output and error stream of a process.
 *
 * @module
 */

import type { OutputStream } from "./host.ts";

/** How long lines that no person watches wait for others to go with: each write wakes whoever reads them. */
const HOLD_MS = 20;

/** The part of a standard stream of Node.js that is used. */
export interface NodeOutput {
  /** Whether it is a terminal. */
  readonly isTTY?: boolean;
  /** Width of the terminal. */
  readonly columns?: number;
  /** Writes text and calls back when it has left, or cannot. */
  write(text: string, done?: (error?: unknown) => void): boolean;
  /** Hears of errors. */
  on(event: "error", listener: (error: unknown) => void): unknown;
}

/** What keeps a file from taking more. */
const FULL: ReadonlySet<unknown> = new Set(["ENOSPC", "EDQUOT", "EFBIG", "EIO"]);

/** A standard stream. A reader that went away, as `head` does, is no error of ours, and nothing that is written throws. */
export class ProcessOutput implements OutputStream {
  readonly #stream: NodeOutput;
  #pending = 0;
  #state: "open" | "broken" = "open";
  #loss: string | undefined;
  #settled: () => void = () => {};
  #held = "";
  #timer: ReturnType<typeof setTimeout> | undefined;
  #beside: ProcessOutput | undefined;
  #lines: "each" | "gathered" = "each";

  /** @param stream The stream. */
  constructor(stream: NodeOutput) {
    this.#stream = stream;
    stream.on("error", (error) => this.#break(error));
  }

  #break(error: unknown): void {
    this.#state = "broken";
    const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
    if (FULL.has(code)) this.#loss ??= String(message);
    this.#settled();
  }

  /**
   * The two streams of a process, which may end in the same place: the order of what is written to both is kept.
   *
   * @param stdout The one for results.
   * @param stderr The one for everything else.
   * @returns Both.
   */
  static pair(
    stdout: NodeOutput,
    stderr: NodeOutput,
  ): { readonly stdout: ProcessOutput; readonly stderr: ProcessOutput } {
    const pair = { stdout: new ProcessOutput(stdout), stderr: new ProcessOutput(stderr) };
    pair.stdout.#beside = pair.stderr;
    pair.stderr.#beside = pair.stdout;
    return pair;
  }

  /** Whether a person watches. */
  get isTerminal(): boolean {
    return this.#stream.isTTY === true;
  }

  /** Why what was written is lost; `undefined` if it is not, or if nobody wants it any more. */
  get loss(): string | undefined {
    return this.#loss;
  }

  /** Width of the terminal; 80 where there is none. */
  get columns(): number {
    return this.#stream.columns ?? 80;
  }

  /** From now on what is written waits a moment for others to go with, unless a person watches. */
  gather(): void {
    if (!this.isTerminal) this.#lines = "gathered";
  }

  /**
   * Writes text.
   *
   * @param text The text, with its line feeds.
   */
  write(text: string): void {
    if (this.#state === "broken" || text === "") return;
    this.#beside?.release();
    this.#held += text;
    if (this.#lines === "each") return this.release();
    this.#timer ??= setTimeout(() => this.release(), HOLD_MS);
  }

  /** Writes what waits. */
  release(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const text = this.#held;
    this.#held = "";
    if (this.#state === "broken" || text === "") return;
    this.#pending++;
    try {
      this.#stream.write(text, (error) => {
        if (error) this.#break(error);
        this.#pending--;
        if (this.#pending === 0) this.#settled();
      });
    } catch (error) {
      // Deno writes at once.
      this.#break(error);
    }
  }

  /** Waits until all that was written has left. Each write is counted, for Bun calls the callback of an empty one before those that wait. */
  async flush(): Promise<void> {
    this.release();
    if (this.#pending === 0 || this.#state === "broken") return;
    await new Promise<void>((resolve) => this.#settled = resolve);
  }
}
