/**
 * The `package.json` of the npm package, derived from `deno.json`. The bundle of `build_node.ts` and the package that
 * dnt builds lay out their files alike, so that both have the same one.
 *
 * @module
 */

import type { Manifest } from "./import_map.ts";

/** What npm starts as the command line, whatever `import.meta.main` says: Node 20 knows none. */
export const BIN = "scripts/npm_bin.ts";

/** The folder of the modules in the package. */
export const MODULES = "esm";

/** The folder of the modules of the command line that Node.js starts sooner than those. */
export const COMMON_JS = "cjs";

/** The one of them that the `bin` loads. */
export const COMMON_PROGRAM = `${COMMON_JS}/run_cli.cjs`;

/** Pages that the package holds beside its modules. */
export const PAGES: readonly string[] = ["README.md", "CHANGELOG.md", "LICENSE", "THIRD_PARTY.md"];

/** Packages that the product needs. */
export const REQUIRED: readonly string[] = ["commander", "postgres"];

/**
 * Packages that a user installs who wants that engine, or the grammar that `lint` needs. Node 20 is tried with the oldest of each range, the other
 * runtimes with what `deno.json` names.
 */
export const OPTIONAL: Readonly<Record<string, { readonly oldest: string; readonly range: string }>> = {
  "@electric-sql/pglite": { oldest: "0.4.0", range: ">=0.4.0 <0.6.0" },
  "libpg-query": { oldest: "18.1.5", range: "^18.1.5" },
  "pg": { oldest: "8.0.3", range: "^8.0.3" },
};

/**
 * The modules that are entry points on npm, by sub-path: those of `deno.json`, but for the one that Deno starts.
 *
 * @param manifest What `deno.json` says.
 * @returns Their paths in the checkout.
 */
export function npmEntries(manifest: Manifest): Readonly<Record<string, string>> {
  const entries = Object.entries(manifest.exports);
  return Object.fromEntries(entries.map(([name, path]) => [name, path === "./cli.ts" ? "./src/run_cli.ts" : path]));
}

/** Where TypeScript and everything else find an entry point. */
export interface NpmExport {
  /** Its declarations. */
  readonly types: string;
  /** Its module. */
  readonly default: string;
}

/** A `package.json`. */
export interface NpmManifest {
  /** Name of the package. */
  readonly name: string;
  /** Its version. */
  readonly version: string;
  /** What it is. */
  readonly description: string;
  /** What it is found by. */
  readonly keywords: readonly string[];
  /** SPDX name of its license. */
  readonly license: string;
  /** Where its sources are, if that is known. npm signs only what says so. */
  readonly repository?: { readonly type: "git"; readonly url: string };
  /** Its page, if that is known. */
  readonly homepage?: string;
  /** Where problems are told, if that is known. */
  readonly bugs?: { readonly url: string };
  /** What ends in `.js` is an ES module. */
  readonly type: "module";
  /** Entry points, by sub-path. */
  readonly exports: Readonly<Record<string, NpmExport>>;
  /** Programs, by name. */
  readonly bin: Readonly<Record<string, string>>;
  /** What npm packs beside this file. */
  readonly files: readonly string[];
  /** Importing a module does nothing, so a bundler may leave out what is not used. */
  readonly sideEffects: false;
  /** What it runs on. */
  readonly engines: Readonly<Record<string, string>>;
  /** Packages that npm installs with it. */
  readonly dependencies: Readonly<Record<string, string>>;
  /** Packages that its user may install. */
  readonly peerDependencies: Readonly<Record<string, string>>;
  /** That they are optional. */
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional: true }>>;
}

/** The path in the package of a module of the checkout, without `./`: so npm wants it in `bin`. */
export function modulePath(path: string, ending: ".js" | ".d.ts"): string {
  return `${MODULES}/${path.replace(/^\.\//, "").replace(/\.ts$/, ending)}`;
}

/**
 * The `package.json` of the npm package while it is built.
 *
 * @param manifest What `deno.json` says.
 * @param repository The page of the repository, where a workflow tells it.
 * @returns It.
 * @throws If `deno.json` does not import what the product needs.
 */
export function npmManifest(manifest: Manifest, repository = workflowRepository()): NpmManifest {
  const optional = Object.entries(OPTIONAL);
  return {
    name: manifest.name,
    version: manifest.version,
    description: "Raw-SQL migrations for PostgreSQL with dependencies, rollbacks, checksums and several databases",
    keywords: ["postgresql", "postgres", "migration", "migrations", "sql", "schema", "rollback", "pglite", "cli"],
    license: manifest.license,
    ...(repository === undefined ? {} : {
      repository: { type: "git", url: `git+${repository}.git` },
      homepage: `${repository}#readme`,
      bugs: { url: `${repository}/issues` },
    }),
    type: "module",
    exports: Object.fromEntries(
      Object.entries(npmEntries(manifest)).map(([name, path]) => [name, {
        types: `./${modulePath(path, ".d.ts")}`,
        default: `./${modulePath(path, ".js")}`,
      }]),
    ),
    bin: { "metapg-migration": modulePath(BIN, ".js") },
    files: [MODULES, COMMON_JS, ...PAGES],
    sideEffects: false,
    // `AbortSignal.any`.
    engines: { node: ">=20.3" },
    dependencies: Object.fromEntries(REQUIRED.map((name) => [name, importedVersion(manifest, name)])),
    peerDependencies: Object.fromEntries(optional.map(([name, { range }]) => [name, range])),
    peerDependenciesMeta: Object.fromEntries(optional.map(([name]) => [name, { optional: true }])),
  };
}

/**
 * The `package.json` of the finished package, which holds what it needs.
 *
 * @param manifest What `deno.json` says.
 * @returns It.
 * @throws As {@linkcode npmManifest} does.
 */
export function bundleManifest(manifest: Manifest): NpmManifest {
  return { ...npmManifest(manifest), dependencies: {} };
}

/** The checkout itself does not know where it is kept. */
function workflowRepository(): string | undefined {
  const [server, name] = [Deno.env.get("GITHUB_SERVER_URL"), Deno.env.get("GITHUB_REPOSITORY")];
  return server === undefined || name === undefined ? undefined : `${server}/${name}`;
}

/**
 * The version of an npm package that `deno.json` imports.
 *
 * @param manifest What `deno.json` says.
 * @param name Name of the package.
 * @returns The version.
 * @throws If it imports none.
 */
export function importedVersion(manifest: Manifest, name: string): string {
  const version = /^npm:.+@(.+)$/.exec(manifest.imports[name] ?? "")?.[1];
  if (version === undefined) throw new Error(`Cannot tell the version of "${name}": deno.json does not import it`);
  return version;
}
