/**
 * Other programs.
 *
 * @module
 */

import { MigrationError } from "../core/error.ts";

/** What a program came to. */
export interface ProgramEnd {
  /** Its exit code. */
  readonly code: number;
  /** What it wrote to its standard output. */
  readonly stdout: string;
  /** What it wrote to its error stream. */
  readonly stderr: string;
}

/** More than any list of files. */
const MOST_BYTES = 256 * 1024 * 1024;

/**
 * Runs a program to its end, in the working directory, without a shell.
 *
 * @param program Its name.
 * @param args Its arguments.
 * @returns What it came to.
 * @throws A {@linkcode MigrationError} with code `CONFIG` if it cannot be started.
 */
export async function runProgram(program: string, args: readonly string[]): Promise<ProgramEnd> {
  const { execFile } = await import("node:child_process");
  return await new Promise((resolve, reject) => {
    const fail = (cause: unknown): void => reject(startError(program, cause));
    try {
      execFile(program, [...args], { maxBuffer: MOST_BYTES }, (error, stdout, stderr) => {
        if (error !== null && typeof error.code !== "number") return fail(error);
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
      });
    } catch (error) {
      fail(error);
    }
  });
}

function startError(program: string, cause: unknown): MigrationError {
  const { code, name, message } = cause as {
    readonly code?: string;
    readonly name?: string;
    readonly message?: string;
  };
  if (name === "NotCapable" || code === "EACCES") {
    return new MigrationError("CONFIG", `Cannot run "${program}": permission denied`, {
      hint: `Under Deno give --allow-run=${program} --allow-env`,
      cause,
    });
  }
  const reason = code === "ENOENT" ? "there is no such program" : message ?? String(cause);
  return new MigrationError("CONFIG", `Cannot run "${program}": ${reason}`, {
    hint: code === "ENOENT" ? "Install it, or see that it is on the PATH" : undefined,
    cause,
  });
}
