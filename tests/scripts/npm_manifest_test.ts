import { assertEquals, assertThrows } from "@std/assert";
import { npmManifest } from "../../scripts/npm_manifest.ts";

const MANIFEST = {
  name: "@me/it",
  version: "1.2.3",
  license: "MIT",
  exports: { ".": "./mod.ts" },
  imports: {
    "commander": "npm:commander@14.0.3",
    "postgres": "npm:postgres@3.4.9",
    "@electric-sql/pglite": "npm:@electric-sql/pglite@0.5.16",
    "pg": "npm:pg@8.23.1",
    "fast-check": "npm:fast-check@4.10.2",
  },
};

Deno.test("npmManifest() needs what the product imports and leaves engines to the user", () => {
  const { dependencies, peerDependencies, peerDependenciesMeta } = npmManifest(MANIFEST);
  assertEquals(dependencies, { commander: "14.0.3", postgres: "3.4.9" });
  assertEquals(peerDependencies, { "@electric-sql/pglite": "^0.5.16", "pg": "^8.23.1" });
  assertEquals(peerDependenciesMeta, { "@electric-sql/pglite": { optional: true }, "pg": { optional: true } });
});

Deno.test("npmManifest() refuses a package that deno.json does not import", () => {
  assertThrows(() => npmManifest({ ...MANIFEST, imports: {} }), Error, `Cannot tell the version of "commander"`);
});
