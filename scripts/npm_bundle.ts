/**
 * A package of single modules that becomes one of bundles: with what it imports, put together by what is loaded together.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { capture } from "./capture.ts";
import { root } from "./deno.ts";
import type { Manifest } from "./import_map.ts";
import { BIN, bundleManifest, modulePath, MODULES, npmEntries, OPTIONAL } from "./npm_manifest.ts";
import { ESBUILD, NPX } from "./npm_tools.ts";
import { filesBelow, nameOf, putTogether, startWithNode } from "./put_together.ts";

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
  const entries = Object.values(npmEntries(manifest));
  const paths = [...entries, BIN].map((path) => fileURLToPath(new URL(nameOf(path), made)));
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
  await capture(NPX, ["-y", ESBUILD, ...paths, ...how, ...external, ...where]);
  for (const module of await Array.fromAsync(filesBelow(made, ".js"))) await Deno.remove(module);
  await putTogether(entries, BIN, pieces, folder);
  await startWithNode(new URL(modulePath(BIN, ".js"), folder));
  const path = new URL("package.json", folder);
  const description = { ...JSON.parse(await Deno.readTextFile(path)), ...bundleManifest(manifest) };
  await Deno.writeTextFile(path, `${JSON.stringify(description, null, 2)}\n`);
}
