/**
 * Bundles the entry points for Node and Bun into `dist/node/`, with declarations: the npm package without dnt. Packages
 * of npm stay outside of the bundle; what comes from JSR is put into it.
 *
 * @module
 */

import { writeDeclarations } from "./declarations.ts";
import { deno, readManifest, root } from "./deno.ts";
import { BIN, modulePath, MODULES, npmEntries, npmManifest, OPTIONAL, PAGES, REQUIRED } from "./npm_manifest.ts";

const OUTPUT = new URL("dist/node/", root);

const manifest = await readManifest();
const entries = Object.values(npmEntries(manifest));
await Deno.remove(OUTPUT, { recursive: true }).catch(() => {});
const external = [...REQUIRED, ...Object.keys(OPTIONAL)].map((name) => `--external=${name}`);
const outdir = `--outdir=dist/node/${MODULES}`;
const code = await deno(["bundle", "-q", "--code-splitting", outdir, ...external, ...entries, BIN]);
if (code !== 0) Deno.exit(code);

const bin = new URL(modulePath(BIN, ".js"), OUTPUT);
await Deno.writeTextFile(bin, `#!/usr/bin/env node\n${await Deno.readTextFile(bin)}`);
if (Deno.build.os !== "windows") await Deno.chmod(bin, 0o755);
await writeDeclarations(manifest, entries, new URL(`${MODULES}/`, OUTPUT));
await Deno.writeTextFile(new URL("package.json", OUTPUT), `${JSON.stringify(npmManifest(manifest), null, 2)}\n`);
for (const page of PAGES) await Deno.copyFile(new URL(page, root), new URL(page, OUTPUT));
