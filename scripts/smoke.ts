/**
 * Installs the package the way a user would, and applies the sample migrations with it under a real Node or Bun:
 * `smoke.ts node`, `smoke.ts bun`. A second argument names the folder of the package; without it, the bundle of
 * `build_node.ts` is made and taken. Needs `TEST_DATABASE_URL`.
 *
 * @module
 */

import { readManifest, root, run } from "./deno.ts";
import { OPTIONAL } from "./npm_manifest.ts";

/** What starts each runtime. Bun comes from npm like everything else. */
const RUNTIMES: Readonly<Record<string, readonly [string, ...string[]]>> = {
  node: ["node"],
  bun: ["npx", "-y", "bun@1.4.5"],
};

const HOME = new URL("dist/smoke/", root);

async function succeed(program: string, args: readonly string[], cwd: URL): Promise<void> {
  const code = await run(program, args, { cwd });
  if (code !== 0) Deno.exit(code);
}

/** A project of its own that depends on the package and on both optional engines. */
async function install(folder: URL): Promise<void> {
  const { imports } = await readManifest();
  const engines = OPTIONAL.map((name) => (imports[name] ?? name).replace(/^npm:/, ""));
  await Deno.remove(HOME, { recursive: true }).catch(() => {});
  await Deno.mkdir(HOME, { recursive: true });
  await Deno.writeTextFile(new URL("package.json", HOME), JSON.stringify({ private: true, type: "module" }));
  await Deno.copyFile(new URL("tests/node/smoke.js", root), new URL("smoke.js", HOME));
  const flags = ["--install-links", "--no-audit", "--no-fund", "--loglevel=error"];
  await succeed("npm", ["install", ...flags, folder.pathname, ...engines], HOME);
}

const [name = "", folder] = Deno.args;
const runtime = RUNTIMES[name];
if (runtime === undefined) {
  console.error("Usage: smoke.ts node|bun [FOLDER]");
  Deno.exit(2);
}
if (folder === undefined) await succeed(Deno.execPath(), ["run", "-A", "--no-lock", "scripts/build_node.ts"], root);
await install(new URL(`${folder ?? "dist/node"}/`, root));
const [program, ...args] = runtime;
await succeed(program, [...args, "smoke.js", new URL("migrations/", root).pathname], HOME);
