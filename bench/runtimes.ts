/**
 * The runtimes that JavaScript contenders run on.
 *
 * @module
 */

import { capture, tryCapture } from "../scripts/capture.ts";
import { installedRuntime, RUNTIMES } from "../scripts/npm_tools.ts";
import { RUN_FLAGS } from "../tests/support/cli_process.ts";

/** One of them. */
export type JsRuntime = "deno" | "node" | "bun";

/** A program and the arguments that come before those of a script. */
export interface RuntimeCommand {
  readonly program: string;
  readonly args: readonly string[];
  /** Name and version: `Node 20.20.2`. */
  readonly version: string;
}

const found = new Map<JsRuntime, Promise<RuntimeCommand>>();

/**
 * Finds a runtime.
 *
 * @param name Which one.
 * @returns How to run a script with it. Deno resolves the imports of the checkout.
 * @throws If there is none.
 */
export function runtimeCommand(name: JsRuntime): Promise<RuntimeCommand> {
  const known = found.get(name) ?? find(name);
  found.set(name, known);
  return known;
}

async function find(name: JsRuntime): Promise<RuntimeCommand> {
  if (name === "deno") {
    return { program: Deno.execPath(), args: ["run", ...RUN_FLAGS], version: `Deno ${Deno.version.deno}` };
  }
  const program = await onPath(name) ?? await fromNpm(name);
  const version = (await capture(program, ["--version"])).trim().replace(/^v/, "");
  return { program, args: [], version: `${name === "node" ? "Node" : "Bun"} ${version}` };
}

/** The file itself: what is on the path may be a script that looks for it. */
async function onPath(name: JsRuntime): Promise<string | undefined> {
  const { code, stdout } = await tryCapture(name, ["-p", "process.execPath"]).catch(() => ({ code: 1, stdout: "" }));
  return code === 0 ? stdout.trim() : undefined;
}

async function fromNpm(name: JsRuntime): Promise<string> {
  const runtime = RUNTIMES.find(({ program }) => program === name);
  if (runtime === undefined) throw new Error(`there is no ${name}`);
  return (await installedRuntime(runtime)).path;
}
