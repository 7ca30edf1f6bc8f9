/**
 * What the scripts take from npm beside the dependencies of the product, in fixed versions.
 *
 * @module
 */

import { capture } from "./capture.ts";

/** What installs packages. */
export const NPM: string = Deno.build.os === "windows" ? "npm.cmd" : "npm";

/** What runs programs of packages. */
export const NPX: string = Deno.build.os === "windows" ? "npx.cmd" : "npx";

/** The compiler that makes and checks declarations. */
export const TYPESCRIPT = "typescript@7.0.2";

/** What puts together the modules that are loaded together. */
export const ROLLUP = "rollup@4.68.8";

/** What rewrites JavaScript: shorter, or for an older runtime. */
export const ESBUILD = "esbuild@0.28.2";

/** Types of the oldest Node.js that the package runs on. */
export const NODE_TYPES = "@types/node@20.19.43";

/** Types of node-postgres. */
export const PG_TYPES = "@types/pg@8.23.1";

/** Types that those of PGlite name. */
export const EMSCRIPTEN_TYPES = "@types/emscripten@1.41.6";

/** A Node.js or a Bun that the package is tried on. */
export interface Runtime {
  /** Its name and version. */
  readonly label: string;
  /** The package of npm that has it. */
  readonly source: string;
  /** The program in that package. */
  readonly program: "node" | "bun";
}

/** Every runtime that the package is tried on, beside Deno. The first one is the oldest that it runs on. */
export const RUNTIMES: readonly Runtime[] = [...nodeRuntimes(), {
  label: "Bun 1.4.5",
  source: "bun@1.4.5",
  program: "bun",
}];

/** A runtime that is there. */
export interface InstalledRuntime extends Runtime {
  /** The path of its program. */
  readonly path: string;
}

/**
 * Finds a runtime's program, downloaded where npm has not kept it.
 *
 * @param runtime The runtime.
 * @returns It, with the path of its program.
 * @throws If it cannot be had.
 */
export async function installedRuntime(runtime: Runtime): Promise<InstalledRuntime> {
  const { source, program } = runtime;
  const path = await capture(NPX, ["-y", "-p", source, "--", program, "-p", "process.execPath"]);
  return { ...runtime, path: path.trim() };
}

/**
 * Every version of Node.js, from the package of this platform: the package `node` would install it by a script, which npm
 * may be told not to run. For macOS on ARM npm has not every version.
 */
function nodeRuntimes(): readonly Runtime[] {
  const { os, arch } = Deno.build;
  const cpu = arch === "aarch64" ? "arm64" : "x64";
  const platform = `${os === "windows" ? "win" : os}-${cpu}`;
  const [prefix, versions] = platform === "darwin-arm64"
    ? ["node-bin", ["20.18.1", "22.23.2", "24.0.0"]] as const
    : ["node", ["20.20.2", "22.23.3", "24.21.0"]] as const;
  return versions.map((version) => ({
    label: `Node ${version}`,
    source: `${prefix}-${platform}@${version}`,
    program: "node",
  }));
}
