/**
 * The standard input of a process, line by line.
 *
 * @module
 */

import type { Interface } from "node:readline";
import type { InputStream, OutputStream } from "./host.ts";

/** The part of a standard input of Node.js that is used. */
export type NodeInput = NodeJS.ReadableStream & {
  /** Whether it is a terminal. */
  readonly isTTY?: boolean;
};

/**
 * Answers from a stream. One reader serves all questions: lines that came early wait for theirs. Stream and reader are
 * made for the first of them: most calls ask nothing.
 *
 * @param open Opens where answers come from.
 * @param stderr Where questions go.
 * @returns The answers.
 */
export function processInput(open: () => NodeInput, stderr: OutputStream): InputStream {
  const lines: string[] = [];
  let state: "open" | "ended" = "open";
  let reader: Promise<Interface> | undefined;
  let settled: () => void = () => {};
  const start = async () => {
    const { createInterface } = await import("node:readline");
    const made = createInterface({ input: open(), terminal: false });
    made.on("line", (line) => {
      lines.push(line);
      settled();
    });
    made.on("close", () => {
      state = "ended";
      settled();
    });
    return made;
  };
  return {
    get isTerminal() {
      return open().isTTY === true;
    },
    async ask(question) {
      stderr.write(question);
      reader ??= start();
      const made = await reader;
      if (lines.length === 0 && state === "open") {
        made.resume();
        await new Promise<void>((resolve) => settled = resolve);
        // A reader at work keeps the process alive.
        if (state === "open") made.pause();
      }
      return lines.shift();
    },
  };
}
