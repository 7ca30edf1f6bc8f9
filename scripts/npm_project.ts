/**
 * Projects that have the package installed, as its users do.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { capture } from "./capture.ts";
import { root } from "./deno.ts";
import type { PackedPackage } from "./npm_package.ts";
import { NPM } from "./npm_tools.ts";

/** The programs that are run and compiled in every project. */
const PROGRAMS = new URL("tests/node/", root);

/** Makes an empty project with the programs of `tests/node/`. */
async function emptyProject(home: URL): Promise<void> {
  await Deno.remove(home, { recursive: true }).catch(() => {});
  await Deno.mkdir(home, { recursive: true });
  await Deno.writeTextFile(new URL("package.json", home), JSON.stringify({ private: true, type: "module" }));
  for await (const { name } of Deno.readDir(PROGRAMS)) {
    await Deno.copyFile(new URL(name, PROGRAMS), new URL(name, home));
  }
}

/**
 * Makes a project and installs the package in it, and others.
 *
 * @param home The folder of the project.
 * @param packed The package.
 * @param others What else npm installs.
 */
export async function installedProject(home: URL, packed: PackedPackage, others: readonly string[]): Promise<void> {
  await emptyProject(home);
  const flags = ["--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"];
  await capture(NPM, ["install", ...flags, fileURLToPath(packed.tarball), ...others], { cwd: home });
}

/**
 * Makes a project that has the files of the package and nothing that it depends on.
 *
 * @param home The folder of the project.
 * @param packed The package.
 */
export async function lonelyProject(home: URL, packed: PackedPackage): Promise<void> {
  await emptyProject(home);
  const folder = new URL("node_modules/@metapg/migration/", home);
  await Deno.mkdir(folder, { recursive: true });
  await capture("tar", ["-xzf", fileURLToPath(packed.tarball), "-C", fileURLToPath(folder), "--strip-components=1"]);
}
