/**
 * The progress of a `Transaction: none` migration in its row of the history.
 *
 * @module
 */

import { DatabaseError } from "../core/database_error.ts";
import { MigrationError } from "../core/error.ts";
import { quoteLiteral } from "../core/quote.ts";
import type { Step } from "../core/plan.ts";
import type { MigrationRecord, UnitState } from "../core/record.ts";
import type { SqlError } from "../core/sql_error.ts";
import type { Unit } from "../core/unit.ts";
import { guards, type Run } from "./context.ts";
import { sendTransaction } from "./execute.ts";
import { ownStatementError } from "./failure.ts";
import { logSql, progressSql, recordSql } from "./history_sql.ts";
import { type Entry, ENTRY_LOCK_TIMEOUT_MS, entryMessage, unitMessage } from "./journal_message.ts";
import { failureDetails, recordFailure } from "./record_failure.ts";
import type { UnitTrace } from "./resume.ts";
import { adviseOnLocks, retryLater } from "./retry.ts";
import { settleSql } from "./settle_sql.ts";
import { rowBefore } from "./settled.ts";
import { titleOf } from "./step_message.ts";
import { failedGuard, type Message } from "./transaction.ts";

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

/** Whether a unit that failed came to nothing (`known`), or may have done a part of its work (`open`). */
export type UnitEnd = "known" | "open";

/** What is known of a unit that failed. */
export interface UnitFailure {
  /** Indexes that it left. */
  readonly leftovers: readonly string[];
  /** How it ended. */
  readonly end: UnitEnd;
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
  #sent = 0;
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

  /** Whether this run sent it after it wrote that it begins. */
  wasSent(unit: Unit): boolean {
    return this.#sent === unit.number;
  }

  /** Notes that a unit is sent that was written to begin. */
  sending(unit: Unit): void {
    this.#sent = unit.number;
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
    return unitMessage(this.#run.session, {
      title: `${titleOf(this.#step)}, unit ${unit.number}`,
      guards: this.#guards(),
      settings,
      unit,
      records: this.#progressSql({ unitsDone: unit.number }),
    });
  }

  /** Writes that a unit begins whose end only the journal will tell. */
  async begin(unit: Unit): Promise<void> {
    const started = this.#progressSql({ unitsDone: unit.number - 1, unitState: "started" });
    this.#since = await this.#send({ records: started, answer: NEXT_TRANSACTION_SQL });
    this.#opened = true;
    this.#isTextStored = true;
    this.#begun = unit.number;
    this.#sent = 0;
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

  /**
   * Notes that a unit is done; of one that ran alone it is written down first.
   *
   * @param unit The unit.
   * @throws A `MigrationError` with code `PARTIAL` if it cannot be written down.
   */
  async end(unit: Unit): Promise<void> {
    if (unit.mode === "alone") await this.#sendAgain({ records: this.#progressSql({ unitsDone: unit.number }) });
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
   * @param how What is known of it.
   */
  async fail(unit: Unit, failure: SqlError, { leftovers, end }: UnitFailure): Promise<void> {
    if (!this.#opened) {
      const { session } = this.#run;
      if (session.scope === "session") await session.finish(session.resetSql).catch(() => undefined);
      return await recordFailure(this.#run, this.#step, failure);
    }
    const records = [
      ...(this.#isEndUnknown(unit) ? [] : [this.#failedSql(unit, failure.message, end)]),
      logSql(this.#run.context.table, {
        runId: this.#run.runId,
        action: "failed",
        name: this.#step.name,
        checksum: this.#step.migration.checksum,
        error: failure.message,
        details: { ...failureDetails(failure), unit: unit.number, leftovers },
      }),
    ];
    await this.#send({ records: records.join("\n"), isLast: true });
  }

  /**
   * Writes that the server cancelled a unit.
   *
   * @param unit The unit.
   * @param how What is known of it.
   */
  async cancelled(unit: Unit, { leftovers, end }: UnitFailure): Promise<void> {
    const { migration, name, direction } = this.#step;
    const records = [
      this.#failedSql(unit, CANCELLED, end),
      logSql(this.#run.context.table, {
        runId: this.#run.runId,
        action: "failed",
        name,
        checksum: migration.checksum,
        error: CANCELLED,
        details: { direction, unit: unit.number, leftovers },
      }),
    ];
    await this.#send({ records: records.join("\n"), isLast: true });
  }

  #isEndUnknown(unit: Unit): boolean {
    const isNext = this.#record?.partial === this.#step.direction && unit.number === (this.#record.unitsDone ?? 0) + 1;
    return isNext && this.#record?.unitState === "started" && !this.hasBegun(unit);
  }

  #failedSql(unit: Unit, error: string, end: UnitEnd): string {
    return this.#progressSql({ unitsDone: unit.number - 1, unitState: end === "open" ? "started" : "failed", error });
  }

  /** Writes that all of it is done. */
  async finish(durationMs: number): Promise<void> {
    const { context: { table }, lock, runId } = this.#run;
    const settlement = { runId, step: this.#step, durationMs, found: "note" } as const;
    await this.#sendAgain({ records: `${settleSql(table, settlement)}\n${lock.renewSql}`, isLast: true });
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
    return guards(this.#run, { name: this.#step.name, expected });
  }

  /** What ran cannot be run again because its entry met a lock: only the entry is tried again. */
  async #sendAgain(entry: Entry): Promise<void> {
    for (let tries = 1;; tries++) {
      try {
        return void await this.#send(entry);
      } catch (error) {
        if (await retryLater(this.#run, this.#step, tries, error)) continue;
        if (!(error instanceof DatabaseError)) throw error;
        const guard = failedGuard(error.message);
        const own = guard === undefined ? undefined : ownStatementError(error);
        if (own !== undefined && guard !== "unwritten") throw own;
        throw new MigrationError(
          "PARTIAL",
          `Cannot record what was done of "${this.#step.name}": ${(own ?? error).message}`,
          {
            hint: own?.hint ?? adviseOnLocks(this.#run, error) ?? "Mend the cause, then run the same command again",
            cause: error,
          },
        );
      }
    }
  }

  async #send(entry: Entry): Promise<string> {
    const message = entryMessage(this.#run.session, { guards: this.#guards(), ...entry });
    return await this.#run.watch.during(ENTRY_LOCK_TIMEOUT_MS, () => sendTransaction(this.#run, message, "finish"));
  }
}
