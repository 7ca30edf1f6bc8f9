import { assertEquals } from "@std/assert";
import { importMap, npmImports } from "../../scripts/import_map.ts";

Deno.test("npmImports() takes @std from npm and keeps packages of npm", () => {
  assertEquals(npmImports({ "@std/path": "jsr:@std/path@^1.1.2", "pg": "npm:pg@8.23.1" }), {
    "@std/path": "npm:deno-std@1.4.0/path/mod.js",
    "pg": "npm:pg@8.23.1",
  });
});

Deno.test("npmImports() leaves out what npm does not have", () => {
  assertEquals(npmImports({ "@std/testing": "jsr:@std/testing@^1.0.15", "@a/b": "jsr:@a/b@1" }), {});
});

Deno.test("importMap() lets the package import itself by name", () => {
  const manifest = {
    name: "@me/it",
    version: "1.2.3",
    license: "MIT",
    exports: { ".": "./mod.ts", "./core": "./src/core/mod.ts" },
    imports: {},
  };
  assertEquals(importMap(manifest, new URL("file:///checkout/")), {
    imports: {
      "@me/it": "file:///checkout/mod.ts",
      "@me/it/core": "file:///checkout/src/core/mod.ts",
    },
  });
});
