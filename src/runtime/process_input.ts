/**
 * The standard input of a process, line by line.
 *
 * @module
 */

import { createInterface, type Interface } from "node:readline";
import type { InputStream, OutputStream } from "./host.ts";

/** The part of a standard input of Node.js that is used. */
export type NodeInput = NodeJS.ReadableStream & {
  /** Whether it is a terminal. */
  readonly isTTY?: boolean;
};

/**
 * Answers from a stream. One reader serves all questions: lines that came early wait for theirs.
 *
 * @param stdin Where answers come from.
 * @param stderr Where questions go.
 * @returns The answers.
 */
export function processInput(stdin: NodeInput, stderr: OutputStream): InputStream {
  const lines: string[] = [];
  let state: "open" | "ended" = "open";
  let reader: Interface | undefined;
  let settled: () => void = () => {};
  const start = () => {
    const made = createInterface({ input: stdin, terminal: false });
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
    isTerminal: stdin.isTTY === true,
    async ask(question) {
      stderr.write(question);
      reader ??= start();
      if (lines.length === 0 && state === "open") {
        reader.resume();
        await new Promise<void>((resolve) => settled = resolve);
        // A reader at work keeps the process alive.
        if (state === "open") reader.pause();
      }
      return lines.shift();
    },
  };
}
