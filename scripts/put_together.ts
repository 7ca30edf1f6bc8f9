/**
 * The modules of the npm package, put together by what is loaded together and made short: so it starts sooner.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { capture } from "./capture.ts";
import { COMMON_JS, modulePath, MODULES } from "./npm_manifest.ts";
import { ESBUILD, NPX, ROLLUP } from "./npm_tools.ts";

/**
 * Modules shorter than this, in bytes, go with others that are loaded together with them, though not always: to find and open
 * a file takes as long as to read so much of one.
 */
const MIN_BYTES = 20_000;

/** The command line, as a path in the checkout. */
const COMMAND_LINE = "src/run_cli.ts";

/**
 * Puts modules together that a bundler left in many small pieces, for it does not see which of them are loaded together.
 *
 * @param entries The entry points, as paths in the checkout.
 * @param program The one that is a program: what it imports at once becomes part of it.
 * @param from The folder with the pieces.
 * @param to The folder of the package.
 * @throws If a tool fails.
 */
export async function putTogether(entries: readonly string[], program: string, from: URL, to: URL): Promise<void> {
  const modules = new URL(`${MODULES}/`, to);
  await gather(
    "esm",
    Object.fromEntries(entries.map((path) => [nameOf(path).replace(/\.js$/, ""), path])),
    from,
    modules,
  );
  await makeProgram(program, from, modules);
  await shorten("esm", modules);
  const common = new URL(`${COMMON_JS}/`, to);
  await gather("cjs", { run_cli: COMMAND_LINE }, from, common);
  await requireBuiltIns(common);
  await shorten("cjs", common);
}

/** How modules are written. */
type Format = "esm" | "cjs";

const ENDINGS = { esm: ".js", cjs: ".cjs" } as const;

/** The entry points of a folder by their names there, with what they import in as few files as may be. */
async function gather(format: Format, entries: Readonly<Record<string, string>>, from: URL, to: URL): Promise<void> {
  const inputs = Object.entries(entries).map(([name, path]) =>
    `--input=${name}=${fileURLToPath(new URL(nameOf(path), from))}`
  );
  const ending = ENDINGS[format];
  const names = [`--entryFileNames=[name]${ending}`, `--chunkFileNames=parts/[hash]${ending}`];
  const how = [
    "--silent",
    `--format=${format}`,
    `--experimentalMinChunkSize=${MIN_BYTES}`,
    `--dir=${fileURLToPath(to)}`,
  ];
  await capture(NPX, ["-y", ROLLUP, ...how, ...names, ...inputs]);
}

/** An import would make Node.js start what loads ES modules, for 3 ms. */
async function requireBuiltIns(folder: URL): Promise<void> {
  let found = 0;
  for await (const module of filesBelow(folder, ENDINGS.cjs)) {
    const text = await Deno.readTextFile(module);
    const changed = text.replaceAll(/\bimport\((["']node:[\w/]+["'])\)/g, (_, name) => {
      found++;
      return `Promise.resolve(require(${name}))`;
    });
    await Deno.writeTextFile(module, changed);
  }
  if (found === 0) throw new Error("Cannot find what imports modules of Node.js: rollup writes it in another way");
}

async function makeProgram(module: string, from: URL, target: URL): Promise<void> {
  const name = nameOf(module);
  const paths = [fileURLToPath(new URL(name, from)), `--outfile=${fileURLToPath(new URL(name, target))}`];
  const external = ["node:*", `${"../".repeat(name.split("/").length - 1)}src/*`].map((name) => `--external:${name}`);
  await capture(NPX, ["-y", ESBUILD, ...paths, "--bundle", "--format=esm", ...external, "--log-level=warning"]);
}

/**
 * Makes a module one that a shell can start.
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

/** Without comments and white space, which are read at every start; names stay, so that a stack can be read. */
async function shorten(format: Format, folder: URL): Promise<void> {
  const path = fileURLToPath(folder);
  const ending = ENDINGS[format];
  const files = (await Array.fromAsync(filesBelow(folder, ending))).map((file) => fileURLToPath(file));
  const how = [`--format=${format}`, "--target=node20.3", "--minify-whitespace", "--minify-syntax"];
  const where = [`--outdir=${path}`, `--outbase=${path}`, "--allow-overwrite", `--out-extension:.js=${ending}`];
  await capture(NPX, ["-y", ESBUILD, ...files, ...how, ...where, "--log-level=warning"]);
}

/** The files of a folder, at any depth, whose names end so. */
export async function* filesBelow(folder: URL, ending: ".js" | ".cjs" | ".d.ts"): AsyncGenerator<URL> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) yield* filesBelow(new URL(`${name}/`, folder), ending);
    else if (name.endsWith(ending)) yield new URL(name, folder);
  }
}
