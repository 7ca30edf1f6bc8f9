import { assertEquals, assertThrows } from "@std/assert";
import { bundleManifest, importedVersion, npmEntries, npmManifest } from "../../scripts/npm_manifest.ts";

const MANIFEST = {
  name: "@me/it",
  version: "1.2.3",
  license: "MIT",
  exports: { ".": "./mod.ts", "./core": "./src/core/mod.ts" },
  imports: {
    "commander": "npm:commander@15.1.0",
    "postgres": "npm:postgres@3.4.9",
    "@electric-sql/pglite": "npm:@electric-sql/pglite@0.5.16",
    "libpg-query": "npm:libpg-query@18.1.5",
    "pg": "npm:pg@8.23.1",
    "fast-check": "npm:fast-check@4.10.2",
  },
};

Deno.test("npmManifest() needs what the product imports and leaves engines to the user", () => {
  const { dependencies, peerDependencies, peerDependenciesMeta } = npmManifest(MANIFEST);
  assertEquals(dependencies, { commander: "15.1.0", postgres: "3.4.9" });
  assertEquals(peerDependencies, {
    "@electric-sql/pglite": ">=0.4.0 <0.6.0",
    "libpg-query": "^18.1.5",
    "pg": "^8.0.3",
  });
  assertEquals(Object.keys(peerDependenciesMeta), Object.keys(peerDependencies));
  assertEquals(peerDependenciesMeta["pg"], { optional: true });
});

Deno.test("bundleManifest() needs nothing, for the bundle holds it", () => {
  const { dependencies, ...rest } = bundleManifest(MANIFEST);
  assertEquals(dependencies, {});
  assertEquals(rest, (({ dependencies: _, ...same }) => same)(npmManifest(MANIFEST)));
});

Deno.test("npmManifest() tells of types first, for the first condition that fits is taken", () => {
  const { exports } = npmManifest(MANIFEST);
  assertEquals(exports, {
    ".": { types: "./esm/mod.d.ts", default: "./esm/mod.js" },
    "./core": { types: "./esm/src/core/mod.d.ts", default: "./esm/src/core/mod.js" },
  });
  for (const entry of Object.values(exports)) assertEquals(Object.keys(entry), ["types", "default"]);
});

Deno.test("npmEntries() has no module that would run by itself", () => {
  assertEquals(npmEntries({ ...MANIFEST, exports: { ".": "./mod.ts", "./cli": "./cli.ts" } }), {
    ".": "./mod.ts",
    "./cli": "./src/run_cli.ts",
  });
});

Deno.test("npmManifest() names the program without ./, as npm would have it", () => {
  assertEquals(npmManifest(MANIFEST).bin, { "metapg-migration": "esm/scripts/npm_bin.js" });
});

Deno.test("npmManifest() tells of the repository only where it is known", () => {
  const known = npmManifest(MANIFEST, "https://example.com/me/it");
  assertEquals(known.repository, { type: "git", url: "git+https://example.com/me/it.git" });
  assertEquals(known.homepage, "https://example.com/me/it#readme");
  assertEquals(known.bugs, { url: "https://example.com/me/it/issues" });
  const { repository: _, homepage: __, bugs: ___, ...rest } = known;
  if (Deno.env.get("GITHUB_REPOSITORY") === undefined) assertEquals(npmManifest(MANIFEST), rest);
});

Deno.test("npmManifest() packs modules and pages only", () => {
  assertEquals(npmManifest(MANIFEST).files, ["esm", "cjs", "README.md", "CHANGELOG.md", "LICENSE", "THIRD_PARTY.md"]);
});

Deno.test("npmManifest() refuses a package that deno.json does not import", () => {
  assertThrows(() => npmManifest({ ...MANIFEST, imports: {} }), Error, `Cannot tell the version of "commander"`);
});

Deno.test("importedVersion() reads the version of a package with a scope", () => {
  assertEquals(importedVersion(MANIFEST, "@electric-sql/pglite"), "0.5.16");
});
