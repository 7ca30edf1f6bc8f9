/**
 * Single files on disk, with errors that say which and why.
 *
 * @module
 */

import { readFile, writeFile } from "node:fs/promises";
import { MigrationError } from "../core/error.ts";
import { makeFolders } from "./make_folders.ts";

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EBUSY: "another program has it open",
  EEXIST: "it exists already",
  EISDIR: "it is a directory",
  ELOOP: "its links lead in a circle",
  ENOENT: "no such file or directory",
  ENOTDIR: "it is not a directory",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
};

/**
 * The error for what the system refused.
 *
 * @param action What was to be done.
 * @param path The file or folder.
 * @param cause What the system said.
 * @returns The error.
 */
export function fileError(action: "read" | "write" | "create", path: string, cause: unknown): MigrationError {
  const { code, message } = cause as { readonly code?: string; readonly message?: string };
  const reason = REASONS[code ?? ""] ?? message ?? String(cause);
  return new MigrationError("CONFIG", `Cannot ${action} "${path}": ${reason}`, { cause });
}

/**
 * Reads a text file.
 *
 * @param path The file.
 * @returns Its text.
 * @throws {MigrationError} With code `CONFIG` if it cannot be read.
 */
export async function readTextFile(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw fileError("read", path, error);
  }
}

/**
 * Writes a new file.
 *
 * @param path The file.
 * @param text Its text.
 * @throws {MigrationError} With code `CONFIG` if it exists or cannot be written.
 */
export async function writeNewFile(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: "wx" });
  } catch (error) {
    throw fileError("write", path, error);
  }
}

/**
 * Writes a file, also in place of one that exists.
 *
 * @param path The file.
 * @param text Its text.
 * @throws {MigrationError} With code `CONFIG` if it cannot be written.
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (error) {
    throw fileError("write", path, error);
  }
}

/**
 * Creates a folder and those above it; one that exists is left as it is.
 *
 * @param path The folder.
 * @throws {MigrationError} With code `CONFIG` if it cannot be created.
 */
export async function makeDirectory(path: string): Promise<void> {
  try {
    await makeFolders(path);
  } catch (error) {
    throw fileError("create", path, error);
  }
}
