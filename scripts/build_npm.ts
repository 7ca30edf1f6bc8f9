/**
 * Builds the npm package into `npm/`: modules with their declarations, nothing bundled. Needs JSR.
 *
 * @module
 */

import { build, emptyDir } from "@deno/dnt";
import { readManifest, root, run } from "./deno.ts";
import { BIN, npmManifest } from "./npm_manifest.ts";
import { startTestServers } from "./test_servers.ts";

const manifest = await readManifest();
const { type: _, ...packageJson } = npmManifest(manifest);

Deno.chdir(root);
await emptyDir("npm");
await build({
  entryPoints: [
    ...Object.entries(manifest.exports).map(([name, path]) => ({ name, path })),
    { kind: "bin", name: "metapg-migration", path: `./${BIN}` },
  ],
  outDir: "npm",
  importMap: "deno.json",
  // The code asks the platform for what it needs: a shim of `Deno` would make it believe that it runs there.
  shims: {},
  // The global `Deno` of the host that only Deno uses is unknown to this compiler; `deno check` has checked it.
  typeCheck: false,
  test: false,
  scriptModule: false,
  skipSourceOutput: true,
  compilerOptions: { target: "ES2023", lib: ["ES2023", "ESNext.Disposable", "DOM", "DOM.Iterable"] },
  package: packageJson as unknown as Parameters<typeof build>[0]["package"],
  async postBuild() {
    for (const page of ["LICENSE", "README.md", "CHANGELOG.md"]) await Deno.copyFile(page, `npm/${page}`);
  },
});

const servers = await startTestServers([18]);
try {
  for (const runtime of ["node", "bun"]) {
    const args = ["run", "-A", "--no-lock", "scripts/smoke.ts", runtime, "npm"];
    const code = await run(Deno.execPath(), args, { env: servers.env });
    if (code !== 0) Deno.exitCode = code;
  }
} finally {
  await servers.stop();
}
