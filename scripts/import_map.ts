/**
 * How the checkout's imports are resolved where JSR cannot be reached.
 *
 * @module
 */

/** The npm package that carries the `@std` sources as JavaScript. */
const STD_ON_NPM = "npm:deno-std@1.4.0";

/** Modules of `@std` that the npm package lacks: what imports them runs only where JSR answers. */
const NOT_ON_NPM: ReadonlySet<string> = new Set(["testing"]);

/** The part of `deno.json` that the scripts read. */
export interface Manifest {
  /** Name of the package. */
  readonly name: string;
  /** Its version. */
  readonly version: string;
  /** SPDX name of its license. */
  readonly license: string;
  /** Entry points, by sub-path. */
  readonly exports: Readonly<Record<string, string>>;
  /** What bare specifiers mean. */
  readonly imports: Readonly<Record<string, string>>;
  /** How strict TypeScript is. */
  readonly compilerOptions?: Readonly<Record<string, unknown>>;
}

/** The imports of a manifest without a `jsr:` specifier among them: `@std` comes from npm, the rest of JSR is left out. */
export function npmImports(imports: Readonly<Record<string, string>>): Record<string, string> {
  const mapped: Record<string, string> = {};
  for (const [name, target] of Object.entries(imports)) {
    const module = /^jsr:@std\/([a-z-]+)@/.exec(target)?.[1];
    if (module !== undefined && !NOT_ON_NPM.has(module)) mapped[name] = `${STD_ON_NPM}/${module}/mod.js`;
    else if (!target.startsWith("jsr:")) mapped[name] = target;
  }
  return mapped;
}

/**
 * The whole import map of a mapped run: an import map on the command line replaces the imports of `deno.json`, and with
 * them the package's right to import itself by name, which the examples in the documentation use.
 *
 * @param manifest What `deno.json` says.
 * @param root URL of the checkout, with a slash at the end.
 * @returns The map as a value, to be written as JSON.
 */
export function importMap(manifest: Manifest, root: URL): { readonly imports: Readonly<Record<string, string>> } {
  const itself = Object.entries(manifest.exports).map(([path, target]) =>
    [manifest.name + path.slice(1), new URL(target, root).href] as const
  );
  return { imports: { ...npmImports(manifest.imports), ...Object.fromEntries(itself) } };
}
