/**
 * Migration files on disk.
 *
 * @module
 */

import { readdir, realpath, stat } from "node:fs/promises";
import type { FileReader } from "../core/reader.ts";
import { fileError } from "./disk.ts";
import { fileContents } from "./file_contents.ts";

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
    async read(path) {
      try {
        return await contents(path);
      } catch (error) {
        throw fileError("read", path, error);
      }
    },
  };
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
  const { real, names } = await listFolder(directory);
  if (above.includes(real)) return;
  for (const name of names) {
    const kind = await kindOf(`${directory}/${name}`);
    // A folder with the name of a migration is listed, too, and reading it says what is wrong.
    if (kind === "file" || (kind === "folder" && isSql(name))) found.push(prefix + name);
    else if (kind === "folder" && !name.startsWith(".")) {
      await walk({ directory: `${directory}/${name}`, prefix: `${prefix}${name}/`, above: [...above, real], found });
    }
  }
}

function isSql(name: string): boolean {
  return /^[^._].*\.sql$/i.test(name);
}

async function listFolder(directory: string): Promise<{ readonly real: string; readonly names: readonly string[] }> {
  try {
    return { real: await realpath(directory), names: await readdir(directory) };
  } catch (error) {
    throw fileError("read", directory, error);
  }
}

/** A link that leads nowhere is listed, so that reading it says so instead of leaving a migration out. */
async function kindOf(path: string): Promise<"file" | "folder" | "other"> {
  try {
    const found = await stat(path);
    return found.isDirectory() ? "folder" : found.isFile() ? "file" : "other";
  } catch {
    return "file";
  }
}
