/**
 * Projects that have packages of npm installed, one for each contender.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { capture } from "../scripts/capture.ts";
import { root } from "../scripts/deno.ts";
import { NPM } from "../scripts/npm_tools.ts";

/** Where everything that the benchmark makes is; it can be removed at any time. */
export const HOME: URL = new URL("dist/bench/", root);

const PROGRAMS = new URL("bench/programs/", root);

/** What a project has. */
export interface ProjectContent {
  /** Packages with their versions: `pg@8.23.1`, or the path of a tarball. */
  readonly packages: readonly string[];
  /** Files of `bench/programs/` that are copied into it. */
  readonly programs?: readonly string[];
}

/**
 * Makes a project. What is installed from an earlier run is kept if it is what is wanted; a tarball is installed anew.
 *
 * @param name Name of the contender.
 * @param content What it has.
 * @returns The path of its folder.
 */
export async function npmProject(name: string, { packages, programs = [] }: ProjectContent): Promise<string> {
  const home = new URL(`npm/${name}/`, HOME);
  const wanted = JSON.stringify({ private: true, type: "module", description: packages.join(" ") });
  const marker = new URL("installed.json", home);
  const isThere = await Deno.readTextFile(marker).then((text) => text === wanted, () => false);
  if (!isThere || packages.some((one) => one.endsWith(".tgz"))) {
    await Deno.remove(home, { recursive: true }).catch(() => {});
    await Deno.mkdir(home, { recursive: true });
    await Deno.writeTextFile(new URL("package.json", home), wanted);
    const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--save-exact"];
    if (packages.length > 0) await capture(NPM, ["install", ...flags, ...packages], { cwd: home });
    await Deno.writeTextFile(marker, wanted);
  }
  for (const program of programs) await Deno.copyFile(new URL(program, PROGRAMS), new URL(program, home));
  return fileURLToPath(home).replace(/\/$/, "");
}

/** The version of a package of a project. */
export async function installedVersion(home: string, name: string): Promise<string> {
  return JSON.parse(await Deno.readTextFile(`${home}/node_modules/${name}/package.json`)).version;
}

/** Writes files; folders are made as needed. */
export async function writeFiles(
  folder: string,
  files: Iterable<readonly [path: string, text: string]>,
): Promise<void> {
  const made = new Set<string>();
  for (const [path, text] of files) {
    const target = `${folder}/${path}`;
    const parent = target.slice(0, target.lastIndexOf("/"));
    if (!made.has(parent)) await Deno.mkdir(parent, { recursive: true });
    made.add(parent);
    await Deno.writeTextFile(target, text);
  }
}
