/**
 * The document of `--json`, format 1: keys may be added to it, never removed.
 *
 * @module
 */

import { MigrationError } from "../core/error.ts";
import { maskSecrets } from "../core/mask.ts";
import type { Migration } from "../core/migration.ts";
import type { Plan } from "../core/plan.ts";
import type { Problem } from "../core/problem.ts";
import type { MigrationRecord } from "../core/record.ts";
import { SqlError } from "../core/sql_error.ts";
import type { Difference, MigrationStatus } from "../core/status.ts";
import { withoutLibrary } from "./advice.ts";

/** Keys and values that print as JSON. */
export type Fields = Readonly<Record<string, unknown>>;

/** What one database came to. */
export interface DatabaseEntry {
  /** Its name. */
  readonly db: string;
  /** Whether the exit code would be 0 if it were the only one. */
  readonly ok: boolean;
  /** Keys of the command. */
  readonly fields: Fields;
  /** Why it failed, if it did. */
  readonly error?: unknown;
}

/** What a command came to. */
export interface Document {
  /** The command; `null` if none was understood. */
  readonly command: string | null;
  /** The exit code of the process. */
  readonly exitCode: number;
  /** Keys beside those of every document. */
  readonly fields?: Fields | undefined;
  /** One entry for each database, in the order of names. */
  readonly databases: readonly DatabaseEntry[];
  /** What went wrong before any database, or beside them. */
  readonly error?: unknown;
}

/**
 * Makes the document.
 *
 * @param document What the command came to.
 * @returns The value to print.
 */
export function documentFields(document: Document): Fields {
  return {
    format: 1,
    command: document.command,
    exitCode: document.exitCode,
    databases: document.databases.map(({ db, ok, fields, error }) => ({
      db,
      ok,
      ...fields,
      ...(error === undefined ? {} : { error: errorFields(error) }),
    })),
    ...document.fields,
    ...(document.error === undefined ? {} : { error: errorFields(document.error) }),
  };
}

/**
 * Makes the keys of an error.
 *
 * @param error What was thrown; a fault of the program itself has the code `INTERNAL`.
 * @returns Code, message and whatever else it carries.
 */
export function errorFields(error: unknown): Fields {
  if (!(error instanceof MigrationError)) {
    return { code: "INTERNAL", message: error instanceof Error ? error.message : String(error) };
  }
  return {
    code: error.code,
    message: error.message,
    hint: error.hint === undefined ? null : withoutLibrary(error.hint),
    problems: error.problems.map(problemFields),
    applied: error.applied,
    unknown: error.unknown,
    rolledBack: error.rolledBack,
    ...(error instanceof SqlError ? sqlErrorFields(error) : {}),
  };
}

function sqlErrorFields(error: SqlError): Fields {
  return {
    migration: error.migration,
    direction: error.direction,
    at: error.at,
    path: error.path,
    line: error.line ?? null,
    column: error.column ?? null,
    sqlstate: error.sqlstate ?? null,
    serverMessage: error.serverMessage,
    detail: error.detail ?? null,
    serverHint: error.serverHint ?? null,
    internalQuery: error.internalQuery ?? null,
    where: error.where ?? null,
  };
}

/**
 * Makes the keys of a finding.
 *
 * @param problem The finding.
 * @returns All of its fields, `null` where there is nothing.
 */
export function problemFields(problem: Problem): Fields {
  return {
    code: problem.code,
    severity: problem.severity,
    message: problem.message,
    path: problem.path ?? null,
    name: problem.name ?? null,
    line: problem.line ?? null,
    column: problem.column ?? null,
    hint: problem.hint === undefined ? null : withoutLibrary(problem.hint),
  };
}

/**
 * Makes the keys that `status` adds.
 *
 * @param status The status.
 * @returns applied, pending, failed, missing, changed, reformatted, renamed, late, totalFiles, isUpToDate.
 */
export function statusFields(status: MigrationStatus): Fields {
  return {
    applied: status.applied.map(recordFields),
    pending: status.pending.map(migrationFields),
    failed: status.failed.map(recordFields),
    missing: status.missing.map(recordFields),
    changed: status.changed.map(differenceFields),
    reformatted: status.reformatted.map(differenceFields),
    renamed: status.renamed.map(differenceFields),
    late: status.late.map(migrationFields),
    totalFiles: status.totalFiles,
    isUpToDate: status.isUpToDate,
  };
}

/**
 * Makes the keys of an applied or failed migration.
 *
 * @param record The row of the history.
 * @returns Its fields, times as ISO 8601 UTC.
 */
export function recordFields(record: MigrationRecord): Fields {
  return {
    name: record.name,
    version: record.version,
    description: record.description,
    checksum: record.checksum,
    depends: record.depends,
    appliedAt: record.appliedAt?.toISOString() ?? null,
    durationMs: record.durationMs,
    appliedBy: record.appliedBy,
    error: record.error,
    partial: record.partial,
    unitsDone: record.unitsDone,
    unitState: record.unitState,
  };
}

/**
 * Makes the keys of a migration file.
 *
 * @param migration The migration.
 * @returns What identifies it, without its SQL.
 */
function migrationFields(migration: Migration): Fields {
  return {
    name: migration.name,
    version: migration.version,
    description: migration.description,
    checksum: migration.checksum,
    depends: migration.dependencies,
    transaction: migration.transaction,
    hasRollback: migration.rollback !== undefined,
    path: migration.path,
  };
}

function differenceFields({ record, migration }: Difference): Fields {
  return {
    name: record.name,
    newName: migration.name,
    path: migration.path,
    oldChecksum: record.checksum,
    newChecksum: migration.checksum,
  };
}

/**
 * Makes the keys that `plan` adds.
 *
 * @param plan The plan.
 * @returns `steps`, with secrets in their SQL masked, and `warnings`.
 */
export function planFields(plan: Plan): Fields {
  return {
    steps: plan.steps.map((step) => ({
      name: step.name,
      direction: step.direction,
      version: step.version,
      transaction: step.transaction,
      late: step.late,
      path: step.path,
      checksum: step.checksum,
      sql: maskSecrets(step.sql),
      unitsDone: step.unitsDone,
      unitState: step.unitState,
    })),
    warnings: plan.warnings.map(problemFields),
  };
}
