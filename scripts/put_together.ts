/**
 * The modules of the npm package, put together by what is loaded together and made short: so it starts sooner.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { root, run } from "./deno.ts";
import { modulePath, MODULES } from "./npm_manifest.ts";
import { ESBUILD, NPX, ROLLUP } from "./npm_tools.ts";

/**
 * Puts modules together that a bundler left in many small pieces, for it does not see which of them are loaded together.
 *
 * @param modules The entry points, as paths in the checkout.
 * @param from The folder with the pieces.
 * @param to The folder of the package.
 * @throws If a tool fails.
 */
export async function putTogether(modules: readonly string[], from: URL, to: URL): Promise<void> {
  const target = new URL(`${MODULES}/`, to);
  const inputs = modules.map((path) => {
    const name = nameOf(path);
    return `--input=${name.replace(/\.js$/, "")}=${fileURLToPath(new URL(name, from))}`;
  });
  const names = ["--entryFileNames=[name].js", "--chunkFileNames=parts/[hash].js"];
  await succeed(ROLLUP, ["--silent", "--format=es", `--dir=${fileURLToPath(target)}`, ...names, ...inputs]);
  await shorten(target);
}

/**
 * Makes a program of a module.
 *
 * @param module The module.
 */
export async function startWithNode(module: URL): Promise<void> {
  const text = await Deno.readTextFile(module);
  if (!text.startsWith("#!")) await Deno.writeTextFile(module, `#!/usr/bin/env node\n${text}`);
  if (Deno.build.os !== "windows") await Deno.chmod(module, 0o755);
}

/** The path of a module of the checkout below the folder of the package's modules. */
export function nameOf(path: string): string {
  return modulePath(path, ".js").slice(`${MODULES}/`.length);
}

/**
 * Runs a tool of npm.
 *
 * @param tool Its name and version.
 * @param args Its arguments.
 * @throws If it fails.
 */
export async function succeed(tool: string, args: readonly string[]): Promise<void> {
  const code = await run(NPX, ["-y", tool, ...args], { cwd: root });
  if (code !== 0) throw new Error(`${tool} ended with ${code}`);
}

/** Without comments and white space, which are read at every start; names stay, so that a stack can be read. */
async function shorten(folder: URL): Promise<void> {
  const path = fileURLToPath(folder);
  const files = (await Array.fromAsync(modulesBelow(folder))).map((file) => fileURLToPath(file));
  const how = ["--format=esm", "--target=node20.3", "--minify-whitespace", "--minify-syntax", "--log-level=warning"];
  await succeed(ESBUILD, [...files, ...how, `--outdir=${path}`, `--outbase=${path}`, "--allow-overwrite"]);
}

async function* modulesBelow(folder: URL): AsyncGenerator<URL> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) yield* modulesBelow(new URL(`${name}/`, folder));
    else if (name.endsWith(".js")) yield new URL(name, folder);
  }
}
