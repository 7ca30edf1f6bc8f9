/**
 * How a folder of migrations and a database stand to each other.
 *
 * @module
 */

import type { Migration } from "./migration.ts";
import type { MigrationRecord } from "./record.ts";

/** An applied migration beside the file that differs from it. */
export interface Difference {
  /** What was applied. */
  readonly record: MigrationRecord;
  /** The file that it is compared with. */
  readonly migration: Migration;
}

/**
 * Tells whether a renamed file is the migration that was applied, or another one that took its version.
 *
 * @param difference The applied migration and the file.
 * @returns Whether their statements are the same.
 */
export function isSameMigration({ record, migration }: Difference): boolean {
  return record.tokenChecksum === migration.tokenChecksum;
}

/** The fields of a {@linkcode MigrationStatus}. */
export interface MigrationStatusFields {
  /** Name of the database. */
  readonly dbName: string;
  /** What is fully applied, in order of application. */
  readonly applied: readonly MigrationRecord[];
  /** What is not, in the order in which it would be applied. */
  readonly pending: readonly Migration[];
  /** How many migration files there are. */
  readonly totalFiles: number;
  /** Pending ones that failed when they were last tried, or are part-way. */
  readonly failed?: readonly MigrationRecord[];
  /** Applied ones whose file is gone. */
  readonly missing?: readonly MigrationRecord[];
  /** Applied ones whose statements were edited since. */
  readonly changed?: readonly Difference[];
  /** Applied ones of which only comments, white space, header or rollback were edited since. */
  readonly reformatted?: readonly Difference[];
  /** Applied ones whose file has another name by now. */
  readonly renamed?: readonly Difference[];
  /** Pending ones that come before an applied one. */
  readonly late?: readonly Migration[];
}

/**
 * How a folder of migrations and a database stand to each other.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { MigrationStatus } from "@metapg/migration";
 *
 * const status = new MigrationStatus({ dbName: "default", applied: [], pending: [], totalFiles: 0 });
 * assert(status.isUpToDate);
 * ```
 */
export class MigrationStatus {
  /** Name of the database. */
  readonly dbName: string;
  /** What is fully applied, in order of application. */
  readonly applied: readonly MigrationRecord[];
  /** What is not, in the order in which it would be applied. */
  readonly pending: readonly Migration[];
  /** How many migration files there are. */
  readonly totalFiles: number;
  /** Pending ones that failed when they were last tried, or are part-way. */
  readonly failed: readonly MigrationRecord[];
  /** Applied ones whose file is gone. */
  readonly missing: readonly MigrationRecord[];
  /** Applied ones whose statements were edited since. */
  readonly changed: readonly Difference[];
  /** Applied ones of which only comments, white space, header or rollback were edited since. */
  readonly reformatted: readonly Difference[];
  /** Applied ones whose file has another name by now. */
  readonly renamed: readonly Difference[];
  /** Pending ones that come before an applied one. */
  readonly late: readonly Migration[];

  /**
   * Makes the status.
   *
   * @param fields The fields; those left out are empty.
   */
  constructor(fields: MigrationStatusFields) {
    this.dbName = fields.dbName;
    this.applied = fields.applied;
    this.pending = fields.pending;
    this.totalFiles = fields.totalFiles;
    this.failed = fields.failed ?? [];
    this.missing = fields.missing ?? [];
    this.changed = fields.changed ?? [];
    this.reformatted = fields.reformatted ?? [];
    this.renamed = fields.renamed ?? [];
    this.late = fields.late ?? [];
  }

  /** Whether nothing is pending. */
  get isUpToDate(): boolean {
    return this.pending.length === 0;
  }
}
