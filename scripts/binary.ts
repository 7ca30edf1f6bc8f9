/**
 * The command line of the self-contained binary: PGlite and the grammar are part of it, not packages that are imported at
 * run time.
 *
 * @module
 */

import type { PGliteOptions } from "@electric-sql/pglite";
import { readFile } from "node:fs/promises";
import { printAskedVersion } from "../src/asked_version.ts";

/** Where PGlite's files are in the binary. */
export interface EngineFiles {
  /** PostgreSQL. */
  readonly postgres: string;
  /** The program that makes a new folder. */
  readonly initdb: string;
  /** PostgreSQL's own files. */
  readonly share: string;
  /** PostgreSQL's grammar. */
  readonly grammar: string;
  /** Imports the modules of extensions, by their names. */
  readonly extensions: Readonly<Record<string, () => Promise<unknown>>>;
}

/** Where PGlite's package has its extensions. */
const CONTRIB = "@electric-sql/pglite/contrib/";

/** Runs the program with the arguments, the environment and the streams of this process, and ends it. */
export async function runBinary(files: EngineFiles): Promise<void> {
  if (printAskedVersion()) return;
  const { runProgram } = await import("../src/run_program.ts");
  await runProgram(async (specifier) => {
    if (specifier === "libpg-query") return await loadGrammar(files);
    if (specifier === "@electric-sql/pglite") return await loadEngine(files);
    const extension = specifier.startsWith(CONTRIB) ? files.extensions[specifier.slice(CONTRIB.length)] : undefined;
    if (extension === undefined) throw new Error(`"${specifier}" is no part of the binary`);
    return await extension();
  });
}

/** PGlite as its package exports it, with its files at hand: it would look for them beside its module. */
async function loadEngine({ postgres, initdb, share }: EngineFiles): Promise<unknown> {
  const { MemoryFS, PGlite } = await import("@electric-sql/pglite");
  const create = async (options: Omit<PGliteOptions, "extensions">) =>
    await PGlite.create({
      ...options,
      pgliteWasmModule: await WebAssembly.compile(await read(postgres)),
      initdbWasmModule: await WebAssembly.compile(await read(initdb)),
      fsBundle: new Blob([await read(share)]),
    });
  return { PGlite: { create }, MemoryFS };
}

/** The grammar, which the build made to look for its file here. */
async function loadGrammar({ grammar }: EngineFiles): Promise<unknown> {
  Object.assign(globalThis, { metapgGrammar: grammar });
  return await import("libpg-query");
}

async function read(path: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readFile(path));
}
