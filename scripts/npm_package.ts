/**
 * The package as npm would publish it.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { capture } from "./capture.ts";
import { root } from "./deno.ts";
import { NPM } from "./npm_tools.ts";
import { COMMON_JS, COMMON_PROGRAM, MODULES, type NpmManifest, PAGES } from "./npm_manifest.ts";

/** A package in its tarball. */
export interface PackedPackage {
  /** The tarball. */
  readonly tarball: URL;
  /** Its size in bytes. */
  readonly size: number;
  /** The size of its files in bytes. */
  readonly unpackedSize: number;
  /** Paths of its files. */
  readonly files: readonly string[];
}

/** What `npm pack --json` says of one package. */
interface PackReport {
  readonly filename: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

/**
 * Packs a package.
 *
 * @param folder Where it was built.
 * @param destination The folder for the tarball.
 * @returns It.
 * @throws What npm said, if it cannot be packed.
 */
export async function packPackage(folder: URL, destination: URL): Promise<PackedPackage> {
  const args = ["pack", "--json", "--ignore-scripts", `--pack-destination=${fileURLToPath(destination)}`];
  const reports: Readonly<Record<string, PackReport>> = JSON.parse(await capture(NPM, args, { cwd: folder }));
  const [report] = Object.values(reports);
  if (report === undefined) throw new Error(`Cannot pack "${folder.href}": npm says nothing of it`);
  return {
    tarball: new URL(report.filename, destination),
    size: report.size,
    unpackedSize: report.unpackedSize,
    files: report.files.map(({ path }) => path),
  };
}

/**
 * What is wrong with the files of a package: some are missing, or there are others than modules, their declarations and
 * the pages.
 *
 * @param files Paths in the package.
 * @param manifest Its `package.json`.
 * @returns One line each.
 */
export function findFileProblems(files: readonly string[], manifest: NpmManifest): readonly string[] {
  const targets = Object.values(manifest.exports).flatMap((entry) => [entry.types, entry.default]);
  const wanted = ["package.json", ...PAGES, ...targets, ...Object.values(manifest.bin), COMMON_PROGRAM].map(tidy);
  const missing = wanted.filter((path) => !files.includes(path)).map((path) => `"${path}" is missing`);
  const module = new RegExp(`^(${MODULES}/[\\w/-]+\\.(js|d\\.ts)|${COMMON_JS}/[\\w/-]+\\.cjs)$`);
  // dnt writes it beside the modules.
  const known = new Set([...wanted, `${MODULES}/package.json`]);
  const others = files.filter((path) => !known.has(path) && !module.test(path));
  return [...missing, ...others.map((path) => `"${path}" does not belong there`)];
}

/**
 * Where files of a package name paths of the machine that built it.
 *
 * @param folder Where the package was built.
 * @param files Paths in it.
 * @returns One line each.
 */
export async function findMachinePaths(folder: URL, files: readonly string[]): Promise<readonly string[]> {
  const home = Deno.env.get("HOME") ?? "";
  const paths = [fileURLToPath(root), home.length > 1 ? `${home}/` : ""].filter(Boolean);
  const found: string[] = [];
  for (const file of files) {
    const text = await Deno.readTextFile(new URL(file, folder));
    // A URL that is made when the program runs does not go on with a name.
    const urls = text.match(/file:\/\/\/\w[^\s"'`]*/g) ?? [];
    const named = [...paths.filter((path) => text.includes(path)), ...urls];
    found.push(...named.map((path) => `"${file}" names "${path}"`));
  }
  return found;
}

function tidy(path: string): string {
  return path.replace(/^\.\//, "");
}
