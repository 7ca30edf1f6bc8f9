/**
 * The tests that run under Node and Bun, too: the files that Deno runs, bundled. A bundle gets a variable `Deno` of its
 * own, with `test` in it (`tests/support/portable_deno.ts`). It is a variable of that one module: the drivers, which are
 * packages outside of the bundles, and whatever asks `globalThis` or starts a process see a runtime without `Deno`.
 *
 * @module
 */

import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { deno, readManifest, root, run } from "./deno.ts";
import { ESBUILD } from "./npm_tools.ts";
import { sourceFiles } from "./source_files.ts";

/** Folders whose tests do not depend on Deno. */
const FOLDERS: readonly string[] = ["tests/core", "tests/lint", "tests/report", "tests/runtime", "tests/database"];

/** Test files of these folders that only Deno runs, and why. */
const DENO_ONLY: Readonly<Record<string, string>> = {
  "tests/core/runtime_free_test.ts": "takes everything from Deno that a runtime adds, and has it load TypeScript",
  "tests/lint/sarif_schema_test.ts": "holds a document to a schema, which is the same everywhere",
  "tests/runtime/permissions_test.ts": "is about Deno's permissions",
};

/** Packages with files beside their code, or with code for each runtime: installed, as a user has them. */
const PACKAGES: readonly string[] = [
  "@electric-sql/pglite",
  "commander",
  "fast-check",
  "libpg-query",
  "pg",
  "postgres",
];

/** The bundles, in a project of their own that is laid out as the checkout. */
const HOME = new URL("dist/portable/", root);

/** What holds files that tests read. */
const READ: readonly string[] = ["docs", "migrations", "tests"];

const SHIM = "tests/support/portable_deno.ts";

/** Tests that were made ready to run. */
export interface PortableSuite {
  /** The project that the bundles are in. */
  readonly home: URL;
  /** Paths of the test files in the checkout; the bundle is at the same place in the project. */
  readonly files: readonly string[];
}

/**
 * Bundles the tests into `dist/portable/`.
 *
 * @param only Paths of test files; none means all.
 * @returns Them.
 * @throws If that fails.
 */
export async function buildPortableSuite(only: readonly string[]): Promise<PortableSuite> {
  const modules: string[] = [];
  for (const folder of FOLDERS) modules.push(...await sourceFiles(folder));
  const all = modules.filter((path) => path.endsWith("_test.ts") && !(path in DENO_ONLY));
  const files = only.length === 0 ? all : only;
  const other = files.find((path) => !all.includes(path));
  if (other !== undefined) throw new Error(`Cannot run "${other}": ${DENO_ONLY[other] ?? "it is none of the tests"}`);
  const programs = modules.filter((path) => path.endsWith("_program.ts"));
  await mkdir(HOME, { recursive: true });
  for (const folder of ["bundled", ...READ]) await rm(new URL(folder, HOME), { recursive: true, force: true });
  await install();
  await bundle([...files, ...programs, SHIM]);
  await replaceUnion(files);
  await lower(files, [`--banner:js=import { Deno } from "#deno";`]);
  await lower([...programs, SHIM]);
  for (const folder of READ) await copyData(folder);
  return { home: HOME, files };
}

/** The project's packages; what is there from an earlier run is kept if it is what is wanted. */
async function install(): Promise<void> {
  const { imports } = await readManifest();
  const versions = PACKAGES.map((name) => (imports[name] ?? name).replace(/^npm:/, ""));
  const manifest = {
    private: true,
    type: "module",
    imports: { "#deno": `./${bundled(SHIM)}` },
    dependencies: Object.fromEntries([...versions, ESBUILD].map((version) => {
      const at = version.lastIndexOf("@");
      return [version.slice(0, at), version.slice(at + 1)];
    })),
  };
  const path = new URL("package.json", HOME);
  const installed = new URL("node_modules/.package-lock.json", HOME);
  const text = JSON.stringify(manifest);
  if (await readText(path) === text && await readText(installed) !== undefined) return;
  await rm(installed, { force: true });
  await writeFile(path, text);
  await succeed(run("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: HOME }));
}

/** The file that a module is bundled into. */
export function bundled(path: string): string {
  return path.replace(/\.ts$/, ".js");
}

async function bundle(modules: readonly string[]): Promise<void> {
  const external = PACKAGES.map((name) => `--external=${name}`);
  const output = ["--sourcemap=inline", "--outdir=dist/portable/bundled/tests"];
  await succeed(deno(["bundle", "-q", ...output, ...external, ...modules]));
}

/** `@std/assert` asks for what Node has from version 22. Nothing global stands in for it: the product must do without. */
async function replaceUnion(modules: readonly string[]): Promise<void> {
  for (const path of modules.map((path) => new URL(`bundled/${bundled(path)}`, HOME))) {
    const text = await readFile(path, "utf8");
    const union = /(getKeysDeep\d*\(\w+\))\.union\((getKeysDeep\d*\(\w+\))\)/g;
    await writeFile(path, text.replace(union, "new Set([...$1, ...$2])"));
  }
}

async function lower(modules: readonly string[], flags: readonly string[] = []): Promise<void> {
  const output = ["--outbase=bundled", "--outdir=.", "--target=node20", "--sourcemap=inline", "--log-level=warning"];
  const inputs = modules.map((path) => `bundled/${bundled(path)}`);
  const esbuild = fileURLToPath(new URL("node_modules/.bin/esbuild", HOME));
  await succeed(run(esbuild, [...inputs, ...output, ...flags], { cwd: HOME }));
}

/** What tests read is where they look for it. */
async function copyData(folder: string): Promise<void> {
  await cp(new URL(folder, root), new URL(folder, HOME), { recursive: true, filter: (path) => !path.endsWith(".ts") });
}

async function readText(path: URL): Promise<string | undefined> {
  return await readFile(path, "utf8").catch(() => undefined);
}

async function succeed(code: Promise<number>): Promise<void> {
  if (await code !== 0) throw new Error("Cannot build the tests for Node and Bun");
}
