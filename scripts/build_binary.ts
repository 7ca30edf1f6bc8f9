/**
 * Makes one self-contained binary, `dist/metapg-migration`, with the Bun that npm has: runtime, program, PGlite and
 * PostgreSQL's grammar.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { deno, readManifest, root, run } from "./deno.ts";

/** Bun puts a copy of itself into the binary. */
const BUN = "bun@1.4.5";

/** What Bun takes from npm; the rest is bundled before. */
const PACKAGES: readonly string[] = ["commander", "postgres", "@electric-sql/pglite", "libpg-query"];

const FOLDER = "dist/binary";

/** Files become part of a binary where they are imported as such, which only Bun understands. */
const ENTRY = `import { runBinary } from "./binary.js";
import postgres from "./node_modules/@electric-sql/pglite/dist/pglite.wasm" with { type: "file" };
import initdb from "./node_modules/@electric-sql/pglite/dist/initdb.wasm" with { type: "file" };
import share from "./node_modules/@electric-sql/pglite/dist/pglite.data" with { type: "file" };
import grammar from "./node_modules/libpg-query/wasm/libpg-query.wasm" with { type: "file" };

await runBinary({ postgres, initdb, share, grammar });
`;

async function succeed(code: Promise<number>): Promise<void> {
  const exitCode = await code;
  if (exitCode !== 0) Deno.exit(exitCode);
}

const folder = new URL(`${FOLDER}/`, root);
const { imports } = await readManifest();
const packages = PACKAGES.map((name) => (imports[name] ?? name).replace(/^npm:/, ""));

await Deno.mkdir(folder, { recursive: true });
for await (const { name } of Deno.readDir(folder)) {
  if (name.endsWith(".js")) await Deno.remove(new URL(name, folder));
}
await Deno.writeTextFile(new URL("package.json", folder), JSON.stringify({ private: true, type: "module" }));
await Deno.writeTextFile(new URL("main.js", folder), ENTRY);
const external = PACKAGES.map((name) => `--external=${name}`);
await succeed(deno(["bundle", "-q", "--code-splitting", `--outdir=${FOLDER}`, ...external, "scripts/binary.ts"]));
await succeed(run("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", ...packages], { cwd: folder }));
// The grammar looks for its file beside its module as soon as that is imported, and takes it from nobody.
const grammar = new URL("node_modules/libpg-query/wasm/index.js", folder);
const source = await Deno.readTextFile(grammar);
const start = /= PgQueryModule\(.*\)\.then\(/;
if (!start.test(source)) throw new Error("Cannot give libpg-query its file: it starts in another way");
const told = "= PgQueryModule({ locateFile: () => globalThis.metapgGrammar }).then(";
await Deno.writeTextFile(grammar, source.replace(start, told));
// A tool that is told its database by the environment must not find another one in a file that nobody named.
const isolated = ["--no-compile-autoload-dotenv", "--no-compile-autoload-bunfig"];
// Without bytecode the binary parses all of its source at every start: --version takes 40 ms instead of 13, and with what
// only other calls need in parts of their own, 7.
const ready = ["--bytecode", "--format=esm", "--splitting"];
const output = fileURLToPath(new URL("dist/metapg-migration", root));
const build = ["build", "--compile", ...isolated, ...ready, "--sourcemap=none", `--outfile=${output}`, "main.js"];
await succeed(run("npx", ["-y", BUN, ...build], { cwd: folder }));
