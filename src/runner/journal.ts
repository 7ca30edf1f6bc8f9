/**
 * The progress of a `Transaction: none` migration in its row of the history.
 *
 * @module
 */

import { quoteLiteral } from "../core/quote.ts";
import type { Step } from "../core/plan.ts";
import type { MigrationRecord, UnitState } from "../core/record.ts";
import { takesLocalRole } from "../core/session_statements.ts";
import type { SqlError } from "../core/sql_error.ts";
import type { Unit } from "../core/unit.ts";
import { guards, type Run } from "./context.ts";
import { sendTransaction, titleOf } from "./execute.ts";
import { logSql, progressSql, recordSql } from "./history.ts";
import { failureDetails, recordFailure } from "./record_failure.ts";
import type { UnitTrace } from "./resume.ts";
import { rowBefore, settledSql } from "./settled.ts";
import { type Message, transactionMessage } from "./transaction.ts";

/** Keeps in mind who the session is. */
const REMEMBER_USER = "SELECT pg_catalog.set_config('metapg.session_user', session_user::pg_catalog.text, true), " +
  "pg_catalog.set_config('metapg.role', pg_catalog.current_setting('role'), true);";

const RESET_USER = ["RESET SESSION AUTHORIZATION;", "RESET ROLE;"];

/** Puts the roles that a unit may have set aside, so that the history is written by the user that connected. */
const AS_LOGIN_USER = [REMEMBER_USER, ...RESET_USER];

/** Takes these roles again, where they are others. */
const AS_MIGRATION_USER = [
  "SELECT CASE WHEN pg_catalog.current_setting('metapg.session_user') <> session_user::pg_catalog.text THEN " +
  "pg_catalog.set_config('session_authorization', pg_catalog.current_setting('metapg.session_user'), false) END;",
  "SELECT CASE WHEN pg_catalog.current_setting('metapg.role') <> pg_catalog.current_setting('role') THEN " +
  "pg_catalog.set_config('role', pg_catalog.current_setting('metapg.role'), false) END;",
];

/** The lowest transaction that nothing that ended can have been; whatever begins has it or a newer one. */
const NEXT_TRANSACTION_SQL = "SELECT pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot())::pg_catalog.xid";

/** What the history says of a unit that was cancelled. */
const CANCELLED = "Cancelled";

/** How far a migration is. */
interface Progress {
  /** Units finished. */
  readonly unitsDone: number;
  /** How the next one stands. */
  readonly unitState?: UnitState;
  /** What failed. */
  readonly error?: string;
}

/** What the log says of a unit that failed. */
interface FailedUnit {
  readonly direction?: string;
  readonly unit?: number;
  readonly leftovers?: readonly string[];
}

/** The journal of one step. Nothing is written before its first unit begins. */
export class Journal {
  readonly #run: Run;
  readonly #step: Step;
  readonly #record: MigrationRecord | undefined;
  #opened: boolean;
  #unitsDone: number;
  #since: string | undefined;
  #begun = 0;
  #isTextStored: boolean;

  /**
   * @param run The run.
   * @param step The step.
   * @param record Its row of the history, if there is one.
   */
  constructor(run: Run, step: Step, record: MigrationRecord | undefined) {
    this.#run = run;
    this.#step = step;
    this.#record = record;
    this.#opened = record?.partial === step.direction;
    this.#unitsDone = this.#opened ? record?.unitsDone ?? 0 : 0;
    this.#isTextStored = step.direction === "down" || (this.#opened && record?.checksum === step.migration.checksum);
  }

  /** Units finished. */
  get unitsDone(): number {
    return this.#unitsDone;
  }

  /** Whether anything of the migration was begun. */
  get isOpen(): boolean {
    return this.#opened;
  }

  /** Whether this run wrote that a unit begins: only then it can have left anything. */
  hasBegun(unit: Unit): boolean {
    return this.#begun === unit.number;
  }

  /** A transaction that is not newer than what the last unit that was sent alone did. */
  get since(): string | undefined {
    return this.#since;
  }

  /**
   * A unit that commits together with its entry.
   *
   * @param unit The unit.
   * @param settings Statements that it runs under, where nothing set before holds.
   */
  unitMessage(unit: Unit, settings: readonly string[]): Message {
    const records = this.#progressSql({ unitsDone: unit.number });
    const { scope, resetSql } = this.#run.session;
    const title = `${titleOf(this.#step)}, unit ${unit.number}`;
    return transactionMessage(
      scope === "transaction"
        ? { title, before: [...this.#guards(), ...settings], section: unit.section, resetSql, records }
        : {
          title,
          before: [...AS_LOGIN_USER, ...this.#guards(), ...AS_MIGRATION_USER],
          section: unit.section,
          // A role that ends with the transaction gives way to the one before it.
          resetSql: (takesLocalRole(unit) ? RESET_USER : AS_LOGIN_USER).join("\n"),
          records: [records, ...AS_MIGRATION_USER].join("\n"),
        },
    );
  }

  /** Writes that a unit begins whose end only the journal will tell. */
  async begin(unit: Unit): Promise<void> {
    const started = this.#progressSql({ unitsDone: unit.number - 1, unitState: "started" });
    this.#since = await this.#send(started, NEXT_TRANSACTION_SQL);
    this.#opened = true;
    this.#isTextStored = true;
    this.#begun = unit.number;
  }

  /**
   * Reads what the last try of the next unit left, before roles are taken that may not read the history.
   *
   * @returns How that unit stands.
   */
  async recall(): Promise<UnitTrace> {
    const { context: { table }, session } = this.#run;
    const name = quoteLiteral(this.#step.name);
    const [row] = await session.query(`SELECT h.xmin::pg_catalog.text AS since,
  (SELECT l.details FROM ${table.logSql} l
    WHERE l.name = ${name} AND l.action = 'failed' ORDER BY l.id DESC LIMIT 1)::pg_catalog.text AS details
FROM ${table.sql} h WHERE h.name = ${name}`);
    this.#since = typeof row?.since === "string" ? row.since : undefined;
    const failed = typeof row?.details === "string" ? JSON.parse(row.details) as FailedUnit : {};
    const isSame = failed.direction === this.#step.direction && failed.unit === this.#unitsDone + 1;
    const leftovers = isSame ? failed.leftovers ?? [] : [];
    return { state: this.#record?.unitState ?? "fresh", leftovers, since: this.#since };
  }

  /** Notes that a unit is done; of one that ran alone it is written down first. */
  async end(unit: Unit): Promise<void> {
    if (unit.mode === "alone") await this.#send(this.#progressSql({ unitsDone: unit.number }));
    this.#opened = true;
    this.#isTextStored = true;
    this.#unitsDone = unit.number;
  }

  /**
   * Writes that a unit failed. Of one that an earlier run began and that failed before it was sent again, the end stays
   * unknown.
   *
   * @param unit The unit.
   * @param failure Why.
   * @param leftovers Indexes that it left.
   */
  async fail(unit: Unit, failure: SqlError, leftovers: readonly string[]): Promise<void> {
    if (!this.#opened) {
      const { session } = this.#run;
      if (session.scope === "session") await session.finish(session.resetSql).catch(() => undefined);
      return await recordFailure(this.#run, this.#step, failure);
    }
    await this.#sendLast([
      ...(this.#isEndUnknown(unit) ? [] : [this.#failedSql(unit, failure.message)]),
      logSql(this.#run.context.table, {
        runId: this.#run.runId,
        action: "failed",
        name: this.#step.name,
        checksum: this.#step.migration.checksum,
        error: failure.message,
        details: { ...failureDetails(failure), unit: unit.number, leftovers },
      }),
    ].join("\n"));
  }

  /** Writes that the server cancelled a unit, so that its end is known. */
  async cancelled(unit: Unit, leftovers: readonly string[]): Promise<void> {
    const { migration, name, direction } = this.#step;
    await this.#sendLast([
      this.#failedSql(unit, CANCELLED),
      logSql(this.#run.context.table, {
        runId: this.#run.runId,
        action: "failed",
        name,
        checksum: migration.checksum,
        error: CANCELLED,
        details: { direction, unit: unit.number, leftovers },
      }),
    ].join("\n"));
  }

  #isEndUnknown(unit: Unit): boolean {
    const isNext = this.#record?.partial === this.#step.direction && unit.number === (this.#record.unitsDone ?? 0) + 1;
    return isNext && this.#record?.unitState === "started" && !this.hasBegun(unit);
  }

  #failedSql(unit: Unit, error: string): string {
    return this.#progressSql({ unitsDone: unit.number - 1, unitState: "failed", error });
  }

  /** Writes that all of it is done. */
  async finish(durationMs: number): Promise<void> {
    await this.#sendLast(settledSql(this.#run, this.#step, durationMs));
  }

  #progressSql(progress: Progress): string {
    const { table } = this.#run.context;
    const { direction, migration, name } = this.#step;
    const record = this.#isTextStored
      ? progressSql(table, name, { partial: direction, ...progress })
      : recordSql(table, migration, { applied: "no", partial: direction, ...progress });
    return `${record}\n${this.#run.lock.renewSql}`;
  }

  #guards(): string[] {
    const expected = this.#opened ? { type: "partial", unitsDone: this.#unitsDone } as const : rowBefore(this.#step);
    return guards(this.#run, this.#step.name, expected);
  }

  async #send(records: string, answer?: string): Promise<string> {
    const message = transactionMessage(
      this.#run.session.scope === "transaction" ? { before: this.#guards(), records, answer } : {
        before: [...AS_LOGIN_USER, ...this.#guards()],
        records: [records, ...AS_MIGRATION_USER].join("\n"),
        answer,
      },
    );
    return await sendTransaction(this.#run, message, "finish");
  }

  /** No unit comes after this: what they set in the session, as the name of the application, stays out of the log. */
  async #sendLast(records: string): Promise<void> {
    const { scope, resetSql } = this.#run.session;
    if (scope === "transaction") return void await this.#send(records);
    const message = transactionMessage({ before: [...AS_LOGIN_USER, ...this.#guards()], resetSql, records });
    await sendTransaction(this.#run, message, "finish");
  }
}
