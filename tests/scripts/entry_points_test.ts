import { assert, assertEquals } from "@std/assert";
import { readManifest, root } from "../../scripts/deno.ts";
import { npmManifest } from "../../scripts/npm_manifest.ts";

const manifest = await readManifest();
const entryPoints = Object.keys(manifest.exports).map((path) => manifest.name + path.slice(1)).toSorted();

Deno.test("the npm package has the entry points of deno.json", () => {
  const { name, exports } = npmManifest(manifest);
  assertEquals(Object.keys(exports).map((path) => name + path.slice(1)).toSorted(), entryPoints);
});

Deno.test("README.md lists every entry point in one table, and no other", async () => {
  const page = await Deno.readTextFile(new URL("README.md", root));
  const rows = [...page.matchAll(/^\| `(@metapg\/migration[a-z/]*)` +\|/gm)].map(([, name]) => name!);
  assertEquals(rows.toSorted(), entryPoints);
});

Deno.test("no page imports an entry point that is not there", async () => {
  const pages = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "docs/cli.md", "docs/format.md"];
  const sources = ["mod.ts", "cli.ts", ...Object.values(manifest.exports)];
  let found = 0;
  for (const path of [...pages, ...sources]) {
    const text = await Deno.readTextFile(new URL(path, root));
    for (const [, specifier = ""] of text.matchAll(/ from "(@metapg\/[^"]+)"/g)) {
      found++;
      assert(entryPoints.includes(specifier), `${path} imports "${specifier}"`);
    }
  }
  assert(found > 10);
});
