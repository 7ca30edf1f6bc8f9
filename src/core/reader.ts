/**
 * The port through which migration files come in, and a reader for bundles.
 *
 * @module
 */

import { MigrationError } from "./error.ts";

/**
 * Hashes bytes.
 *
 * @param bytes What is hashed.
 * @returns SHA-256 in lower-case hex.
 */
export type Sha256 = (bytes: Uint8Array) => string | Promise<string>;

/** Where migration files come from. */
export interface FileReader {
  /**
   * Lists the files below a directory, at any depth.
   *
   * @param directory The directory.
   * @returns Paths relative to `directory`, parts joined by `/`, in any order. Folders that begin with `.` are left out.
   * @throws A {@linkcode MigrationError} with code `CONFIG` if there is no such directory.
   */
  list(directory: string): Promise<readonly string[]>;
  /**
   * Reads one file.
   *
   * @param path The directory and a listed path, joined by `/`.
   * @returns Its text, or its bytes, which are then checked to be UTF-8.
   */
  read(path: string): Uint8Array | string | Promise<Uint8Array | string>;
  /**
   * Hashes what was read.
   *
   * @default {"Web Crypto"}
   */
  readonly sha256?: Sha256 | undefined;
}

/**
 * A reader over an object, for migrations that a bundler put into the program.
 *
 * @param files Path to text or bytes.
 * @returns A reader.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { memoryReader } from "@metapg/migration";
 *
 * const reader = memoryReader({ "migrations/default/001_users.sql": "CREATE TABLE users (id int);" });
 * assertEquals(await reader.list("migrations/default"), ["001_users.sql"]);
 * ```
 */
export function memoryReader(files: Readonly<Record<string, Uint8Array | string>>): FileReader {
  const paths = new Map(Object.entries(files).map(([path, text]) => [tidy(path), text]));
  return {
    list(directory) {
      const prefix = `${tidy(directory)}/`;
      const found = [...paths.keys()].filter((path) => path.startsWith(prefix)).map((path) =>
        path.slice(prefix.length)
      );
      if (found.length === 0) {
        return Promise.reject(new MigrationError("CONFIG", `Cannot read migrations: no directory "${directory}"`));
      }
      return Promise.resolve(
        found.filter((path) => !path.split("/").slice(0, -1).some((part) => part.startsWith("."))),
      );
    },
    read(path) {
      const text = paths.get(tidy(path));
      return text === undefined
        ? Promise.reject(new MigrationError("CONFIG", `Cannot read "${path}": no such file`))
        : Promise.resolve(text);
    },
  };
}

function tidy(path: string): string {
  return path.replaceAll("\\", "/").replace(/^(\.\/+)+/, "").replace(/\/+$/, "");
}
