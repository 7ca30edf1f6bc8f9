/**
 * A process of an example.
 *
 * @module
 */

import { assert } from "@std/assert";

/** One that ignores what it is told is ended after this time. */
const TIMEOUT_MS = 30_000;

/** What a program came to. */
export interface Ended {
  /** Its exit code; 128 and the signal's number if a signal ended it. */
  readonly code: number;
  /** All that it printed, on both streams. */
  readonly output: string;
}

/** A program that was started. */
export class Program implements AsyncDisposable {
  /** What it comes to. */
  readonly ended: Promise<Ended>;
  readonly #child: Deno.ChildProcess;
  readonly #timer: ReturnType<typeof setTimeout>;
  #output = "";
  #isOver = false;

  /** Starts a command. */
  constructor(
    [program, ...args]: readonly [string, ...string[]],
    { env, cwd }: { readonly env: Readonly<Record<string, string>>; readonly cwd: URL },
  ) {
    this.#child = new Deno.Command(program, {
      args,
      cwd,
      env: { NO_COLOR: "1", ...env },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#timer = setTimeout(() => this.#kill("SIGKILL"), TIMEOUT_MS);
    this.ended = this.#follow();
  }

  /** Waits until it has printed something, and fails if it ends before. */
  async printed(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.#output);
      if (found !== null) return found;
      assert(!this.#isOver, `It ended without printing ${pattern}:\n${this.#output}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Asks it to end, as a container's platform does, and waits. */
  async stop(): Promise<Ended> {
    this.#kill("SIGTERM");
    return await this.ended;
  }

  /** Ends it, whatever it does. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#kill("SIGKILL");
    await this.ended;
  }

  #kill(signal: Deno.Signal): void {
    try {
      this.#child.kill(signal);
    } catch (error) {
      // It has ended by itself.
      if (!(error instanceof TypeError)) throw error;
    }
  }

  async #follow(): Promise<Ended> {
    const [{ code }] = await Promise.all([
      this.#child.status,
      this.#collect(this.#child.stdout),
      this.#collect(this.#child.stderr),
    ]);
    this.#isOver = true;
    clearTimeout(this.#timer);
    return { code, output: this.#output };
  }

  async #collect(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) this.#output += text;
  }
}
