/**
 * Names: of databases, of migrations and of their files.
 *
 * @module
 */

import { holdsCredentials } from "./credentials.ts";
import { MigrationError } from "./error.ts";

/** What the name of a migration file says. */
export interface FileName {
  /** The file name without `.sql`: the identity of the migration. */
  readonly name: string;
  /** The leading number; exact, as it has at most 15 digits. */
  readonly version: number;
  /** The words after the version. */
  readonly description: string;
}

const MIGRATION_NAME = /^\d{3,15}_[a-z0-9]+(?:_[a-z0-9]+)*$/;

/**
 * Tells whether a text can be the name of a database folder.
 *
 * @param name As in `main` or `read-model`.
 * @returns Whether it is lower-case letters, digits, `_` and `-`, beginning with a letter.
 */
export function checkDatabaseName(name: string): boolean {
  return /^[a-z][a-z0-9_-]*$/.test(name);
}

/**
 * Makes the error for a text that {@linkcode checkDatabaseName} does not take.
 *
 * @param name The text; a URL that was taken for a name is not shown.
 * @returns An error with code `CONFIG`.
 */
export function invalidDatabaseName(name: string): MigrationError {
  return holdsCredentials(name)
    ? new MigrationError("CONFIG", "Invalid database name: it is a database URL", {
      hint: "Pass the URL as { database: URL }",
    })
    : new MigrationError("CONFIG", `Invalid database name "${name}"`, {
      hint: "Use lower-case letters, digits, - and _, beginning with a letter",
    });
}

/**
 * Tells whether a text can be the name of a migration.
 *
 * @param name As in `002_add_users`.
 * @returns Whether it is 3 to 15 digits followed by words of lower-case letters and digits, joined by `_`.
 */
export function checkMigrationName(name: string): boolean {
  return MIGRATION_NAME.test(name);
}

/**
 * Reads the name of a migration file.
 *
 * @param fileName As in `002_add_users.sql`, without a folder.
 * @returns What it says; `undefined` if it is not the name of a migration file.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseFileName } from "@metapg/migration/core";
 *
 * assertEquals(parseFileName("002_add_users.sql"), { name: "002_add_users", version: 2, description: "add users" });
 * assertEquals(parseFileName("add_users.sql"), undefined);
 * ```
 */
export function parseFileName(fileName: string): FileName | undefined {
  if (!fileName.endsWith(".sql")) return undefined;
  const name = fileName.slice(0, -".sql".length);
  if (!checkMigrationName(name)) return undefined;
  const underscore = name.indexOf("_");
  return {
    name,
    version: Number(name.slice(0, underscore)),
    description: name.slice(underscore + 1).replaceAll("_", " "),
  };
}

/**
 * Explains what keeps a file name from being that of a migration.
 *
 * @param fileName A name that {@linkcode parseFileName} does not take.
 * @returns The fix, as one line for a hint.
 */
export function fileNameHint(fileName: string): string {
  const stem = fileName.replace(/\.sql$/i, "");
  const digits = /^\d*/.exec(stem)?.[0] ?? "";
  const mended = mendFileName(stem);
  if (!/\.sql$/i.test(fileName)) return "End the name with .sql";
  if (/\.down$|^U[\d._]+__/i.test(stem)) {
    return 'Put what it does behind a line "-- ROLLBACK" of the file that it undoes';
  }
  const [, ofOther] = /^(.+)\.up$/i.exec(stem) ?? [];
  if (ofOther !== undefined) {
    return `Name it "${mendFileName(ofOther)}"; what undoes it goes behind a line "-- ROLLBACK" in it`;
  }
  const [, version, words] = /^V(\d+)__(.+)$/i.exec(stem) ?? [];
  if (version !== undefined) return `Name it "${mendFileName(`${version}_${words}`)}"`;
  if (/[A-Z]/.test(fileName)) return `Use lower case: "${mended}"`;
  if (/\s/.test(stem)) return `Replace blanks by "_": "${mended}"`;
  if (stem.includes("-")) return `Replace "-" by "_": "${mended}"`;
  if (stem.includes(".")) return `Remove the extra "." before .sql`;
  if (digits === "") return `Begin with a version of 3 to 15 digits: "${mended}"`;
  if (digits.length < 3) return `Write the version with at least 3 digits: "${mended}"`;
  if (digits.length > 15) return "Write the version with at most 15 digits, as in 20250131120000";
  if (stem === digits) return `Add a description after the version: "${mended}"`;
  if (stem[digits.length] !== "_") return `Put "_" after the version: "${mended}"`;
  if (/_$|__/.test(stem)) return `Put single "_" between words and none at the end`;
  return `Use only digits, lower-case letters from a to z and _: "${mended}"`;
}

/**
 * Takes the words out of a text that a file name can hold.
 *
 * @param text Any text.
 * @returns Words of a to z, without accents, and digits.
 */
export function plainWords(text: string): readonly string[] {
  const plain = text.normalize("NFKD").replace(/\p{M}/gu, "").replace(/ß/g, "ss").toLowerCase();
  return plain.split(/[^a-z0-9]+/).filter((word) => word !== "");
}

/** A name that a file may have, as near to its own as can be: so that one hint is enough. */
function mendFileName(stem: string): string {
  const [, digits = "", words = ""] = /^(\d*)_?(.*)$/.exec(plainWords(stem).join("_")) ?? [];
  if (digits === "") return `001_${words || "description"}.sql`;
  return `${digits.padStart(3, "0")}_${words || "add_users"}.sql`;
}

/**
 * Names the environment variable that holds the URL of a database.
 *
 * @param dbName Name of the database.
 * @returns `DATABASE_URL` for `default`, else `DATABASE_URL_` and the name in upper case, with `_` for `-`.
 */
export function variableOf(dbName: string): string {
  return dbName === "default" ? "DATABASE_URL" : `DATABASE_URL_${dbName.toUpperCase().replaceAll("-", "_")}`;
}
