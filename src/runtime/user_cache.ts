/**
 * The folder where programs keep what they can make again.
 *
 * @module
 */

import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import process from "node:process";
import type { DatabaseCache } from "../core/platform.ts";
import { makeFolders } from "./make_folders.ts";

const PRODUCT = "metapg-migration";

/** What the variable says where nothing is to be kept. */
const OFF = "off";

/** The part of Deno that tells what is permitted without asking. */
interface DenoLike {
  readonly permissions: {
    querySync(
      wanted:
        | { readonly name: "env"; readonly variable: string }
        | { readonly name: "read" | "write"; readonly path: string },
    ): { readonly state: string };
  };
}

/**
 * Makes the cache of the user: in the folder that `METAPG_CACHE` names (`off` for none), else in the one that the system has
 * for such files.
 *
 * @param env Reads an environment variable.
 * @returns The cache; what is not permitted, or cannot be written, is as if it were not there.
 */
export function userCache(env: (name: string) => string | undefined): DatabaseCache {
  const read = (name: string): string => isGranted({ name: "env", variable: name }) ? env(name) ?? "" : "";
  const pathOf = (name: string): string | undefined => {
    const folder = cacheFolder(read);
    return folder === undefined ? undefined : join(folder, name);
  };
  const isWritable = (path: string | undefined): path is string =>
    path !== undefined && isGranted({ name: "write", path: join(path, "..") });
  return {
    async read(name) {
      const path = pathOf(name);
      if (path === undefined || !isGranted({ name: "read", path })) return undefined;
      return await readFile(path).catch(() => undefined);
    },
    mayWrite: (name) => isWritable(pathOf(name)),
    async write(name, content) {
      const path = pathOf(name);
      if (isWritable(path)) await replaceFile(path, content).catch(() => {});
    },
    async remove(name) {
      const path = pathOf(name);
      if (isWritable(path)) await rm(path, { force: true }).catch(() => {});
    },
  };
}

function cacheFolder(env: (name: string) => string): string | undefined {
  const chosen = env("METAPG_CACHE");
  if (chosen !== "") return chosen === OFF ? undefined : chosen;
  const above = systemFolder(env);
  return above === undefined || !isAbsolute(above) ? undefined : join(above, PRODUCT);
}

function systemFolder(env: (name: string) => string): string | undefined {
  if (process.platform === "win32") return env("LOCALAPPDATA") || undefined;
  const given = env("XDG_CACHE_HOME");
  if (isAbsolute(given)) return given;
  const home = env("HOME");
  if (home === "") return undefined;
  return process.platform === "darwin" ? join(home, "Library", "Caches") : join(home, ".cache");
}

/** Whoever reads meanwhile finds the file as it was before or as it is after. */
async function replaceFile(path: string, content: Uint8Array): Promise<void> {
  await makeFolders(join(path, ".."));
  const draft = `${path}.${crypto.randomUUID()}`;
  try {
    await writeFile(draft, content, { mode: 0o600 });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** Deno would ask a person who is at the terminal for what it was not given. */
function isGranted(wanted: Parameters<DenoLike["permissions"]["querySync"]>[0]): boolean {
  const { Deno } = globalThis as { readonly Deno?: Partial<DenoLike> };
  return Deno?.permissions === undefined || Deno.permissions.querySync(wanted).state === "granted";
}
