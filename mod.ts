/**
 * Raw-SQL migrations for PostgreSQL with dependency tracking, rollback in the same file, checksums and several named
 * databases.
 *
 * @example Apply what is pending
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { memoryReader, MigrationRunner } from "@metapg/migration";
 *
 * await using runner = new MigrationRunner({
 *   database: "pglite:", // or postgres://…, or nothing: then it is DATABASE_URL
 *   reader: memoryReader({ // or nothing: then it is the folder migrations/default
 *     "migrations/default/001_users.sql": "CREATE TABLE users (id int);\n-- ROLLBACK\nDROP TABLE users;\n",
 *   }),
 * });
 * assertEquals(await runner.applyPending(), ["001_users"]);
 * assertEquals((await runner.getStatus()).isUpToDate, true);
 * assertEquals(await runner.rollbackMigration("001_users"), ["001_users"]);
 * ```
 *
 * @module
 */

import type { Database } from "./src/core/database.ts";
import { MigrationError } from "./src/core/error.ts";
import { Migration as CoreMigration } from "./src/core/migration.ts";
import type { FileReader } from "./src/core/reader.ts";
import { openDatabase } from "./src/database/open.ts";
import type { Problem } from "./src/core/problem.ts";
import type { ShadowSource } from "./src/core/shadow.ts";
import { variableOf } from "./src/core/name.ts";
import type { Drift } from "./src/rehearsal/drift.ts";
import type { Rehearsal } from "./src/rehearsal/rehearsal.ts";
import type { RehearsalScope } from "./src/rehearsal/rehearse_folder.ts";
import {
  type CallOptions,
  MigrationRunner as CoreRunner,
  type RunnerOptions as CoreOptions,
} from "./src/runner/runner.ts";
import { mayReadEnvironment, readEnvironment } from "./src/runtime/environment.ts";
import { diskReader } from "./src/runtime/file_reader.ts";
import { databasePlatform } from "./src/runtime/platform.ts";
import type { Trace } from "./src/trace/trace.ts";

export type { Access, Capabilities, Connection, ConnectOptions, Database, Notice, Row } from "./src/core/database.ts";
export { DatabaseError, type DatabaseErrorKind, type ServerErrorFields } from "./src/core/database_error.ts";
export { type ErrorCode, MigrationError, type MigrationErrorOptions } from "./src/core/error.ts";
export type {
  Direction,
  Done,
  EventBase,
  EventBody,
  EventSink,
  LeaseTerm,
  LockHolder,
  MigrationEvent,
} from "./src/core/event.ts";
export type { MigrationClass, Section, TransactionMode } from "./src/core/migration.ts";
export type { MigrationFields } from "./src/core/migration_fields.ts";
export type { Plan, PlanRequest, Step } from "./src/core/plan.ts";
export { formatProblem, type Problem, type ProblemCode, type Severity } from "./src/core/problem.ts";
export { type FileReader, memoryReader, type Sha256 } from "./src/core/reader.ts";
export { MigrationRecord, type MigrationRecordFields, type PartialSection, type UnitState } from "./src/core/record.ts";
export { type ExcerptLine, type FailurePoint, SqlError, type SqlErrorPlace } from "./src/core/sql_error.ts";
export { type Difference, MigrationStatus, type MigrationStatusFields } from "./src/core/status.ts";
export type { Durations, Verdict } from "./src/core/verdict.ts";
export type { DataLoss, LossAction } from "./src/rehearsal/data_loss.ts";
export type { Drift } from "./src/rehearsal/drift.ts";
export type { PartWay } from "./src/rehearsal/part_way.ts";
export type { Obstacle, Rehearsal, Rehearsed } from "./src/rehearsal/rehearsal.ts";
export type { RehearsalScope } from "./src/rehearsal/rehearse_folder.ts";
export type { AttributeDifference, SchemaDifference } from "./src/schema/compare_schemas.ts";
export type { SchemaKind, ServerKind } from "./src/schema/schema.ts";
export type { BaselinePlan } from "./src/runner/baseline.ts";
export type { LogEntry } from "./src/runner/history.ts";
export type { LogAction } from "./src/runner/history_sql.ts";
export type { LockStatus, ServerInfo, StoredMigration } from "./src/runner/inspect.ts";
export type { RepairAction, RepairPlan, RepairRequest, UnitName } from "./src/runner/repair.ts";
export type { ApplyOptions, CallOptions, RollbackOptions } from "./src/runner/runner.ts";
export type { RunResult } from "./src/runner/run.ts";
export type {
  Blocked,
  CurrentHolder,
  Danger,
  LiveObject,
  LockMode,
  MigrationTrace,
  ObjectKind,
  StatementTrace,
  Trace,
  TracedDuration,
  TracedLock,
  TracedRowLock,
  TracedWork,
  TraceSource,
  WorstStatement,
} from "./src/trace/trace.ts";
export type { CoreMigration, CoreOptions, CoreRunner };

/**
 * A migration file, read and checked.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Migration } from "@metapg/migration";
 *
 * const migration = await Migration.parse("002_add_users.sql", "-- Depends: 001_roles\nCREATE TABLE users (id int);\n");
 * assertEquals(migration.version, 2);
 * assertEquals(migration.dependencies, ["001_roles"]);
 * ```
 */
export class Migration extends CoreMigration {
  /** Every migration is one, whichever entry point made it. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof CoreMigration;
  }

  /**
   * Reads a migration from a file.
   *
   * @param path The file.
   * @param options Where to read it; the file system without a reader.
   * @returns The migration.
   * @throws A {@linkcode MigrationError} with code `FILES_INVALID` and all problems of the file, also if it cannot be read.
   */
  static override fromFile<T extends CoreMigration>(
    this: new (fields: ConstructorParameters<typeof CoreMigration>[0]) => T,
    path: string,
    options: { readonly reader?: FileReader } = {},
  ): Promise<T> {
    return CoreMigration.fromFile.call(this, path, { reader: options.reader ?? diskReader() }) as Promise<T>;
  }
}

/** How a {@linkcode MigrationRunner} works; all of it can be left out. Times are in milliseconds. */
export interface RunnerOptions extends Omit<CoreOptions, "database" | "reader"> {
  /**
   * Where migrations run: a URL (`postgres://…`, `pglite:`, `pglite:./folder`) or an adapter.
   *
   * @default {"the environment variable DATABASE_URL, for another name than default DATABASE_URL_NAME"}
   */
  readonly database?: string | Database;
  /**
   * Where files come from.
   *
   * @default {"the file system"}
   */
  readonly reader?: FileReader;
  /**
   * Name of the session on the server, where a URL does not give one.
   *
   * @default {"metapg-migration"}
   */
  readonly applicationName?: string;
}

/** Where migrations are rehearsed. */
export interface ShadowOptions extends CallOptions {
  /**
   * A server to make a database on, which is dropped in the end; its user needs CREATEDB.
   *
   * @default {"an embedded database, for which PGlite has to be installed"}
   */
  readonly shadowUrl?: string;
}

/** What to rehearse, and where. */
export interface RehearseOptions extends ShadowOptions {
  /**
   * `all` migrations of the folder, or those that are `pending`: then the database is asked what it has; it is only read.
   *
   * @default {"all"}
   */
  readonly scope?: RehearsalScope;
}

/** What to trace, and where. */
export interface TraceOptions extends ShadowOptions {
  /**
   * Names of migrations; those before them are only run.
   *
   * @default {"all files"}
   */
  readonly names?: readonly string[];
}

/**
 * Runs the migrations of one database: those in `migrations/NAME`, on the database that `DATABASE_URL_NAME` names, unless it is
 * told otherwise. For the name `default` the variable is `DATABASE_URL`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { memoryReader, MigrationRunner } from "@metapg/migration";
 *
 * await using runner = new MigrationRunner({
 *   dbName: "main",
 *   database: "pglite:",
 *   reader: memoryReader({ "migrations/main/001_users.sql": "CREATE TABLE users (id int);" }),
 * });
 * assertEquals(await runner.applyPending({ target: "001_users" }), ["001_users"]);
 * ```
 */
export class MigrationRunner extends CoreRunner {
  readonly #given: RunnerOptions;

  /**
   * Makes a runner; nothing is opened before the first call.
   *
   * @param options How it works; a text is the name of the database, as in `new MigrationRunner("analytics")`.
   * @throws A {@linkcode MigrationError} with code `CONFIG` for an invalid option.
   */
  constructor(options: string | RunnerOptions = {}) {
    const given = typeof options === "string" ? { dbName: options } : options;
    super({
      ...given,
      database: () => open(given),
      reader: given.reader ?? diskReader(),
    });
    this.#given = given;
  }

  /**
   * Tries migrations out on a database that is made for it: applies each, rolls it back, compares the schemas, and applies it
   * again.
   *
   * @param options Which migrations, and where.
   * @returns What was found out of each.
   * @throws A {@linkcode MigrationError} with code `CONFIG`, `FILES_INVALID` or `CONNECTION_FAILED`; what the server refuses
   * of a migration is part of the result.
   *
   * @example
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { memoryReader, MigrationRunner } from "@metapg/migration";
   *
   * const runner = new MigrationRunner({
   *   reader: memoryReader({
   *     "migrations/default/001_users.sql": "CREATE TABLE users (id int);\n-- ROLLBACK\nDROP TABLE users;\n",
   *     "migrations/default/002_index.sql": "CREATE INDEX ON users (id);\n-- ROLLBACK\n",
   *   }),
   * });
   * const { ok, migrations } = await runner.rehearse();
   * assertEquals(ok, false);
   * assertEquals(migrations.map(({ verdict }) => verdict), ["reversible", "rollback-differs"]);
   * ```
   */
  async rehearse({ shadowUrl, scope = "all", ...call }: RehearseOptions = {}): Promise<Rehearsal> {
    const { rehearseFolder } = await import("./src/rehearsal/rehearse_folder.ts");
    return await rehearseFolder(this, { shadows: await openShadows(shadowUrl, this.#given), scope, ...call });
  }

  /**
   * Compares what the database holds with what the migrations in its history make of an empty one. The database is only
   * read, files are not.
   *
   * @param options Where to rehearse.
   * @returns What differs.
   * @throws A {@linkcode MigrationError} with code `CONFIG` if what is applied cannot be rehearsed, `CONNECTION_FAILED`,
   * `HISTORY_FOREIGN` or `HISTORY_NEWER`.
   */
  async drift({ shadowUrl, ...call }: ShadowOptions = {}): Promise<Drift> {
    const { findDrift } = await import("./src/rehearsal/drift.ts");
    return await findDrift(this, { shadows: await openShadows(shadowUrl, this.#given), ...call });
  }

  /**
   * Finds out what each statement of the files locks, and what that keeps waiting, on a database that is made for it.
   *
   * @param options What to trace, and where.
   * @returns What they lock, and which statement hurts most.
   * @throws A {@linkcode MigrationError} with code `CONFIG`, `FILES_INVALID`, `UNKNOWN_MIGRATION` or `SQL_FAILED`.
   *
   * @example
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { memoryReader, MigrationRunner } from "@metapg/migration";
   *
   * const runner = new MigrationRunner({
   *   reader: memoryReader({
   *     "migrations/default/001_users.sql": "CREATE TABLE users (id int);",
   *     "migrations/default/002_id.sql": "ALTER TABLE users ALTER id TYPE bigint;",
   *   }),
   * });
   * const { worst } = await runner.trace();
   * assertEquals([worst?.name, worst?.lock.object, worst?.lock.mode], ["002_id", "public.users", "ACCESS EXCLUSIVE"]);
   * assertEquals(worst?.statement.work, [{ type: "rewrite", table: "public.users", indexes: [] }]);
   * ```
   */
  async trace({ names = [], shadowUrl, signal }: TraceOptions = {}): Promise<Trace> {
    const [pending, { traceAll }, { traceSteps }] = await Promise.all([
      this.migrations(),
      import("./src/trace/trace_all.ts"),
      import("./src/trace/trace_steps.ts"),
    ]);
    const steps = traceSteps({ applied: [], pending, names });
    const { failure, ...trace } = await traceAll({ shadows: await openShadows(shadowUrl, this.#given), steps, signal });
    if (failure !== undefined) throw failure;
    return trace;
  }
}

async function openShadows(url: string | undefined, given: RunnerOptions): Promise<ShadowSource> {
  const { openShadows } = await import("./src/database/shadow.ts");
  return openShadows(url, {
    platform: databasePlatform(),
    ...(given.dbName === undefined ? {} : { dbName: given.dbName }),
    onWarning: (problem) => warn(given, problem),
  });
}

function warn({ dbName = "default", onEvent }: RunnerOptions, problem: Problem): void {
  onEvent?.({ type: "warning", problem, db: dbName, at: new Date().toISOString() });
}

function notADatabase(): MigrationError {
  return new MigrationError("CONFIG", "Cannot use the option database: it is neither a URL nor an adapter", {
    hint: "Wrap a client of your own: pgDatabase(pool), postgresDatabase(sql) or pgliteDatabase(pglite)",
  });
}

function noDatabase(dbName: string): MigrationError {
  const variable = variableOf(dbName);
  const readable = mayReadEnvironment(variable);
  const why = readable ? "is not set" : "may not be read";
  return new MigrationError("CONFIG", `Cannot connect to database "${dbName}": ${variable} ${why}`, {
    hint: `${readable ? `Set ${variable}` : `Run with --allow-env=${variable}`}, or pass the option database`,
  });
}

/** Opens what the options or the environment name. Every call asks anew, for a variable may be set later. */
function open(options: RunnerOptions): Database {
  const { database, dbName = "default", lockWaitMs, applicationName } = options;
  const target = database ?? readEnvironment(variableOf(dbName));
  if (target === undefined || target === "") throw noDatabase(dbName);
  if (typeof target !== "string" && typeof target.connect !== "function") throw notADatabase();
  return openDatabase(target, {
    platform: databasePlatform(),
    dbName,
    ...(lockWaitMs === undefined ? {} : { lockWaitMs }),
    ...(applicationName === undefined ? {} : { applicationName }),
    onWarning: (problem) => warn(options, problem),
  });
}
