/**
 * What surrounds the command line: arguments, environment, streams, signals and files.
 *
 * @module
 */

import type { DatabasePlatform } from "../core/platform.ts";
import type { FileReader } from "../core/reader.ts";
import type { ProgramEnd } from "./program.ts";

/** A signal that ends a run. */
export type Signal = "SIGINT" | "SIGTERM";

/** Where words go. */
export interface OutputStream {
  /**
   * Writes text. What a reader that went away would have read is dropped.
   *
   * @param text The text, with its line feeds.
   */
  write(text: string): void;
  /** Whether a person watches. */
  readonly isTerminal: boolean;
  /** Width of the terminal; 80 where there is none. */
  readonly columns: number;
}

/** Where answers come from. */
export interface InputStream {
  /** Whether a person answers. */
  readonly isTerminal: boolean;
  /**
   * Asks on the error stream and reads one line.
   *
   * @param question What to ask, with the space that follows it.
   * @returns The line without its end; nothing at the end of input.
   */
  ask(question: string): Promise<string | undefined>;
}

/** What the command line runs in. */
export interface Host {
  /** Arguments after the program's name. */
  readonly args: readonly string[];
  /** Reads an environment variable. */
  env(name: string): string | undefined;
  /** Whether the runtime lets an environment variable be read; one that it does not let is as good as not set. */
  mayReadEnv(name: string): boolean;
  /** For results. */
  readonly stdout: OutputStream;
  /** For everything else. */
  readonly stderr: OutputStream;
  /** For answers. */
  readonly stdin: InputStream;
  /** Lines that no person watches may wait a moment for others from now on: the thread will be free to write them then. */
  gatherLines(): void;
  /**
   * Takes a signal over from its default action.
   *
   * @param signal The signal.
   * @param handler Called each time it comes.
   * @returns What gives it back.
   */
  onSignal(signal: Signal, handler: () => void): () => void;
  /** Reads migrations. */
  readonly files: FileReader;
  /**
   * Finds out whether a folder of migrations can be listed.
   *
   * @throws A {@linkcode MigrationError} with code `CONFIG` if it cannot.
   */
  checkFolder(path: string): Promise<void>;
  /** Names of the files of a folder, without those of the folders below it; none if it cannot be listed. */
  listFiles(path: string): Promise<readonly string[]>;
  /** The whole path of one that begins at the working directory. */
  absolutePath(path: string): string;
  /**
   * Reads a text file.
   *
   * @throws A {@linkcode MigrationError} with code `CONFIG` if it cannot be read.
   */
  readTextFile(path: string): Promise<string>;
  /**
   * Writes a new file.
   *
   * @throws A {@linkcode MigrationError} with code `CONFIG` if it exists or cannot be written.
   */
  writeFile(path: string, text: string): Promise<void>;
  /**
   * Writes a file, also in place of one that exists.
   *
   * @throws A {@linkcode MigrationError} with code `CONFIG` if it cannot be written.
   */
  replaceFile(path: string, text: string): Promise<void>;
  /**
   * Creates a folder and those above it; one that exists is left as it is.
   *
   * @throws A {@linkcode MigrationError} with code `CONFIG` if it cannot be created.
   */
  makeDirectory(path: string): Promise<void>;
  /**
   * Runs a program to its end, in the working directory, without a shell.
   *
   * @throws A {@linkcode MigrationError} with code `CONFIG` if it cannot be started.
   */
  runProgram(program: string, args: readonly string[]): Promise<ProgramEnd>;
  /** Opens databases. */
  readonly platform: DatabasePlatform;
}
