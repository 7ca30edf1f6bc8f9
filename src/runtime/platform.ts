/**
 * What the runtime gives to open databases, on Deno, Node.js and Bun.
 *
 * @module
 */

import { readFile } from "node:fs/promises";
import type { DatabasePlatform } from "../core/platform.ts";
import { deno } from "./deno.ts";
import { readEnvironment } from "./environment.ts";
import { diskFolders } from "./folder_lock.ts";
import { openSocket } from "./socket.ts";
import { userCache } from "./user_cache.ts";

/**
 * The platform that this program runs on.
 *
 * @param env Reads an environment variable; those of the process without it.
 * @returns It.
 */
export function databasePlatform(env: DatabasePlatform["env"] = readEnvironment): DatabasePlatform {
  return {
    packages: deno === undefined ? "node" : "deno",
    env,
    readTextFile: (path) => readFile(path, "utf8"),
    openSocket,
    importModule: (specifier) => import(specifier),
    folders: diskFolders(),
    cache: userCache(env),
  };
}
