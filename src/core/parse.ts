/**
 * Parses migrations for those who collect the problems of many files.
 *
 * @module
 */

import { fieldsOrThrow, type FileOutline, type Hashing, readFile, readStored } from "./migration_fields.ts";
import { Migration } from "./migration.ts";
import type { Problem } from "./problem.ts";
import type { Sha256 } from "./reader.ts";

/** A file that has been read. */
export interface ParsedFile {
  /** The migration; `undefined` if any problem is an error. */
  readonly migration: Migration | undefined;
  /** What can be said of a file even if it cannot be used; `undefined` if not even its name or its text can be read. */
  readonly outline: FileOutline | undefined;
  /** Errors and warnings in the order of the text. */
  readonly problems: readonly Problem[];
}

/**
 * Parses a migration file. It never throws: whatever is wrong is a problem.
 *
 * @param path The file; the part behind the last `/` or `\` is its name.
 * @param content Its text or bytes.
 * @param sha256 Hashes it; Web Crypto without it.
 * @returns The migration, and all problems of the file.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { formatProblem, parseFile } from "@metapg/migration/core";
 *
 * const { problems } = await parseFile("main/001_users.sql", "CREATE TABLE users (id int);\n-- Rollback\n");
 * assertEquals(problems.map(formatProblem), [
 *   'main/001_users.sql:2:1: "-- Rollback" does not begin the rollback section',
 * ]);
 * ```
 */
export async function parseFile(
  path: string,
  content: string | Uint8Array,
  sha256?: Sha256 | undefined,
): Promise<ParsedFile> {
  return await parseContent(path, content, { sha256 });
}

/**
 * Parses a migration file of which something may be known.
 *
 * @param path The file.
 * @param content Its text or bytes.
 * @param hashing How it is hashed, and what was hashed of it.
 * @returns The migration, and all problems of the file.
 */
export async function parseContent(
  path: string,
  content: string | Uint8Array,
  hashing: Hashing,
): Promise<ParsedFile> {
  const { outline, fields, problems } = await readFile(path, content, hashing);
  const migration = fields === undefined ? undefined : new Migration(fields);
  return { migration, outline: migration ?? outline, problems };
}

/**
 * Parses the source of an applied migration as the history holds it. What a release refuses in files does not count
 * here, so that a rollback stays possible after an upgrade.
 *
 * @param name The migration.
 * @param source The text that the history holds.
 * @returns The migration.
 * @throws A {@linkcode MigrationError} with code `FILES_INVALID` if the text cannot be cut into its sections.
 */
export async function parseStored(name: string, source: string): Promise<Migration> {
  return new Migration(fieldsOrThrow(`${name}.sql`, await readStored(name, source)));
}
