/**
 * Making folders.
 *
 * @module
 */

import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Creates a folder and those above it; one that exists is left as it is. Node.js could do so itself, but never ends where
 * a folder takes no others and says that it is not there, as `/proc` does.
 *
 * @param path The folder.
 * @throws What the system said.
 */
export async function makeFolders(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const { code } = error as { readonly code?: string };
    const above = dirname(path);
    if (code === "ENOENT" && above !== path) {
      await makeFolders(above);
      await mkdir(path).catch((error) => isFolder(path, error));
    } else {
      await isFolder(path, error);
    }
  }
}

/** What is there already is as good, if it is a folder. */
async function isFolder(path: string, error: unknown): Promise<void> {
  const { code } = error as { readonly code?: string };
  if (code !== "EEXIST" || !(await stat(path)).isDirectory()) throw error;
}
