/**
 * What the runtime gives to open databases, on Deno, Node.js and Bun.
 *
 * @module
 */

import { readFile } from "node:fs/promises";
import type { DatabasePlatform } from "../core/platform.ts";
import { readEnvironment } from "./environment.ts";
import { diskFolders } from "./folder_lock.ts";
import { openSocket } from "./socket.ts";

/**
 * The platform that this program runs on.
 *
 * @param env Reads an environment variable; those of the process without it.
 * @returns It.
 */
export function databasePlatform(env: DatabasePlatform["env"] = readEnvironment): DatabasePlatform {
  return {
    packages: globalThis.navigator?.userAgent?.startsWith("Deno/") === true ? "deno" : "node",
    env,
    readTextFile: (path) => readFile(path, "utf8"),
    openSocket,
    importModule: (specifier) => import(specifier),
    folders: diskFolders(),
  };
}
