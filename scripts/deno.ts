/**
 * Runs the Deno that runs this script, with `@std` from wherever it can be had.
 *
 * @module
 */

import { importMap, type Manifest } from "./import_map.ts";
import { isJsrReachable } from "./jsr.ts";

/** URL of the checkout. */
export const root: URL = new URL("../", import.meta.url);

/** What `deno.json` says. */
export async function readManifest(): Promise<Manifest> {
  return JSON.parse(await Deno.readTextFile(new URL("deno.json", root)));
}

/** How to run a command. */
export interface RunOptions {
  /** Its working directory. @default the checkout */
  readonly cwd?: string | URL;
  /** Added to its environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Ends it after this time. @default never */
  readonly timeoutMs?: number;
}

/**
 * Runs `deno SUBCOMMAND ARGS…` and waits for its end. Standard streams are passed through.
 *
 * A run with an import map leaves the lock file alone: it would replace the names of JSR by those of npm.
 *
 * @param args The subcommand and its arguments.
 * @param options Where to run it.
 * @returns The exit code.
 */
export async function deno(args: readonly string[], options: RunOptions = {}): Promise<number> {
  const [subcommand = "help", ...rest] = args;
  if (await isJsrReachable()) return await run(Deno.execPath(), args, options);
  const map = await Deno.makeTempFile({ prefix: "metapg_", suffix: ".json" });
  try {
    await Deno.writeTextFile(map, JSON.stringify(importMap(await readManifest(), root)));
    return await run(Deno.execPath(), [subcommand, "--no-lock", `--import-map=${map}`, ...rest], options);
  } finally {
    await Deno.remove(map);
  }
}

/**
 * Runs a program and waits for its end. Standard streams and signals are passed through.
 *
 * @param program Path or name of the program.
 * @param args Its arguments.
 * @param options Where to run it.
 * @returns The exit code; 128 and the signal's number if a signal ended it.
 */
export async function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<number> {
  const child = new Deno.Command(program, {
    args: [...args],
    cwd: options.cwd ?? root,
    env: { ...options.env },
    stdin: "inherit",
    stdout: "inherit",
    stderr: "inherit",
    ...(options.timeoutMs === undefined ? {} : { signal: AbortSignal.timeout(options.timeoutMs) }),
  }).spawn();
  const stop = forwardSignals(child);
  try {
    return (await child.status).code;
  } finally {
    stop();
  }
}

/** A terminal sends Ctrl+C to the whole process group: the child has it already. */
function forwardSignals(child: Deno.ChildProcess): () => void {
  const interrupt = () => Deno.stdin.isTerminal() || child.kill("SIGINT");
  const terminate = () => child.kill("SIGTERM");
  Deno.addSignalListener("SIGINT", interrupt);
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGTERM", terminate);
  return () => {
    Deno.removeSignalListener("SIGINT", interrupt);
    if (Deno.build.os !== "windows") Deno.removeSignalListener("SIGTERM", terminate);
  };
}
