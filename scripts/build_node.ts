/**
 * Bundles the entry points for Node and Bun into `dist/node/`, a package that can be installed. Packages of npm stay
 * outside of the bundle; what comes from JSR is put into it.
 *
 * @module
 */

import { deno, readManifest, root } from "./deno.ts";
import { BIN, npmManifest, OPTIONAL, REQUIRED } from "./npm_manifest.ts";

const OUTPUT = new URL("dist/node/", root);

/** Where the bundle of a module is, seen from the package. */
function bundled(path: string): string {
  return `./${path.replace(/^\.\//, "").replace(/\.ts$/, ".js")}`;
}

const manifest = await readManifest();
await Deno.remove(OUTPUT, { recursive: true }).catch(() => {});
const external = [...REQUIRED, ...OPTIONAL].map((name) => `--external=${name}`);
const entries = [...Object.values(manifest.exports), BIN];
const code = await deno(["bundle", "-q", "--code-splitting", "--outdir=dist/node", ...external, ...entries]);
if (code !== 0) Deno.exit(code);

const bin = new URL(bundled(BIN), OUTPUT);
await Deno.writeTextFile(bin, `#!/usr/bin/env node\n${await Deno.readTextFile(bin)}`);
const packageJson = {
  ...npmManifest(manifest),
  exports: Object.fromEntries(Object.entries(manifest.exports).map(([name, path]) => [name, bundled(path)])),
  bin: { "metapg-migration": bundled(BIN) },
};
await Deno.writeTextFile(new URL("package.json", OUTPUT), JSON.stringify(packageJson, null, 2));
