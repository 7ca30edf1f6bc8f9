/**
 * Migration files on disk.
 *
 * @module
 */

import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import type { FileReader } from "../core/reader.ts";
import { fileError } from "./disk.ts";
import { fileContents } from "./file_contents.ts";
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
  const { real, entries } = await listFolder(directory);
  if (above.includes(real)) return;
  for (const entry of entries) {
    const { name } = entry;
    const kind = kindOf(entry) ?? await kindBehind(`${directory}/${name}`);
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

interface Folder {
  readonly real: string;
  readonly entries: readonly Dirent[];
}

async function listFolder(directory: string): Promise<Folder> {
  try {
    return { real: await realpath(directory), entries: await readdir(directory, { withFileTypes: true }) };
  } catch (error) {
    throw fileError("read", directory, error);
  }
}

type Kind = "file" | "folder" | "other";

/** What the listing says of an entry: of a link nothing, and of some file systems nothing at all. */
function kindOf(entry: Dirent): Kind | undefined {
  if (entry.isFile()) return "file";
  if (entry.isDirectory()) return "folder";
  return entry.isFIFO() || entry.isSocket() || entry.isCharacterDevice() || entry.isBlockDevice() ? "other" : undefined;
}

/** A link that leads nowhere is listed, so that reading it says so instead of leaving a migration out. */
async function kindBehind(path: string): Promise<Kind> {
  try {
    const found = await stat(path);
    return found.isDirectory() ? "folder" : found.isFile() ? "file" : "other";
  } catch {
    return "file";
  }
}
