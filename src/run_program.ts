/**
 * The command line with all that it needs: joins runtime, drivers and commands.
 *
 * @module
 */

import { main } from "./cli/main.ts";
import { openDatabase } from "./database/open.ts";
import { runProcess } from "./runtime/process_host.ts";

/**
 * Runs the program and ends the process with its exit code.
 *
 * @param importModule Imports modules whose names are only known at run time, if they are part of the program.
 */
export async function runProgram(importModule?: (specifier: string) => Promise<unknown>): Promise<void> {
  await runProcess((host) => {
    const platform = importModule === undefined
      ? host.platform
      : { ...host.platform, importModule, packages: "built-in" } as const;
    return main({ ...host, platform }, {
      openDatabase,
      openShadows: async (url, options) => (await import("./database/shadow.ts")).openShadows(url, options),
    });
  });
}
