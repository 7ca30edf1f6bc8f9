/**
 * PGlite for tests: each test file has a process or a realm of its own, and would make a new folder each time.
 *
 * @module
 */

import type { PGlite } from "@electric-sql/pglite";
import { tmpdir } from "node:os";
import { bootPglite, type EngineModule } from "../../src/database/pglite_boot.ts";
import { diskFolders } from "../../src/runtime/folder_lock.ts";
import { userCache } from "../../src/runtime/user_cache.ts";

/**
 * Starts an empty instance in memory, from a template that an earlier run of the tests left.
 *
 * @returns The instance.
 */
export async function startPglite(): Promise<PGlite> {
  const cache = userCache((name) => name === "METAPG_CACHE" ? `${tmpdir()}/metapg-tests` : undefined);
  const module = await import("@electric-sql/pglite") as unknown as EngineModule;
  const { instance, keeping } = await bootPglite(module, { cache, folders: diskFolders() });
  await keeping;
  return instance as unknown as PGlite;
}
