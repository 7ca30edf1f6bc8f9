/**
 * The command line in a process of its own.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { readManifest, root } from "../../scripts/deno.ts";
import { importMap } from "../../scripts/import_map.ts";
import { isJsrReachable } from "../../scripts/jsr.ts";

/**
 * Flags of `deno run` that resolve the imports of this checkout from any folder, with JSR and without. What Deno says of
 * packages that it fetches for the first time is none of the program's words.
 */
export const RESOLVE_FLAGS: readonly string[] = [
  "--quiet",
  "--no-lock",
  `--config=${fileURLToPath(new URL("deno.json", root))}`,
  ...(await isJsrReachable() ? [] : [
    `--import-map=data:application/json,${encodeURIComponent(JSON.stringify(importMap(await readManifest(), root)))}`,
  ]),
];

/** The same, with every permission. */
export const RUN_FLAGS: readonly string[] = ["-A", ...RESOLVE_FLAGS];

/** The program, as a module to run. */
export const CLI: string = new URL("cli.ts", root).href;

/** How to start it. */
export interface ProcessOptions {
  /** Working directory. */
  readonly cwd: string;
  /** Ends it when it takes longer. */
  readonly timeoutMs?: number;
}

/**
 * Starts the command line.
 *
 * @param args Its arguments.
 * @param options Where, and for how long.
 * @returns The process, with its output in pipes.
 */
export function spawnCli(args: readonly string[], { cwd, timeoutMs = 60_000 }: ProcessOptions): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", ...RUN_FLAGS, CLI, ...args],
    cwd,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    signal: AbortSignal.timeout(timeoutMs),
  }).spawn();
}
