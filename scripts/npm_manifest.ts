/**
 * What the npm package says of itself, derived from `deno.json`.
 *
 * @module
 */

import type { Manifest } from "./import_map.ts";

/** The entry of the command line on npm. It calls `main` whatever started it: Node 20 knows no `import.meta.main`. */
export const BIN = "scripts/npm_bin.ts";

/** Packages that the product needs. */
export const REQUIRED: readonly string[] = ["commander", "postgres"];

/** Packages that a user installs who wants that engine. */
export const OPTIONAL: readonly string[] = ["@electric-sql/pglite", "pg"];

/** The fields of a `package.json` that do not depend on where the modules are. */
export interface NpmManifest {
  /** Name of the package. */
  readonly name: string;
  /** Its version. */
  readonly version: string;
  /** What it is. */
  readonly description: string;
  /** SPDX name of its license. */
  readonly license: string;
  /** All modules are ES modules. */
  readonly type: "module";
  /** What it runs on. */
  readonly engines: Readonly<Record<string, string>>;
  /** Packages that npm installs with it. */
  readonly dependencies: Readonly<Record<string, string>>;
  /** Packages that its user may install. */
  readonly peerDependencies: Readonly<Record<string, string>>;
  /** That they are optional. */
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional: true }>>;
}

/** The fields of the npm package. */
export function npmManifest(manifest: Manifest): NpmManifest {
  return {
    name: manifest.name,
    version: manifest.version,
    description: "Raw-SQL migrations for PostgreSQL with dependencies, rollbacks, checksums and several databases",
    license: manifest.license,
    type: "module",
    engines: { node: ">=20" },
    dependencies: versions(manifest, REQUIRED, ""),
    peerDependencies: versions(manifest, OPTIONAL, "^"),
    peerDependenciesMeta: Object.fromEntries(OPTIONAL.map((name) => [name, { optional: true }])),
  };
}

function versions(manifest: Manifest, names: readonly string[], range: "" | "^"): Record<string, string> {
  return Object.fromEntries(names.map((name) => {
    const version = /^npm:.+@(.+)$/.exec(manifest.imports[name] ?? "")?.[1];
    if (version === undefined) throw new Error(`Cannot tell the version of "${name}": deno.json does not import it`);
    return [name, range + version];
  }));
}
