/**
 * Extensions of an embedded database: they are files, which have to be there when it starts.
 *
 * @module
 */

import type { DatabasePlatform } from "../core/platform.ts";

/** What PGlite takes under the name of an extension. */
export type EngineExtension = Readonly<Record<string, unknown>>;

/** A module that holds an extension. */
interface ExtensionModule {
  /** Its package. */
  readonly package: string;
  /** The releases of it that go with the engine. */
  readonly range: string;
  /** Its path in the package, with a slash in front. */
  readonly path: string;
  /** What it exports. */
  readonly export: string;
}

const ENGINE = { package: "@electric-sql/pglite", range: "^0.5.16" } as const;

/** Those that come with the engine, by the names of their modules; `uuid-ossp` is no name for one. */
const CONTRIB: readonly string[] = [
  "amcheck",
  "bloom",
  "btree_gin",
  "btree_gist",
  "citext",
  "cube",
  "dict_int",
  "dict_xsyn",
  "earthdistance",
  "file_fdw",
  "fuzzystrmatch",
  "hstore",
  "intarray",
  "isn",
  "lo",
  "ltree",
  "moddatetime",
  "pageinspect",
  "pg_buffercache",
  "pg_freespacemap",
  "pg_stat_statements",
  "pg_surgery",
  "pg_trgm",
  "pg_visibility",
  "pg_walinspect",
  "pgcrypto",
  "seg",
  "tablefunc",
  "tcn",
  "tsm_system_rows",
  "tsm_system_time",
  "unaccent",
  "uuid-ossp",
];

/** Those that have packages of their own, from the makers of the engine. */
const PACKAGES: Readonly<Record<string, string>> = {
  age: "pglite-age",
  pg_hashids: "pglite-pg_hashids",
  pg_ivm: "pglite-pg_ivm",
  pg_uuidv7: "pglite-pg_uuidv7",
  pgtap: "pglite-pgtap",
  vector: "pglite-pgvector",
};

/** What an extension needs beside itself, by `CASCADE`. */
const REQUIRES: Readonly<Record<string, readonly string[]>> = { earthdistance: ["cube"] };

/** What comes without a module. */
const BUILT_IN: ReadonlySet<string> = new Set(["plpgsql"]);

function moduleOf(name: string): ExtensionModule | undefined {
  const own = Object.hasOwn(PACKAGES, name) ? PACKAGES[name] : undefined;
  if (own !== undefined) return { package: `@electric-sql/${own}`, range: "^0.0.15", path: "", export: name };
  if (!CONTRIB.includes(name)) return undefined;
  const file = name.replaceAll("-", "_");
  return { ...ENGINE, path: `/contrib/${file}`, export: file };
}

/** An extension that was asked for. */
export type FoundExtension =
  /** It is there. */
  | { readonly type: "loaded"; readonly value: unknown }
  /** It comes with the engine itself. */
  | { readonly type: "built-in" }
  /** It is not; `package` would hold it. */
  | { readonly type: "missing"; readonly package: string | undefined };

/**
 * Loads an extension.
 *
 * @param name Its name, as in `CREATE EXTENSION`.
 * @param platform Imports its module.
 * @returns It, if there is one for this engine.
 */
export async function loadExtension(
  name: string,
  platform: Pick<DatabasePlatform, "importModule" | "packages">,
): Promise<FoundExtension> {
  if (BUILT_IN.has(name)) return { type: "built-in" };
  const module = moduleOf(name);
  if (module === undefined) return { type: "missing", package: undefined };
  const { package: base, range, path } = module;
  const specifier = platform.packages === "deno" ? `npm:${base}@${range}${path}` : `${base}${path}`;
  try {
    const loaded = await platform.importModule(specifier) as Readonly<Record<string, unknown>>;
    const value = loaded[module.export];
    return value === undefined ? { type: "missing", package: base } : { type: "loaded", value };
  } catch {
    return { type: "missing", package: base };
  }
}

/**
 * Loads extensions and what they need.
 *
 * @param names Their names.
 * @param platform Imports their modules.
 * @returns Those that are there, as the engine takes them.
 */
export async function loadExtensions(
  names: readonly string[],
  platform: Pick<DatabasePlatform, "importModule" | "packages">,
): Promise<EngineExtension> {
  const all = [...new Set(names.flatMap((name) => [name, ...(REQUIRES[name] ?? [])]))];
  const found = await Promise.all(all.map(async (name) => [name, await loadExtension(name, platform)] as const));
  return Object.fromEntries(found.flatMap(([name, one]) => one.type === "loaded" ? [[name, one.value]] : []));
}
