/**
 * The command line's surroundings in a process of Deno, Node.js or Bun.
 *
 * @module
 */

import { resolve } from "node:path";
import process from "node:process";
import { makeDirectory, readTextFile, replaceFile, writeNewFile } from "./disk.ts";
import { mayReadEnvironment, readEnvironment } from "./environment.ts";
import { checkFolder, diskReader, listFiles } from "./file_reader.ts";
import type { Host } from "./host.ts";
import { databasePlatform } from "./platform.ts";
import { processInput } from "./process_input.ts";
import { ProcessOutput } from "./process_output.ts";
import { runProgram } from "./program.ts";
import { signalNames } from "./signal_names.ts";

/** Exit code where results could not be written: a fault of what is around the program, as an unexpected one in it. */
const OUTPUT_LOST = 70;

/** A host whose output can be waited for. */
export interface ProcessHost extends Host {
  /**
   * Waits until all that was written has left.
   *
   * @returns Why results are lost, if they are.
   */
  flush(): Promise<string | undefined>;
}

/**
 * The surroundings of this process.
 *
 * @returns Them.
 */
export function processHost(): ProcessHost {
  const { stdout, stderr } = ProcessOutput.pair(process.stdout, process.stderr);
  // Of a fault that ends the process, too, what was said before is told.
  process.once("exit", () => [stdout, stderr].forEach((output) => output.release()));
  return {
    args: process.argv.slice(2),
    env: readEnvironment,
    mayReadEnv: mayReadEnvironment,
    stdout,
    stderr,
    stdin: processInput(() => process.stdin, stderr),
    gatherLines: () => [stdout, stderr].forEach((output) => output.gather()),
    onSignal(signal, handler) {
      const names = signalNames(signal, process.platform);
      for (const name of names) process.on(name, handler);
      return () => names.forEach((name) => process.removeListener(name, handler));
    },
    files: diskReader(),
    checkFolder,
    listFiles,
    absolutePath: (path) => resolve(path),
    readTextFile,
    writeFile: writeNewFile,
    replaceFile,
    makeDirectory,
    runProgram,
    platform: databasePlatform(),
    async flush() {
      await Promise.all([stdout.flush(), stderr.flush()]);
      return stdout.loss;
    },
  };
}

/**
 * Runs a program's main function in this process and ends it with the exit code, after all that was written has left.
 *
 * @param main The function; what it throws is not caught.
 */
export async function runProcess(main: (host: Host) => Promise<number>): Promise<void> {
  const host = processHost();
  const code = await main(host);
  const loss = await host.flush();
  if (loss === undefined) process.exit(code);
  host.stderr.write(`Error: Cannot write the results: ${loss}\n`);
  await host.flush();
  // Whoever reads results is not to take none for success, or for findings; what failed is the more important news.
  process.exit(code > 1 ? code : OUTPUT_LOST);
}
