/**
 * The version of the next migration.
 *
 * @module
 */

import { MigrationError } from "../core/error.ts";
import { type FileName, parseFileName } from "../core/name.ts";
import type { FileReader } from "../core/reader.ts";
import { wrongUsage } from "./usage_error.ts";

/**
 * Lists the migrations of a folder by their names alone.
 *
 * @param reader Reads the folder.
 * @param dir The folder; one that is not there yet has none.
 * @returns They, by version.
 */
export async function listMigrations(reader: FileReader, dir: string): Promise<readonly FileName[]> {
  const paths = await reader.list(dir).catch((error: unknown): readonly string[] => {
    // A folder that is not there yet is created with the file.
    if (error instanceof MigrationError && error.code === "CONFIG") return [];
    throw error;
  });
  return paths.flatMap((path) => parseFileName(path) ?? []).toSorted((a, b) => a.version - b.version);
}

/**
 * Makes the number after the newest, at least as wide.
 *
 * @param existing Migrations, by version.
 * @returns The digits.
 * @throws {MigrationError} With code `USAGE` if no version comes after it.
 */
export function nextVersion(existing: readonly FileName[]): string {
  const newest = existing.at(-1);
  if (newest === undefined) return "001";
  const width = newest.name.indexOf("_");
  const version = String(newest.version + 1).padStart(width, "0");
  if (version.length > 15) throw wrongUsage(`No version comes after "${newest.name}"`);
  return version;
}
