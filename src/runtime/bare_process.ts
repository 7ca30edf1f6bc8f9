/**
 * The arguments and the standard output of this process as they are to be had without loading anything. In Deno `node:process`
 * alone takes 11 ms, as long as all else that starting takes.
 *
 * @module
 */

/** What is global, by runtime. Even a look at `process` makes Deno load it. */
interface Globals {
  readonly Deno?: { readonly args: readonly string[] };
  readonly process?: { readonly argv: readonly string[] };
}

/**
 * Reads the arguments of this process.
 *
 * @returns The arguments after the program's name.
 */
export function bareArguments(): readonly string[] {
  const globals = globalThis as Globals;
  return globals.Deno?.args ?? globals.process?.argv.slice(2) ?? [];
}

/**
 * Prints a line. The process has to end by itself, so that the line leaves.
 *
 * @param line The line, without its end.
 */
export function printBare(line: string): void {
  console.log(line);
}
