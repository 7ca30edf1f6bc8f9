/**
 * The modules of the checkout.
 *
 * @module
 */

import { readManifest, root } from "./deno.ts";
import { isJsrReachable } from "./jsr.ts";

/** Folders that hold what is built or downloaded, and the examples, which `examples.ts` checks with packages of theirs. */
const NOT_SOURCE: ReadonlySet<string> = new Set(["coverage", "dist", "examples", "node_modules", "npm"]);

/** What imports packages that only JSR has. */
const JSR_ONLY: readonly string[] = ["tests/jsr/", "scripts/dnt_build.ts"];

/** Paths of all TypeScript modules in a folder, sorted, without those that cannot run on this machine. */
export async function sourceFiles(folder = "."): Promise<readonly string[]> {
  const left = await isJsrReachable() ? [] : JSR_ONLY;
  const found = await walk(folder === "." ? "" : `${folder}/`);
  return found.filter((path) => path.endsWith(".ts") && !left.some((start) => path.startsWith(start))).toSorted();
}

/** Paths of the entry points, as `deno.json` exports them. */
export async function entryPoints(): Promise<readonly string[]> {
  return Object.values((await readManifest()).exports);
}

async function walk(folder: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(new URL(folder, root))) {
    if (name.startsWith(".") || NOT_SOURCE.has(name)) continue;
    if (isDirectory) paths.push(...await walk(`${folder}${name}/`));
    else paths.push(`${folder}${name}`);
  }
  return paths;
}
