/**
 * A host in memory: the command line without a process.
 *
 * @module
 */

import { MigrationError } from "../../src/core/error.ts";
import { memoryReader } from "../../src/core/reader.ts";
import type { Host, OutputStream, Signal } from "../../src/runtime/host.ts";
import type { ProgramEnd } from "../../src/runtime/program.ts";
import { databasePlatform } from "../../src/runtime/platform.ts";

/** What a memory host starts with. */
export interface MemoryHostOptions {
  /** Arguments. */
  readonly args?: readonly string[];
  /** Environment variables; there are no others. */
  readonly env?: Readonly<Record<string, string>>;
  /** Files, by path. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Answers, in order; after them comes the end of input. */
  readonly answers?: readonly string[];
  /** Whether a person watches and answers. */
  readonly terminal?: boolean;
  /** Width of the terminal. */
  readonly columns?: number;
  /** What other programs come to; without it there is none. */
  readonly runProgram?: (program: string, args: readonly string[]) => ProgramEnd;
}

/** A host whose every effect can be looked at. */
export interface MemoryHost extends Host {
  /** What was written to the standard output. */
  readonly out: string;
  /** What was written to the error stream, questions included. */
  readonly err: string;
  /** Files by path, written ones included. */
  readonly disk: Map<string, string | Uint8Array>;
  /** Sends a signal; returns whether anybody listened. */
  signal(signal: Signal): boolean;
}

/**
 * Makes a host in memory. Databases are opened for real.
 *
 * @param options What it starts with.
 * @returns The host.
 */
export function memoryHost(options: MemoryHostOptions = {}): MemoryHost {
  const { args = [], env = {}, files = {}, terminal = false, columns = 80 } = options;
  const { runProgram = noProgram } = options;
  const written = { out: "", err: "" };
  const disk = new Map(Object.entries(files).map(([path, text]) => [tidy(path), text]));
  const answers = [...options.answers ?? []];
  const handlers: { readonly signal: Signal; readonly handler: () => void }[] = [];
  const stream = (name: "out" | "err"): OutputStream => ({
    write: (text) => void (written[name] += text),
    isTerminal: terminal,
    columns,
  });
  const readEnv = (name: string) => Object.hasOwn(env, name) ? env[name] : undefined;
  const reader = () => memoryReader(Object.fromEntries(disk));
  return {
    args,
    env: readEnv,
    mayReadEnv: () => true,
    stdout: stream("out"),
    stderr: stream("err"),
    stdin: {
      isTerminal: terminal,
      ask(question) {
        written.err += question;
        return Promise.resolve(answers.shift());
      },
    },
    gatherLines() {},
    onSignal(signal, handler) {
      const entry = { signal, handler };
      handlers.push(entry);
      return () => void handlers.splice(handlers.indexOf(entry), handlers.includes(entry) ? 1 : 0);
    },
    files: { list: (directory) => reader().list(directory), read: (path) => reader().read(path) },
    async checkFolder(path) {
      await this.files.list(path);
    },
    async listFiles(path) {
      return (await this.files.list(path).catch(() => [])).filter((name) => !name.includes("/"));
    },
    absolutePath: (path) => path.startsWith("/") ? path : `/project/${tidy(path)}`,
    async readTextFile(path) {
      const text = await reader().read(path);
      return typeof text === "string" ? text : new TextDecoder().decode(text);
    },
    writeFile(path, text) {
      if (disk.has(tidy(path))) {
        return Promise.reject(new MigrationError("CONFIG", `Cannot write "${path}": it exists already`));
      }
      disk.set(tidy(path), text);
      return Promise.resolve();
    },
    replaceFile(path, text) {
      disk.set(tidy(path), text);
      return Promise.resolve();
    },
    makeDirectory: () => Promise.resolve(),
    runProgram: (program, args) => Promise.resolve(runProgram(program, args)),
    platform: databasePlatform(readEnv),
    get out() {
      return written.out;
    },
    get err() {
      return written.err;
    },
    disk,
    signal(signal) {
      const called = handlers.filter((entry) => entry.signal === signal);
      for (const { handler } of called) handler();
      return called.length > 0;
    },
  };
}

function noProgram(program: string): never {
  throw new MigrationError("CONFIG", `Cannot run "${program}": there is no such program`);
}

function tidy(path: string): string {
  return path.replace(/^(\.\/)+/, "");
}
