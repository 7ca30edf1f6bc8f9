/**
 * Type declarations of the entry points for npm, made by TypeScript from the sources. Compiled with the types of Node 20
 * and without those of a browser, the sources are also checked to use nothing that Node 20 lacks.
 *
 * @module
 */

import { posix } from "node:path";
import { capture } from "./capture.ts";
import { root } from "./deno.ts";
import type { Manifest } from "./import_map.ts";
import { importedVersion, REQUIRED } from "./npm_manifest.ts";
import { NODE_TYPES, NPM, TYPESCRIPT } from "./npm_tools.ts";
import { sourceFiles } from "./source_files.ts";

/** Where the compiler works: a project of npm with a copy of the sources. */
const WORK = new URL("dist/declarations/", root);

/** Packages of which sources import types; no declaration that a user gets does. */
const TYPED: readonly string[] = ["libpg-query"];

/** A relative import of a declaration, in any of its forms. */
const RELATIVE_IMPORT = /(\bfrom |\bimport\(|^import )"(\.{1,2}\/[^"]+)\.ts"/gm;

/** What `AsyncDisposable` is in: so a program needs no newer library than it has. JSR forbids such a line in sources. */
const DISPOSABLE = '/// <reference lib="esnext.disposable" />\n';

/**
 * Writes the declarations that the entry points need, and no others.
 *
 * @param manifest What `deno.json` says.
 * @param entries Paths of the entry points.
 * @param output The folder of the modules in the package.
 * @throws What the compiler said, if it finds an error.
 */
export async function writeDeclarations(manifest: Manifest, entries: readonly string[], output: URL): Promise<void> {
  await installCompiler(manifest);
  await copySources(entries);
  await capture("node", ["node_modules/typescript/bin/tsc", "--project", "tsconfig.json"], { cwd: WORK });
  const pending = entries.map((path) => path.replace(/^\.\//, "").replace(/\.ts$/, ".d.ts"));
  for (const path of pending) {
    const text = await Deno.readTextFile(new URL(path, new URL("out/", WORK)));
    const target = new URL(path, output);
    await Deno.mkdir(new URL(".", target), { recursive: true });
    await Deno.writeTextFile(target, finishDeclaration(text));
    for (const imported of relativeImports(text)) {
      const next = posix.join(posix.dirname(path), imported);
      if (!pending.includes(next)) pending.push(next);
    }
  }
}

/** The declarations that a declaration imports, as relative paths. */
export function relativeImports(text: string): readonly string[] {
  return [...text.matchAll(RELATIVE_IMPORT)].map(([, , path]) => `${path}.d.ts`);
}

/** A declaration that names modules as they are in the package, and the library that it needs. */
export function finishDeclaration(text: string): string {
  const library = /\bAsyncDisposable\b/.test(text) && !text.startsWith(DISPOSABLE) ? DISPOSABLE : "";
  return library + text.replace(RELATIVE_IMPORT, '$1"$2.js"');
}

/** What was installed for the same versions is kept. */
async function installCompiler(manifest: Manifest): Promise<void> {
  const versions = [...REQUIRED, ...TYPED].map((name) => `${name}@${importedVersion(manifest, name)}`);
  const packages = [TYPESCRIPT, NODE_TYPES, ...versions];
  const marker = new URL("installed.txt", WORK);
  const installed = await Deno.readTextFile(marker).catch(() => "");
  if (installed === packages.join("\n")) return;
  await Deno.mkdir(WORK, { recursive: true });
  await Deno.writeTextFile(new URL("package.json", WORK), JSON.stringify({ private: true, type: "module" }));
  await capture(NPM, ["install", "--ignore-scripts", "--no-audit", "--no-fund", ...packages], { cwd: WORK });
  await Deno.writeTextFile(marker, packages.join("\n"));
}

async function copySources(entries: readonly string[]): Promise<void> {
  for (const folder of ["out", "src"]) {
    await Deno.remove(new URL(folder, WORK), { recursive: true }).catch(() => {});
  }
  for (const path of new Set([...entries.map((entry) => entry.replace(/^\.\//, "")), ...await sourceFiles("src")])) {
    const target = new URL(path, WORK);
    await Deno.mkdir(new URL(".", target), { recursive: true });
    await Deno.copyFile(new URL(path, root), target);
  }
  const { compilerOptions } = JSON.parse(await Deno.readTextFile(new URL("deno.json", root)));
  await Deno.writeTextFile(
    new URL("tsconfig.json", WORK),
    JSON.stringify({
      compilerOptions: {
        ...compilerOptions,
        target: "ES2023",
        lib: ["ES2023"],
        types: ["node"],
        module: "NodeNext",
        allowImportingTsExtensions: true,
        verbatimModuleSyntax: true,
        declaration: true,
        emitDeclarationOnly: true,
        stripInternal: true,
        newLine: "lf",
        rootDir: ".",
        outDir: "out",
      },
      files: entries,
    }),
  );
}
