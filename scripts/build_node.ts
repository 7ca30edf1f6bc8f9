/**
 * Bundles the entry points for Node and Bun into `dist/node/`, with declarations: the npm package without dnt. What it
 * needs is put into it, so that it starts sooner and nothing is installed with it; engines stay outside.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { writeDeclarations } from "./declarations.ts";
import { deno, readManifest, root, run } from "./deno.ts";
import { BIN, bundleManifest, modulePath, MODULES, npmEntries, OPTIONAL, PAGES } from "./npm_manifest.ts";
import { ESBUILD, NPX, ROLLUP } from "./npm_tools.ts";

const OUTPUT = new URL("dist/node/", root);
const WORK = "dist/bundle";

async function succeed(code: Promise<number>): Promise<void> {
  const exitCode = await code;
  if (exitCode !== 0) Deno.exit(exitCode);
}

/** What Deno bundles is in many small pieces, for it does not see which of them are loaded together. */
async function bundle(modules: readonly string[]): Promise<void> {
  const external = Object.keys(OPTIONAL).map((name) => `--external=${name}`);
  await succeed(deno(["bundle", "-q", "--code-splitting", `--outdir=${WORK}`, ...external, ...modules]));
  const inputs = modules.map((path) => {
    const name = modulePath(path, ".js").slice(`${MODULES}/`.length);
    return `--input=${name.replace(/\.js$/, "")}=${WORK}/${name}`;
  });
  const names = ["--entryFileNames=[name].js", "--chunkFileNames=parts/[hash].js"];
  const target = `--dir=dist/node/${MODULES}`;
  await succeed(run(NPX, ["-y", ROLLUP, "--silent", "--format=es", target, ...names, ...inputs]));
}

/** Without comments and white space, which are read at every start; names stay, so that a stack can be read. */
async function shorten(): Promise<void> {
  const folder = fileURLToPath(new URL(`${MODULES}/`, OUTPUT));
  const files = await Array.fromAsync(modulesBelow(new URL(`${MODULES}/`, OUTPUT)));
  const how = ["--format=esm", "--target=node20.3", "--minify-whitespace", "--minify-syntax", "--log-level=warning"];
  const where = [`--outdir=${folder}`, `--outbase=${folder}`, "--allow-overwrite"];
  await succeed(run(NPX, ["-y", ESBUILD, ...files.map((file) => fileURLToPath(file)), ...how, ...where]));
}

async function* modulesBelow(folder: URL): AsyncGenerator<URL> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) yield* modulesBelow(new URL(`${name}/`, folder));
    else if (name.endsWith(".js")) yield new URL(name, folder);
  }
}

const manifest = await readManifest();
const entries = Object.values(npmEntries(manifest));
for (const folder of [OUTPUT, new URL(`${WORK}/`, root)]) {
  await Deno.remove(folder, { recursive: true }).catch(() => {});
}
await bundle([...entries, BIN]);
await shorten();

const bin = new URL(modulePath(BIN, ".js"), OUTPUT);
await Deno.writeTextFile(bin, `#!/usr/bin/env node\n${await Deno.readTextFile(bin)}`);
if (Deno.build.os !== "windows") await Deno.chmod(bin, 0o755);
await writeDeclarations(manifest, entries, new URL(`${MODULES}/`, OUTPUT));
await Deno.writeTextFile(new URL("package.json", OUTPUT), `${JSON.stringify(bundleManifest(manifest), null, 2)}\n`);
for (const page of PAGES) await Deno.copyFile(new URL(page, root), new URL(page, OUTPUT));
