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
import type { Plan, PlanRequest } from "../core/plan.ts";
import type { Problem } from "../core/problem.ts";
import type { MigrationRecord } from "../core/record.ts";
import { findRefusedStatements } from "../core/refused_statements.ts";
import { splitStatements } from "../core/statements.ts";
import type { MigrationStatus } from "../core/status.ts";
import { baseline, type BaselinePlan, planBaseline } from "./baseline.ts";
import type { Context, Folder } from "./context.ts";
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
import { planRepair, repair, type RepairPlan, type RepairRequest } from "./repair.ts";
import type { LockHolder } from "../core/lock_holder.ts";
import { carryOut, planOnly, type RunResult } from "./run.ts";

const LOCK_WAIT_MS = 300_000;
const LOCK_RETRIES = 10;
const LEASE_MS = 30_000;

export type { ApplyOptions, CallOptions, RollbackOptions, RunnerOptions };

/** Runs the migrations of one database. */
export class MigrationRunner implements AsyncDisposable {
  /** Name of the database. */
  readonly dbName: string;
  /** Folder of its migrations. */
  readonly migrationsDir: string;
  readonly #options: RunnerOptions;
  readonly #table: HistoryTable;
  #database: Database | undefined;

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
      if (value !== undefined && (Number.isNaN(value) || value < 0)) {
        throw new MigrationError("CONFIG", `Invalid ${key} "${value}"`, { hint: "Use 0 or more" });
      }
    }
    for (const sql of options.session ?? []) {
      const [finding] = findRefusedStatements(splitStatements({ sql, start: 0 }), "single");
      if (finding === undefined) continue;
      throw new MigrationError("CONFIG", `Invalid session statement "${maskSecrets(sql)}": ${finding.message}`, {
        hint: "It runs inside the transaction of every migration",
      });
    }
  }

  /**
   * Compares files with the database.
   *
   * @param options Signal and events.
   * @returns How they stand to each other.
   * @throws A {@linkcode MigrationError} with code `CONFIG`, `CONNECTION_FAILED`, `FILES_INVALID`, `HISTORY_FOREIGN` or
   * `HISTORY_NEWER`.
   */
  async getStatus(options: CallOptions = {}): Promise<MigrationStatus> {
    return await readStatus(this.#context(options));
  }

  /**
   * Reads what is applied.
   *
   * @param options Signal and events.
   * @returns The records, in order of application.
   * @throws A {@linkcode MigrationError} with code `CONFIG`, `CONNECTION_FAILED`, `HISTORY_FOREIGN` or `HISTORY_NEWER`.
   */
  async getAppliedMigrations(options: CallOptions = {}): Promise<MigrationRecord[]> {
    return await readApplied(this.#context(options));
  }

  /**
   * Applies pending migrations.
   *
   * @param options The last one to apply, or how many.
   * @returns The names applied, in order.
   * @throws A {@linkcode MigrationError}; for an SQL failure a `SqlError`. Its `applied` names what was applied before.
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
   * @param options Whether to roll back what depends on it first.
   * @returns The names rolled back, in order.
   * @throws A {@linkcode MigrationError} with code `UNKNOWN_MIGRATION`, `NOT_APPLIED`, `NO_ROLLBACK`, `DEPENDENTS` and
   * others.
   */
  async rollbackMigration(name: string, options: RollbackOptions = {}): Promise<string[]> {
    const dependents = options.cascade === true ? "cascade" : "refuse";
    return namesOf(await this.run({ type: "down", name, dependents }, options));
  }

  /**
   * Makes the plan for a request, and writes nothing.
   *
   * @param request What is asked.
   * @param options Signal and events.
   * @returns What would run, in order.
   * @throws A {@linkcode MigrationError} with the code of what stands in the way.
   */
  async plan(request: PlanRequest, options: CallOptions = {}): Promise<Plan> {
    return await planOnly(this.#context(options), request);
  }

  /**
   * Carries out a request.
   *
   * @param request What is asked.
   * @param options The plan that was agreed to; the run is refused if the one made under the lock differs.
   * @returns What was done, and warnings.
   * @throws A {@linkcode MigrationError}; with code `PLAN_CHANGED` if the plan differs.
   */
  async run(request: PlanRequest, options: CallOptions & { readonly expected?: Plan } = {}): Promise<RunResult> {
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
   * @returns All findings.
   * @throws A {@linkcode MigrationError} with code `CONFIG` if there is no folder.
   */
  async validate(): Promise<readonly Problem[]> {
    return await validateFiles(this.#folder);
  }

  /**
   * Finds what is wrong with the files and with how they stand to the database.
   *
   * @param options Signal and events.
   * @returns All findings.
   */
  async check(options: CallOptions = {}): Promise<readonly Problem[]> {
    return await checkDatabase(this.#context(options));
  }

  /**
   * Reads the log of everything that ever changed the history.
   *
   * @param options Signal and events.
   * @returns The entries, oldest first.
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
   * @returns The names.
   */
  async planBaseline(to: string, options: CallOptions = {}): Promise<BaselinePlan> {
    return await planBaseline(this.#context(options), to);
  }

  /**
   * Records migrations as applied without running them.
   *
   * @param to The last one to record; those before it are recorded, too.
   * @param options The plan that was agreed to.
   * @returns The names recorded.
   * @throws A {@linkcode MigrationError} with code `UNKNOWN_MIGRATION`, or `PLAN_CHANGED` if anything is applied.
   */
  async baseline(
    to: string,
    options: CallOptions & { readonly expected?: BaselinePlan } = {},
  ): Promise<readonly string[]> {
    return await baseline(this.#context(options), to, options.expected);
  }

  /**
   * Finds what {@linkcode MigrationRunner.repair} would change, and writes nothing.
   *
   * @param request What to repair beside edited and renamed files.
   * @param options Signal and events.
   * @returns The changes.
   */
  async planRepair(request: RepairRequest = {}, options: CallOptions = {}): Promise<RepairPlan> {
    return await planRepair(this.#context(options), request);
  }

  /**
   * Brings the history in line with the files, without running anything.
   *
   * @param request What to repair beside edited and renamed files.
   * @param options The plan that was agreed to.
   * @returns What was changed.
   * @throws A {@linkcode MigrationError} with code `UNKNOWN_MIGRATION`, `USAGE` or `PLAN_CHANGED`.
   */
  async repair(
    request: RepairRequest = {},
    options: CallOptions & { readonly expected?: RepairPlan } = {},
  ): Promise<RepairPlan> {
    return await repair(this.#context(options), request, options.expected);
  }

  /**
   * Asks who holds the lock.
   *
   * @param options Signal and events.
   * @returns The key and the holder.
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
   * @returns Whether it was ended.
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

  /** Closes what this runner opened itself: an embedded database. */
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
    const options = this.#options;
    this.#database ??= typeof options.database === "function" ? options.database() : options.database;
    const signals = [options.signal, call.signal].filter((signal) => signal !== undefined);
    return {
      ...this.#folder,
      dbName: this.dbName,
      database: this.#database,
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
