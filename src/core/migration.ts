/**
 * A migration: one file, read and checked.
 *
 * @module
 */

import { MigrationError } from "./error.ts";
import type { TransactionMode } from "./header.ts";
import { fieldsOrThrow, type MigrationFields, readFile } from "./migration_fields.ts";
import type { Problem } from "./problem.ts";
import type { FileReader } from "./reader.ts";
import type { Section } from "./section.ts";

export type { Section, TransactionMode };

/** {@linkcode Migration} or a class derived from it. */
export type MigrationClass<T extends Migration> = new (fields: MigrationFields) => T;

/** Where {@linkcode Migration.fromFile} reads. */
export interface FromFileOptions {
  /** Gives the content of the file. */
  readonly reader: FileReader;
}

/**
 * A migration file, read and checked.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Migration } from "@metapg/migration/core";
 *
 * const migration = await Migration.parse(
 *   "002_add_users.sql",
 *   "-- Depends: 001_roles\nCREATE TABLE users (id int);\n-- ROLLBACK\nDROP TABLE users;\n",
 * );
 * assertEquals(migration.name, "002_add_users");
 * assertEquals(migration.dependencies, ["001_roles"]);
 * assertEquals(migration.rollbackSql, "DROP TABLE users;\n");
 * ```
 */
export class Migration implements MigrationFields {
  /** The file name without `.sql`. */
  readonly name: string;
  /** The number that the name begins with. */
  readonly version: number;
  /** `Description` of the header, else the words of the name. */
  readonly description: string;
  /** The file, as it was given. */
  readonly path: string;
  /** The whole text, without a byte order mark and with LF line ends. */
  readonly text: string;
  /** SHA-256 of the text, in hex. */
  readonly checksum: string;
  /** Checksum of the tokens of the up section. */
  readonly tokenChecksum: string;
  /** `Depends` of the header: names of migrations, each once. */
  readonly dependencies: readonly string[];
  /** `Transaction` of the header. */
  readonly transaction: TransactionMode;
  /** `Lock-Timeout` of the header, in milliseconds; 0 for none; `undefined` if the file says nothing. */
  readonly lockTimeoutMs: number | undefined;
  /** `Statement-Timeout` of the header, in milliseconds; 0 for none; `undefined` if the file says nothing. */
  readonly statementTimeoutMs: number | undefined;
  /** The up section and where it begins. */
  readonly up: Section;
  /** The rollback section and where it begins; `undefined` if the file has no marker. */
  readonly rollback: Section | undefined;
  /** What is odd about the file, but does not keep it from running. */
  readonly warnings: readonly Problem[];

  /**
   * Makes a migration of what was read; to read one see {@linkcode Migration.parse}.
   *
   * @param fields What the file says.
   */
  constructor(fields: MigrationFields) {
    this.name = fields.name;
    this.version = fields.version;
    this.description = fields.description;
    this.path = fields.path;
    this.text = fields.text;
    this.checksum = fields.checksum;
    this.tokenChecksum = fields.tokenChecksum;
    this.dependencies = fields.dependencies;
    this.transaction = fields.transaction;
    this.lockTimeoutMs = fields.lockTimeoutMs;
    this.statementTimeoutMs = fields.statementTimeoutMs;
    this.up = fields.up;
    this.rollback = fields.rollback;
    this.warnings = fields.warnings;
  }

  /** The SQL that applies it: everything before the marker, the header included. */
  get upSql(): string {
    return this.up.sql;
  }

  /** The SQL that undoes it; empty if it does nothing; `undefined` if the file has no marker. */
  get rollbackSql(): string | undefined {
    return this.rollback?.sql;
  }

  /**
   * Reads a migration from its text.
   *
   * @param fileName The file, with or without folders.
   * @param text Its text, or its bytes.
   * @returns The migration.
   * @throws A {@linkcode MigrationError} with code `FILES_INVALID` and all problems of the file.
   */
  static async parse<T extends Migration>(
    this: MigrationClass<T>,
    fileName: string,
    text: string | Uint8Array,
  ): Promise<T> {
    return new this(fieldsOrThrow(fileName, await readFile(fileName, text)));
  }

  /**
   * Reads a migration from a file.
   *
   * @param path The file.
   * @param options Where to read it.
   * @returns The migration.
   * @throws A {@linkcode MigrationError} with code `FILES_INVALID` and all problems of the file, also if it cannot be read.
   */
  static async fromFile<T extends Migration>(
    this: MigrationClass<T>,
    path: string,
    { reader }: FromFileOptions,
  ): Promise<T> {
    return new this(fieldsOrThrow(path, await readFile(path, await readContent(path, reader), reader)));
  }
}

async function readContent(path: string, reader: FileReader): Promise<string | Uint8Array> {
  try {
    return await reader.read(path);
  } catch (cause) {
    const message = cause instanceof MigrationError ? cause.message : `Cannot read "${path}"`;
    const problems: Problem[] = [{ code: "file-unreadable", severity: "error", message, path }];
    throw new MigrationError("FILES_INVALID", message, { cause, problems });
  }
}
