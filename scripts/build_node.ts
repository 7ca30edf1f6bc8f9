/**
 * Bundles the entry points for Node and Bun into `dist/node/`, with declarations: the npm package without dnt. What it
 * needs is put into it, so that it starts sooner and nothing is installed with it; engines stay outside.
 *
 * @module
 */

import { writeDeclarations } from "./declarations.ts";
import { deno, readManifest, root } from "./deno.ts";
import { BIN, bundleManifest, modulePath, MODULES, npmEntries, OPTIONAL, PAGES } from "./npm_manifest.ts";
import { putTogether, startWithNode } from "./put_together.ts";

const OUTPUT = new URL("dist/node/", root);
const PIECES = new URL("dist/bundle/", root);

const manifest = await readManifest();
const entries = Object.values(npmEntries(manifest));
for (const folder of [OUTPUT, PIECES]) await Deno.remove(folder, { recursive: true }).catch(() => {});
const external = Object.keys(OPTIONAL).map((name) => `--external=${name}`);
const modules = [...entries, BIN];
const code = await deno(["bundle", "-q", "--code-splitting", "--outdir=dist/bundle", ...external, ...modules]);
if (code !== 0) Deno.exit(code);
await putTogether(entries, BIN, PIECES, OUTPUT);

await startWithNode(new URL(modulePath(BIN, ".js"), OUTPUT));
await writeDeclarations(manifest, entries, new URL(`${MODULES}/`, OUTPUT));
await Deno.writeTextFile(new URL("package.json", OUTPUT), `${JSON.stringify(bundleManifest(manifest), null, 2)}\n`);
for (const page of PAGES) await Deno.copyFile(new URL(page, root), new URL(page, OUTPUT));
