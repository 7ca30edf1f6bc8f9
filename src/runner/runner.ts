/**
 * Runs the migrations of one database: the facade of this folder.
 *
 * @module
 */

import type { Database } from "../core/database.ts";
import { MigrationError } from "../core/error.ts";
import type { Migration } from "../core/migration.ts";
import { maskSecrets } from "../core/mask.ts";
import { checkDatabaseName, invalidDatabaseName } from "../core/name.ts";
import { checkRequest, type Plan, type PlanRequest } from "../core/plan.ts";
import type { Problem } from "../core/problem.ts";
import type { MigrationRecord } from "../core/record.ts";
import { findRefusedStatements } from "../core/refused_statements.ts";
import { splitStatements } from "../core/statements.ts";
import type { MigrationStatus } from "../core/status.ts";
import type { BaselinePlan } from "./baseline.ts";
import type { Context, Folder, Terms } from "./context.ts";
import { emitter } from "./emit.ts";
import type { LogEntry } from "./history.ts";
import { type HistoryTable, parseHistoryTable } from "./history_table.ts";
import {
  breakLock,
  checkDatabase,
  type LockStatus,
  pingServer,
  readApplied,
  readHistoryLog,
  readLock,
  readOrder,
  readStatus,
  readStored,
  type ServerInfo,
  type StoredMigration,
  validateFiles,
} from "./inspect.ts";
import type { ApplyOptions, CallOptions, RollbackOptions, RunnerOptions } from "./runner_options.ts";
import type { RepairPlan, RepairRequest } from "./repair.ts";
import type { LockHolder } from "../core/lock_holder.ts";
import { carryOut, planOnly, type RunResult } from "./run.ts";

const LOCK_WAIT_MS = 300_000;
const LOCK_RETRIES = 10;
const LEASE_MS = 30_000;

export type { ApplyOptions, CallOptions, RollbackOptions, RunnerOptions };

/** What a runner works with, for what else is done with its files and its database. */
export interface RunnerAccess {
  /** The folder, and how its migrations are run; no database is opened. */
  terms(runner: MigrationRunner, call: CallOptions): Terms;
  /** The same with the database. */
  context(runner: MigrationRunner, call: CallOptions): Context;
}

let access: RunnerAccess;

/**
 * Gives what a runner works with.
 *
 * @returns The access.
 */
export function runnerAccess(): RunnerAccess {
  return access;
}

/**
 * Runs the migrations of one database, which it is given together with a reader of files. The one that the main entry point
 * exports is derived from it and finds both by itself.
 *
 * Every call connects, does its work and disconnects; several calls at once are as safe as several processes.
 */
export class MigrationRunner implements AsyncDisposable {
  /** Name of the database. */
  readonly dbName: string;
  /** Folder of its migrations, as it was given. */
  readonly migrationsDir: string;
  readonly #options: RunnerOptions;
  readonly #table: HistoryTable;
  #database: Database | undefined;

  static {
    access = {
      terms: (runner, call) => runner.#terms(call),
      context: (runner, call) => runner.#context(call),
    };
  }

  /**
   * Makes a runner; nothing is opened before the first call.
   *
   * @param options How it works.
   * @throws A {@linkcode MigrationError} with code `CONFIG` for an invalid name, table, count or time.
   */
  constructor(options: RunnerOptions) {
    this.dbName = options.dbName ?? "default";
    if (!checkDatabaseName(this.dbName)) throw invalidDatabaseName(this.dbName);
    this.migrationsDir = options.migrationsDir ?? `migrations/${this.dbName}`;
    this.#options = options;
    this.#table = parseHistoryTable(options.table);
    for (const key of ["lockWaitMs", "lockTimeoutMs", "lockRetries", "statementTimeoutMs", "leaseMs"] as const) {
      const value = options[key];
      // Written without types it may be a text, and what is not a number would be SQL.
      if (value !== undefined && !(typeof value === "number" && value >= 0)) {
        throw new MigrationError("CONFIG", `Invalid ${key} "${value}"`, { hint: "Use a number of 0 or more" });
      }
    }
    if (![undefined, "session", "lease"].includes(options.lock)) {
      throw new MigrationError("CONFIG", `Invalid lock "${options.lock}"`, { hint: 'Use "session" or "lease"' });
    }
    const session = options.session ?? [];
    if (!Array.isArray(session)) {
      throw new MigrationError("CONFIG", "Invalid session: it is no array", { hint: 'Write it as ["SET …"]' });
    }
    for (const sql of session) {
      const [finding] = findRefusedStatements(splitStatements({ sql, start: 0 }), "single");
      if (finding === undefined) continue;
      throw new MigrationError("CONFIG", `Invalid session statement "${maskSecrets(sql)}": ${finding.message}`, {
        hint: "It runs inside the transaction of every migration",
      });
    }
  }

  /**
   * Compares files with the database, and writes nothing: not even the history table, if there is none yet.
   *
   * @param options Signal and events.
   * @returns What is applied, pending, failed, changed and so on.
   * @throws A {@linkcode MigrationError} with code `CONFIG`, `CONNECTION_FAILED`, `FILES_INVALID`, `HISTORY_FOREIGN` or
   * `HISTORY_NEWER`.
   */
  async getStatus(options: CallOptions = {}): Promise<MigrationStatus> {
    return await readStatus(this.#context(options));
  }

  /**
   * Reads what is applied, without a look at the files.
   *
   * @param options Signal and events.
   * @returns The records, in order of application.
   * @throws A {@linkcode MigrationError} with code `CONFIG`, `CONNECTION_FAILED`, `HISTORY_FOREIGN` or `HISTORY_NEWER`.
   */
  async getAppliedMigrations(options: CallOptions = {}): Promise<MigrationRecord[]> {
    return await readApplied(this.#context(options));
  }

  /**
   * Applies pending migrations, in the order that versions and dependencies give, under the lock. What is applied when one
   * fails stays applied.
   *
   * @param options The last one to apply, or how many; without either all.
   * @returns The names applied, in order; none if nothing was pending.
   * @throws A {@linkcode MigrationError}; for an SQL failure a `SqlError`. Its `applied` names what was applied before.
   *
   * @example Watch a run
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { memoryReader, MigrationRunner } from "@metapg/migration";
   *
   * await using runner = new MigrationRunner({
   *   database: "pglite:",
   *   reader: memoryReader({
   *     "migrations/default/001_users.sql": "CREATE TABLE users (id int);",
   *     "migrations/default/002_posts.sql": "CREATE TABLE posts (id int);",
   *   }),
   * });
   * const finished: string[] = [];
   * await runner.applyPending({
   *   target: "002_posts",
   *   signal: AbortSignal.timeout(60_000),
   *   onEvent: (event) => event.type === "migration:done" && finished.push(event.name),
   * });
   * assertEquals(finished, ["001_users", "002_posts"]);
   * ```
   */
  async applyPending(options: ApplyOptions = {}): Promise<string[]> {
    const { target, count } = options;
    return namesOf(
      await this.run({
        type: "up",
        ...(target === undefined ? {} : { target }),
        ...(count === undefined ? {} : { count }),
      }, options),
    );
  }

  /**
   * Applies one migration. One that is applied and unchanged is left alone.
   *
   * @param migration The migration.
   * @param options Signal and events.
   * @returns Its name if it was applied, else nothing.
   * @throws A {@linkcode MigrationError} with code `DEPENDENCY_NOT_APPLIED`, `CHANGED`, `RENAMED` and others.
   */
  async applyMigration(migration: Migration, options: CallOptions = {}): Promise<string[]> {
    return namesOf(await this.run({ type: "apply", migration }, options));
  }

  /**
   * Rolls one migration back, with the SQL that was stored when it was applied.
   *
   * @param name Its name.
   * @param options Whether to roll back what depends on it first; without that it is refused then.
   * @returns The names rolled back, in order.
   * @throws A {@linkcode MigrationError} with code `UNKNOWN_MIGRATION`, `NOT_APPLIED`, `NO_ROLLBACK`, `DEPENDENTS` and
   * others.
   */
  async rollbackMigration(name: string, options: RollbackOptions = {}): Promise<string[]> {
    const dependents = options.cascade === true ? "cascade" : "refuse";
    return namesOf(await this.run({ type: "down", name, dependents }, options));
  }

  /**
   * Makes the plan for a request, as `up --dry-run` does, and writes nothing.
   *
   * @param request What is asked.
   * @param options Signal and events.
   * @returns What would run, in order.
   * @throws A {@linkcode MigrationError} with the code of what stands in the way.
   */
  async plan(request: PlanRequest, options: CallOptions = {}): Promise<Plan> {
    checkRequest(request);
    return await planOnly(this.#context(options), request);
  }

  /**
   * Carries out a request: whatever `applyPending()` and `rollbackMigration()` do and `down`, `redo` and `sync` besides.
   *
   * @param request What is asked.
   * @param options Signal and events, and the plan that was agreed to: the run is refused if the one made under the lock
   * differs.
   * @returns What was done, and warnings.
   * @throws A {@linkcode MigrationError}; with code `PLAN_CHANGED` if the plan differs.
   */
  async run(request: PlanRequest, options: CallOptions & { readonly expected?: Plan } = {}): Promise<RunResult> {
    checkRequest(request);
    return await carryOut(this.#context(options), request, options.expected);
  }

  /**
   * Reads the files in the order in which all of them would be applied. Never connects.
   *
   * @returns The migrations.
   * @throws A {@linkcode MigrationError} with code `CONFIG` or `FILES_INVALID`.
   */
  async migrations(): Promise<readonly Migration[]> {
    return await readOrder(this.#folder);
  }

  /**
   * Finds what is wrong with the files alone. Never connects.
   *
   * @returns All findings, errors and warnings, by file and line; none if all is well.
   * @throws A {@linkcode MigrationError} with code `CONFIG` if there is no folder.
   *
   * @example
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { formatProblem, memoryReader, MigrationRunner } from "@metapg/migration";
   *
   * const runner = new MigrationRunner({
   *   database: "postgres://me@localhost/app",
   *   reader: memoryReader({ "migrations/default/001_users.sql": "BEGIN;\nCREATE TABLE users (id int);\n" }),
   * });
   * assertEquals((await runner.validate()).map(formatProblem), [
   *   "migrations/default/001_users.sql:1:1: Cannot use BEGIN in a transactional migration",
   * ]);
   * ```
   */
  async validate(): Promise<readonly Problem[]> {
    return await validateFiles(this.#folder);
  }

  /**
   * Finds what is wrong with the files and with how they stand to the database, and writes nothing.
   *
   * @param options Signal and events.
   * @returns All findings, errors and warnings; with `strict` missing and late migrations are errors.
   * @throws A {@linkcode MigrationError} with code `CONFIG`, `CONNECTION_FAILED`, `HISTORY_FOREIGN` or `HISTORY_NEWER`.
   */
  async check(options: CallOptions = {}): Promise<readonly Problem[]> {
    return await checkDatabase(this.#context(options));
  }

  /**
   * Reads the log of everything that ever changed the history.
   *
   * @param options Signal and events.
   * @returns The entries, oldest first; none where nothing was ever run.
   * @throws A {@linkcode MigrationError} with code `CONFIG`, `CONNECTION_FAILED`, `HISTORY_FOREIGN` or `HISTORY_NEWER`.
   */
  async history(options: CallOptions = {}): Promise<readonly LogEntry[]> {
    return await readHistoryLog(this.#context(options));
  }

  /**
   * Reads a migration as it was applied, also when its file is gone.
   *
   * @param name Its name.
   * @param options Signal and events.
   * @returns Its record and its text.
   * @throws A {@linkcode MigrationError} with code `UNKNOWN_MIGRATION`.
   */
  async show(name: string, options: CallOptions = {}): Promise<StoredMigration> {
    return await readStored(this.#context(options), name);
  }

  /**
   * Finds what {@linkcode MigrationRunner.baseline} would record, and writes nothing.
   *
   * @param to The last one to record.
   * @param options Signal and events.
   * @returns The names, in order.
   * @throws A {@linkcode MigrationError} as {@linkcode MigrationRunner.baseline} does.
   */
  async planBaseline(to: string, options: CallOptions = {}): Promise<BaselinePlan> {
    const { planBaseline } = await import("./baseline.ts");
    return await planBaseline(this.#context(options), to);
  }

  /**
   * Records migrations as applied without running them, for a database that has them already.
   *
   * @param to The last one to record; those before it are recorded, too.
   * @param options Signal and events, and the plan that was agreed to.
   * @returns The names recorded.
   * @throws A {@linkcode MigrationError} with code `UNKNOWN_MIGRATION`, or `PLAN_CHANGED` if anything is applied.
   */
  async baseline(
    to: string,
    options: CallOptions & { readonly expected?: BaselinePlan } = {},
  ): Promise<readonly string[]> {
    const { baseline } = await import("./baseline.ts");
    return await baseline(this.#context(options), to, options.expected);
  }

  /**
   * Finds what {@linkcode MigrationRunner.repair} would change, and writes nothing.
   *
   * @param request What to repair beside edited and renamed files.
   * @param options Signal and events.
   * @returns The changes.
   * @throws A {@linkcode MigrationError} as {@linkcode MigrationRunner.repair} does.
   */
  async planRepair(request: RepairRequest = {}, options: CallOptions = {}): Promise<RepairPlan> {
    const { planRepair } = await import("./repair.ts");
    return await planRepair(this.#context(options), request);
  }

  /**
   * Takes the files as they are for what was applied, without running anything: edited ones get the checksums of now,
   * renamed ones the new name. The log keeps what was.
   *
   * @param request What to repair beside edited and renamed files.
   * @param options Signal and events, and the plan that was agreed to.
   * @returns What was changed.
   * @throws A {@linkcode MigrationError} with code `UNKNOWN_MIGRATION`, `USAGE` or `PLAN_CHANGED`.
   */
  async repair(
    request: RepairRequest = {},
    options: CallOptions & { readonly expected?: RepairPlan } = {},
  ): Promise<RepairPlan> {
    const { repair } = await import("./repair.ts");
    return await repair(this.#context(options), request, options.expected);
  }

  /**
   * Asks who holds the lock that keeps runs of this history apart.
   *
   * @param options Signal and events.
   * @returns The key and the holder.
   * @throws A {@linkcode MigrationError} with code `CONFIG` or `CONNECTION_FAILED`.
   */
  async lockStatus(options: CallOptions = {}): Promise<LockStatus> {
    return await readLock(this.#context(options));
  }

  /**
   * Ends the session that holds the lock, or takes the lease away from a run behind a pooler, which then stops before its
   * next commit.
   *
   * @param holder The holder as {@linkcode MigrationRunner.lockStatus} named it.
   * @param options Signal and events.
   * @returns Whether it was ended; `false` if it does not hold the lock any more.
   * @throws A {@linkcode MigrationError} with code `CONFIG` or `CONNECTION_FAILED`.
   */
  async releaseLock(holder: LockHolder, options: CallOptions = {}): Promise<boolean> {
    return await breakLock(this.#context(options), holder);
  }

  /**
   * Connects and asks the server what it is.
   *
   * @param options Signal and events.
   * @returns Version, user and database.
   * @throws A {@linkcode MigrationError} with code `CONNECTION_FAILED` or `CONFIG`.
   */
  async ping(options: CallOptions = {}): Promise<ServerInfo> {
    return await pingServer(this.#context(options));
  }

  /**
   * Closes what this runner opened itself: an embedded database. Nothing else is open between calls; a client that was
   * passed in is its owner's to close.
   */
  async close(): Promise<void> {
    await this.#database?.close();
    this.#database = undefined;
  }

  /** The same as {@linkcode MigrationRunner.close}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  get #folder(): Folder {
    return { directory: this.migrationsDir, reader: this.#options.reader };
  }

  #context(call: CallOptions): Context {
    const { database } = this.#options;
    this.#database ??= typeof database === "function" ? database() : database;
    return { ...this.#terms(call), database: this.#database };
  }

  #terms(call: CallOptions): Terms {
    const options = this.#options;
    const signals = [options.signal, call.signal].filter((signal) => signal !== undefined);
    return {
      ...this.#folder,
      dbName: this.dbName,
      table: this.#table,
      strictness: options.strict === true ? "strict" : "lenient",
      settings: {
        lockTimeoutMs: options.lockTimeoutMs,
        statementTimeoutMs: options.statementTimeoutMs,
        lockRetries: options.lockRetries ?? LOCK_RETRIES,
        lock: options.lock,
        leaseMs: options.leaseMs ?? LEASE_MS,
        lockWaitMs: options.lockWaitMs ?? LOCK_WAIT_MS,
        role: options.role,
        session: options.session ?? [],
      },
      emit: emitter(this.dbName, [options.onEvent, call.onEvent]),
      signal: signals.length > 1 ? AbortSignal.any(signals) : signals[0],
    };
  }
}

function namesOf(result: RunResult): string[] {
  return result.done.map((done) => done.name);
}
