/**
 * A package of single modules that becomes one of bundles: with what it imports, put together by what is loaded together.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { root } from "./deno.ts";
import type { Manifest } from "./import_map.ts";
import { BIN, bundleManifest, modulePath, MODULES, npmEntries, OPTIONAL } from "./npm_manifest.ts";
import { ESBUILD } from "./npm_tools.ts";
import { nameOf, putTogether, startWithNode, succeed } from "./put_together.ts";

/**
 * Replaces the modules of a package; its declarations stay.
 *
 * @param manifest What `deno.json` says.
 * @param folder The package, with what it imports installed in it.
 * @throws If a tool fails.
 */
export async function bundlePackage(manifest: Manifest, folder: URL): Promise<void> {
  const made = new URL(`${MODULES}/`, folder);
  const pieces = new URL("dist/bundle/", root);
  const modules = [...Object.values(npmEntries(manifest)), BIN];
  const paths = modules.map((path) => fileURLToPath(new URL(nameOf(path), made)));
  const external = Object.keys(OPTIONAL).flatMap((name) => [`--external:${name}`, `--external:${name}/*`]);
  const how = [
    "--bundle",
    "--splitting",
    "--format=esm",
    "--platform=node",
    "--target=node20.3",
    "--log-level=warning",
  ];
  const where = [`--outdir=${fileURLToPath(pieces)}`, `--outbase=${fileURLToPath(made)}`];
  await Deno.remove(pieces, { recursive: true }).catch(() => {});
  await succeed(ESBUILD, [...paths, ...how, ...external, ...where]);
  await removeModules(made);
  await putTogether(modules, pieces, folder);
  await startWithNode(new URL(modulePath(BIN, ".js"), folder));
  const path = new URL("package.json", folder);
  const description = { ...JSON.parse(await Deno.readTextFile(path)), ...bundleManifest(manifest) };
  await Deno.writeTextFile(path, `${JSON.stringify(description, null, 2)}\n`);
}

async function removeModules(folder: URL): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) await removeModules(new URL(`${name}/`, folder));
    else if (name.endsWith(".js")) await Deno.remove(new URL(name, folder));
  }
}
