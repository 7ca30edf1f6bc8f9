/**
 * Migration files on disk.
 *
 * @module
 */

import { realpath, stat } from "node:fs/promises";
import type { FileReader } from "../core/reader.ts";
import { fileError } from "./disk.ts";
import { fileContents } from "./file_contents.ts";
import { deno } from "./deno.ts";
import { type EntryKind, type FolderEntry, openFolder, readFolder } from "./folder_entries.ts";
import { runtimeSha256 } from "./sha256.ts";

/**
 * A reader of the file system. Links are followed, as Kubernetes mounts each file as one.
 *
 * @returns The reader.
 */
export function diskReader(): FileReader {
  let contents = fileContents();
  return {
    async list(directory) {
      contents = fileContents();
      const found: string[] = [];
      await walk({ directory, prefix: "", above: [], found });
      return found;
    },
    sha256: runtimeSha256(),
    read: (path) => contents(path),
  };
}

/**
 * Finds out whether a folder of migrations can be listed.
 *
 * @param directory The folder.
 * @throws A {@linkcode MigrationError} with code `CONFIG` if it cannot.
 */
export async function checkFolder(directory: string): Promise<void> {
  try {
    await openFolder(directory);
  } catch (error) {
    throw fileError("read", directory, error);
  }
}

/**
 * Lists the files of a folder, without those of the folders below it. Nobody is asked for a right to do so.
 *
 * @param directory The folder.
 * @returns Their names; none if it cannot be listed.
 */
export async function listFiles(directory: string): Promise<readonly string[]> {
  if (deno !== undefined && deno.permissions.querySync({ name: "read", path: directory }).state !== "granted") {
    return [];
  }
  const entries = await readFolder(directory).catch((): readonly FolderEntry[] => []);
  return entries.filter(({ kind }) => kind === "file").map(({ name }) => name);
}

interface Walk {
  /** The folder to list. */
  readonly directory: string;
  /** Its path below the first one, with a `/` at the end. */
  readonly prefix: string;
  /** The real paths of the folders above it: a link back to one of them has no end. */
  readonly above: readonly string[];
  /** Receives the files. */
  readonly found: string[];
}

async function walk({ directory, prefix, above, found }: Walk): Promise<void> {
  const folders: string[] = [];
  for (const { name, kind = await kindBehind(`${directory}/${name}`) } of await listFolder(directory)) {
    // A folder with the name of a migration is listed, too, and reading it says what is wrong.
    if (kind === "file" || (kind === "folder" && isSql(name))) found.push(prefix + name);
    else if (kind === "folder" && !name.startsWith(".")) folders.push(name);
  }
  if (folders.length === 0) return;
  const reached = [...above, await realPath(directory)];
  for (const name of folders) {
    const folder = `${directory}/${name}`;
    if (reached.includes(await realPath(folder))) continue;
    await walk({ directory: folder, prefix: `${prefix}${name}/`, above: reached, found });
  }
}

function isSql(name: string): boolean {
  return /^[^._].*\.sql$/i.test(name);
}

async function listFolder(directory: string): Promise<readonly FolderEntry[]> {
  try {
    return await readFolder(directory);
  } catch (error) {
    throw fileError("read", directory, error);
  }
}

async function realPath(directory: string): Promise<string> {
  try {
    return await realpath(directory);
  } catch (error) {
    throw fileError("read", directory, error);
  }
}

/** A link that leads nowhere is listed, so that reading it says so instead of leaving a migration out. */
async function kindBehind(path: string): Promise<EntryKind> {
  try {
    const found = await stat(path);
    return found.isDirectory() ? "folder" : found.isFile() ? "file" : "other";
  } catch {
    return "file";
  }
}
