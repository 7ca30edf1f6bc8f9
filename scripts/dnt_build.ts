/**
 * Builds the npm package into `npm/` with dnt, modules with their declarations, puts the modules together with what they
 * need, and tries it. It is run by `build_npm.ts` where JSR answers.
 *
 * @module
 */

import { build, emptyDir } from "@deno/dnt";
import { finishDeclaration } from "./declarations.ts";
import { readManifest, root, run } from "./deno.ts";
import { bundlePackage } from "./npm_bundle.ts";
import { BIN, MODULES, npmEntries, npmManifest, PAGES } from "./npm_manifest.ts";
import { NODE_TYPES } from "./npm_tools.ts";
import { filesBelow } from "./put_together.ts";

const manifest = await readManifest();
/** dnt checks with the types of the package alone. */
const TYPES = { "@types/node": NODE_TYPES.replace("@types/node@", "") };
const packageJson = { ...npmManifest(manifest), devDependencies: TYPES };

/** The declarations get what those of the bundle have. */
async function finishDeclarations(): Promise<void> {
  for await (const path of filesBelow(new URL(`npm/${MODULES}/`, root), ".d.ts")) {
    await Deno.writeTextFile(path, finishDeclaration(await Deno.readTextFile(path)));
  }
}

Deno.chdir(root);
await emptyDir("npm");
await build({
  entryPoints: [
    ...Object.entries(npmEntries(manifest)).map(([name, path]) => ({ name, path })),
    ...Object.keys(packageJson.bin).map((name) => ({ kind: "bin" as const, name, path: `./${BIN}` })),
  ],
  outDir: "npm",
  configFile: new URL("deno.json", root).href,
  // The code asks the platform for what it needs: a shim of `Deno` would make it believe that it runs there.
  shims: {},
  typeCheck: "single",
  declaration: "inline",
  scriptModule: false,
  skipSourceOutput: true,
  // The tests are Deno's; the package is tried below, as its users have it.
  test: false,
  compilerOptions: {
    target: "ES2023",
    // No DOM: `URL`, `AbortSignal` and the rest are in the types of Node.js, which is what it runs on.
    lib: ["ES2023"],
    noUncheckedIndexedAccess: true,
    useUnknownInCatchVariables: true,
  },
  package: packageJson as unknown as Parameters<typeof build>[0]["package"],
  async postBuild() {
    await finishDeclarations();
    for (const page of PAGES) await Deno.copyFile(page, `npm/${page}`);
  },
});
await bundlePackage(manifest, new URL("npm/", root));
Deno.exit(await run(Deno.execPath(), ["run", "-A", "--no-lock", "scripts/package_check.ts", "npm"]));
