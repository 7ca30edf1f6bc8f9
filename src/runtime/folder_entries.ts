/**
 * What is in a folder.
 *
 * @module
 */

import { opendir, readdir } from "node:fs/promises";
import { deno, type DenoEntry } from "./deno.ts";

/** What an entry of a folder is; `undefined` where the listing does not say, as of a link. */
export type EntryKind = "file" | "folder" | "other" | undefined;

/** An entry of a folder. */
export interface FolderEntry {
  /** Its name. */
  readonly name: string;
  /** What it is. */
  readonly kind: EntryKind;
}

/**
 * Lists a folder.
 *
 * @param path The folder.
 * @returns Its entries, in any order.
 * @throws What the system said.
 */
export async function readFolder(path: string): Promise<readonly FolderEntry[]> {
  // Through what Deno has of Node.js each entry is a task of its own.
  if (deno !== undefined) return Array.from(deno.readDirSync(path), toEntry);
  const entries = await readdir(path, { withFileTypes: true });
  return entries.map((entry): FolderEntry => {
    if (entry.isFile()) return { name: entry.name, kind: "file" };
    if (entry.isDirectory()) return { name: entry.name, kind: "folder" };
    const isOther = entry.isFIFO() || entry.isSocket() || entry.isCharacterDevice() || entry.isBlockDevice();
    return { name: entry.name, kind: isOther ? "other" : undefined };
  });
}

/**
 * Finds out whether a folder can be listed, without its entries.
 *
 * @param path The folder.
 * @throws What the system said.
 */
export async function openFolder(path: string): Promise<void> {
  if (deno !== undefined) return void deno.readDirSync(path)[Symbol.iterator]().next();
  const folder = await opendir(path);
  await folder.close();
}

/** Deno asks the system where a listing does not say what an entry is. */
function toEntry({ name, isFile, isDirectory, isSymlink }: DenoEntry): FolderEntry {
  return { name, kind: isFile ? "file" : isDirectory ? "folder" : isSymlink ? undefined : "other" };
}
