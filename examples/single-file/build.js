// @ts-check
// Bundles migrate.js, the package and the migrations into dist/migrate.mjs.

import { pathToFileURL } from "node:url";
import { build } from "esbuild";

/**
 * Runs modules that end in .build.js, and puts what they export by default into the bundle.
 *
 * @type {import("esbuild").Plugin}
 */
const atBuildTime = {
  name: "at-build-time",
  setup({ onLoad }) {
    onLoad({ filter: /\.build\.js$/ }, async ({ path }) => {
      const { default: value } = await import(pathToFileURL(path).href);
      return { contents: JSON.stringify(value), loader: "json" };
    });
  },
};

await build({
  entryPoints: ["migrate.js"],
  outfile: "dist/migrate.mjs",
  bundle: true,
  platform: "node",
  target: "node20",
  format: "esm",
  plugins: [atBuildTime],
});
