/**
 * Scripts of the installed examples.
 *
 * @module
 */

import { readManifest, root } from "../../scripts/deno.ts";
import { importMap } from "../../scripts/import_map.ts";
import { installedRuntime, RUNTIMES } from "../../scripts/npm_tools.ts";
import { type Ended, Program } from "./program.ts";

/** Where the examples are installed; `scripts/examples.ts` says so. */
const HOME = Deno.env.get("METAPG_EXAMPLES");

/** The folder of an installed example. */
export function folderOf(example: string): URL {
  return new URL(`file://${HOME}/${example}/`);
}

/** How to start a script. */
export interface ScriptOptions {
  /** Added to the environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Added to the command line. */
  readonly args?: readonly string[];
}

/**
 * Starts a script of an example by the command that its `package.json` or `deno.json` names, without npm in between,
 * which would not hand on signals.
 *
 * @param example Folder of the example.
 * @param script Name of the script or task.
 * @param options What it is told.
 */
export async function start(example: string, script: string, options: ScriptOptions): Promise<Program> {
  const folder = folderOf(example);
  const [program = "", ...words] = (await readScript(folder, script)).split(" ");
  const command = [...await commandOf(program), ...words, ...options.args ?? []];
  if (program === "deno") command.splice(2, 0, ...await resolveFlags());
  return new Program(command as [string, ...string[]], { env: options.env, cwd: folder });
}

/** Runs one to its end. */
export async function runScript(example: string, script: string, options: ScriptOptions): Promise<Ended> {
  await using program = await start(example, script, options);
  return await program.ended;
}

async function readScript(folder: URL, script: string): Promise<string> {
  for (const [file, key] of [["package.json", "scripts"], ["deno.json", "tasks"]] as const) {
    const text = await Deno.readTextFile(new URL(file, folder)).catch(() => "{}");
    const line: unknown = JSON.parse(text)[key]?.[script];
    if (typeof line === "string") return line;
  }
  throw new Error(`No script "${script}" in ${folder.href}`);
}

async function commandOf(program: string): Promise<readonly string[]> {
  switch (program) {
    case "node":
      return ["node"];
    case "deno":
      return [Deno.execPath()];
    case "bun":
      return [await (bun ??= findBun())];
    default:
      return [`${HOME}/node_modules/.bin/${program}`];
  }
}

let bun: Promise<string> | undefined;

/** What npx starts is a child of npx and would outlive it. */
async function findBun(): Promise<string> {
  return (await installedRuntime(RUNTIMES.find(({ program }) => program === "bun")!)).path;
}

/** The example's own `deno.json` takes the package from JSR; here it is the checkout. */
async function resolveFlags(): Promise<readonly string[]> {
  const map = encodeURIComponent(JSON.stringify(importMap(await readManifest(), root)));
  return [
    "--no-prompt",
    "--no-lock",
    `--config=${new URL("deno.json", root).pathname}`,
    `--import-map=data:application/json,${map}`,
  ];
}
