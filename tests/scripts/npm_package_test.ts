import { fileURLToPath } from "node:url";
import { assertEquals } from "@std/assert";
import { readManifest, root } from "../../scripts/deno.ts";
import { npmManifest } from "../../scripts/npm_manifest.ts";
import { findFileProblems, findMachinePaths } from "../../scripts/npm_package.ts";

const checkout = fileURLToPath(root);
const manifest = npmManifest(await readManifest());
const targets = Object.values(manifest.exports).flatMap((entry) => [entry.types, entry.default]);
const files = [
  "package.json",
  "README.md",
  "CHANGELOG.md",
  "LICENSE",
  "THIRD_PARTY.md",
  ...[...targets, ...Object.values(manifest.bin)].map((path) => path.replace("./", "")),
  "esm/chunk-A1.js",
  "cjs/run_cli.cjs",
  "cjs/parts/B2-_.cjs",
];

Deno.test("findFileProblems() is content with modules, declarations and pages", () => {
  assertEquals(findFileProblems(files, manifest), []);
});

Deno.test("findFileProblems() names what is missing", () => {
  assertEquals(
    findFileProblems(files.filter((path) => !/LICENSE|pg\.d\.ts|npm_bin|run_cli\.cjs/.test(path)), manifest),
    [
      '"LICENSE" is missing',
      '"esm/src/database/pg.d.ts" is missing',
      '"esm/scripts/npm_bin.js" is missing',
      '"cjs/run_cli.cjs" is missing',
    ],
  );
});

Deno.test("findFileProblems() names what does not belong into a package", () => {
  const others = [
    "esm/mod.ts",
    "esm/mod.js.map",
    "esm/mod.cjs",
    "cjs/mod.js",
    ".npmrc",
    "tests/core/lexer_test.js",
    "migrations/default/001_a.sql",
  ];
  assertEquals(
    findFileProblems([...files, ...others], manifest),
    others.map((path) => `"${path}" does not belong there`),
  );
});

Deno.test("findMachinePaths() finds the folder of the build", async () => {
  const folder = await Deno.makeTempDir({ prefix: "metapg_" });
  try {
    await Deno.writeTextFile(`${folder}/good.js`, "// src/core/mod.ts\n");
    await Deno.writeTextFile(`${folder}/bad.js`, `// ${checkout}src/core/mod.ts\n`);
    const found = await findMachinePaths(new URL(`file://${folder}/`), ["good.js", "bad.js"]);
    assertEquals(found, [`"bad.js" names "${checkout}"`]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
