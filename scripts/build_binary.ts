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

const PGLITE = "node_modules/@electric-sql/pglite/dist/";

/** Files become part of a binary where they are imported as such, which only Bun understands. */
const entryOf = (extensions: readonly string[]) =>
  `import { runBinary } from "./binary.js";
import postgres from "./${PGLITE}pglite.wasm" with { type: "file" };
import initdb from "./${PGLITE}initdb.wasm" with { type: "file" };
import share from "./${PGLITE}pglite.data" with { type: "file" };
import grammar from "./node_modules/libpg-query/wasm/libpg-query.wasm" with { type: "file" };

const extensions = {
${extensions.map((name) => `  "${name}": () => import("./${PGLITE}contrib/${name}.js"),`).join("\n")}
};

await runBinary({ postgres, initdb, share, grammar, extensions });
`;

/**
 * Changes the source of a package in one place; a build before this one may have left it so.
 *
 * @param module The module.
 * @param pattern What is to be changed.
 * @param write Makes the new source of the old one.
 * @returns Whether it was found.
 */
async function rewrite(module: URL, pattern: RegExp, write: (source: string) => string): Promise<boolean> {
  const source = await Deno.readTextFile(module);
  if (source.startsWith(REWRITTEN)) return true;
  if (!pattern.test(source)) return false;
  await Deno.writeTextFile(module, REWRITTEN + write(source));
  return true;
}

const REWRITTEN = "/* rewritten for the binary */ ";

/** Makes the modules of extensions name their bundles as files of the binary, and the engine read those. */
async function embedExtensions(engine: URL): Promise<readonly string[]> {
  const stream = /\bt\.createReadStream\(e\)/;
  const read = (source: string) => source.replace(stream, "[t.readFileSync(e)]");
  const chunks = await namesIn(engine, /^chunk-\w+\.js$/);
  const changed = await Promise.all(chunks.map((name) => rewrite(new URL(name, engine), stream, read)));
  if (!changed.includes(true)) throw new Error("Cannot embed extensions: PGlite reads their bundles in another way");
  const contrib = new URL("contrib/", engine);
  const modules = await namesIn(contrib, /\.js$/);
  for (const name of modules) {
    const bundle = /new URL\("(\.\.\/[\w.-]+\.tar\.gz)",import\.meta\.url\)/;
    const isEmbedded = await rewrite(
      new URL(name, contrib),
      bundle,
      (source) =>
        source.replace(bundle, "metapgUrl(metapgBundle)") +
        `\nimport { pathToFileURL as metapgUrl } from "node:url";
import metapgBundle from "${bundle.exec(source)![1]}" with { type: "file" };\n`,
    );
    if (!isEmbedded) throw new Error(`Cannot embed the extension ${name}: it names its bundle in another way`);
  }
  return modules.map((name) => name.slice(0, -".js".length));
}

async function namesIn(folder: URL, pattern: RegExp): Promise<readonly string[]> {
  const entries = await Array.fromAsync(Deno.readDir(folder));
  return entries.map(({ name }) => name).filter((name) => pattern.test(name)).toSorted();
}

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
const external = PACKAGES.map((name) => `--external=${name}`);
await succeed(deno(["bundle", "-q", "--code-splitting", `--outdir=${FOLDER}`, ...external, "scripts/binary.ts"]));
await succeed(run("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", ...packages], { cwd: folder }));
await Deno.writeTextFile(new URL("main.js", folder), entryOf(await embedExtensions(new URL(PGLITE, folder))));
// The grammar looks for its file beside its module as soon as that is imported, and takes it from nobody.
const start = /= PgQueryModule\(.*\)\.then\(/;
const told = "= PgQueryModule({ locateFile: () => globalThis.metapgGrammar }).then(";
const grammar = new URL("node_modules/libpg-query/wasm/index.js", folder);
if (!await rewrite(grammar, start, (source) => source.replace(start, told))) {
  throw new Error("Cannot give libpg-query its file: it starts in another way");
}
// A tool that is told its database by the environment must not find another one in a file that nobody named.
const isolated = ["--no-compile-autoload-dotenv", "--no-compile-autoload-bunfig"];
// Without bytecode the binary parses all of its source at every start: --version takes 40 ms instead of 13, and with what
// only other calls need in parts of their own, 7.
const ready = ["--bytecode", "--format=esm", "--splitting"];
const output = fileURLToPath(new URL("dist/metapg-migration", root));
const build = ["build", "--compile", ...isolated, ...ready, "--sourcemap=none", `--outfile=${output}`, "main.js"];
await succeed(run("npx", ["-y", BUN, ...build], { cwd: folder }));
