/**
 * The statements of the tool that go with every migration, prepared: where many small migrations follow each other the
 * server spends a good part of its time on parsing and planning them.
 *
 * @module
 */

import { DatabaseError } from "../core/database_error.ts";
import type { Step } from "../core/plan.ts";
import { quoteIdentifier, quoteLiteral } from "../core/quote.ts";
import type { Run } from "./context.ts";
import { insertRowSql, stateValues, type TextColumn, textValues } from "./history_sql.ts";
import { appliedSql, rolledBackSql, settledDurationSql, SINCE_MESSAGE } from "./settle_sql.ts";
import { PREPARED_CONDITION } from "./start_state.ts";
import type { Durability } from "./step_message.ts";
import { checkValues, closingSql, failUnlessAll, isAs, lockTimeoutSql, type RowCheck } from "./transaction.ts";

/** How their names begin, which a migration can see in `pg_prepared_statements`. */
const PREFIX = "metapg ";

const nameOf = (what: string) => quoteIdentifier(`${PREFIX}${what}`);

const NAMES = {
  lock: nameOf("lock"),
  row: nameOf("row"),
  applied: nameOf("applied"),
  rolledBack: nameOf("rolled back"),
  done: nameOf("done"),
} as const;

/** What says what a migration is, and its type. */
const TEXTS: Readonly<Record<TextColumn, string>> = {
  name: "text",
  version: "int8",
  description: "text",
  checksum: "text",
  token_checksum: "text",
  depends: "text[]",
  source: "text",
};
const COLUMNS = Object.keys(TEXTS) as TextColumn[];

/** How many steps go by before they are prepared anew: a plan is made for the size that the history has at that time. */
const FRESH = 250;

/** Whether they are prepared in the session of a run. */
export class Preparation {
  readonly #run: Run;
  #state: "none" | "ready" | "refused" = "none";
  #used = 0;

  /** @param run The run, under the lock of a session. */
  constructor(run: Run) {
    this.#run = run;
  }

  /** Whether it is time to {@linkcode refresh} them. */
  get isDue(): boolean {
    return this.#state === "none" || (this.#state === "ready" && this.#used >= FRESH);
  }

  /** How a step is sent. */
  use(): "whole" | "prepared" {
    this.#used++;
    return this.#state === "ready" ? "prepared" : "whole";
  }

  /** Prepares them, unless the server refuses it: then all is sent whole. Nothing else may be on its way. */
  async refresh(): Promise<void> {
    const forget = this.#state === "ready" ? FORGET_SQL : "";
    this.#state = "refused";
    try {
      // To prepare a statement locks its tables.
      await this.#run.session.query(`${lockTimeoutSql()}\n${forget}${prepareSql(this.#run)}`);
      this.#state = "ready";
      this.#used = 0;
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
    }
  }

  /** Notes that they are gone. */
  dropped(): void {
    if (this.#state === "ready") this.#state = "none";
  }

  /** Notes that a migration forgets what is prepared in a way that cannot be seen. */
  refuse(): void {
    this.#state = "refused";
  }
}

const FORGET_SQL = Object.values(NAMES).map((name) => `DEALLOCATE ${name};\n`).join("");

/** What a settlement sets beside: what every session of the tool has, and that its commit does not wait for the disk. */
function setOnWrite(isLater: string): string {
  const setting = `CASE WHEN ${isLater} THEN pg_catalog.set_config('synchronous_commit', 'off', true) ELSE '' END`;
  return `${PREPARED_CONDITION} AND ${setting} IS NOT NULL`;
}

function prepareSql({ context: { table }, lock, runId }: Run): string {
  const run = quoteLiteral(runId);
  const texts = Object.fromEntries(COLUMNS.map((column, index) => [column, `$${index + 1}`])) as Record<
    TextColumn,
    string
  >;
  const state = stateValues(table, { applied: "now", durationMs: SINCE_MESSAGE });
  const [seq, isLater] = [`$${COLUMNS.length + 1}`, `$${COLUMNS.length + 2}`];
  const values = { ...texts, ...state, seq };
  const isBefore = `$3 IS NULL OR ${isAs(table, "$3", "$4")}`;
  return [
    `PREPARE ${NAMES.lock} AS ${lock.guards.join("")}`,
    `PREPARE ${NAMES.row} (text, text, text, text) AS ${
      failUnlessAll([[isBefore, "chain"], [isAs(table, "$1", "$2"), "row"]])
    }`,
    `PREPARE ${NAMES.applied} (${Object.values(TEXTS).join(", ")}, int8, bool) AS ${
      appliedSql(table, insertRowSql(table, values), texts.checksum, { runId: run, onWrite: setOnWrite(isLater) })
    }`,
    `PREPARE ${NAMES.rolledBack} (text, text, bool) AS ${
      rolledBackSql(table, { name: "$1", checksum: "$2", duration_ms: SINCE_MESSAGE }, {
        runId: run,
        onWrite: setOnWrite("$3"),
      })
    }`,
    `PREPARE ${NAMES.done} AS ${closingSql(settledDurationSql(table))};`,
  ].join("\n");
}

/**
 * Writes the guards of a transaction.
 *
 * @param row The row as it must be.
 * @param chain The row of the step before, where that one may have failed without anybody having looked.
 * @returns The statements.
 */
export function preparedGuards(row: RowCheck, chain: RowCheck | undefined): string[] {
  const before = chain === undefined ? ["NULL", "NULL"] : checkValues(chain);
  return [`EXECUTE ${NAMES.lock};`, `EXECUTE ${NAMES.row}(${[...checkValues(row), ...before].join(", ")});`];
}

/**
 * Writes down that a step is done, and sets what every session of the tool has.
 *
 * @param step The step.
 * @param seq Its place in the order of application; a rollback needs none.
 * @param durability Whether its commit waits for the disk.
 * @returns The statement.
 */
export function preparedSettlement(
  { direction, migration }: Step,
  seq: number | undefined,
  durability: Durability,
): string {
  const texts = textValues(migration);
  const isLater = durability === "later";
  return direction === "down"
    ? `EXECUTE ${NAMES.rolledBack}(${texts.name}, ${texts.checksum}, ${isLater});`
    : `EXECUTE ${NAMES.applied}(${[...COLUMNS.map((column) => texts[column]), seq, isLater].join(", ")});`;
}

/** The closing row of a message. */
export const PREPARED_CLOSING: string = `EXECUTE ${NAMES.done}`;

/**
 * Tells whether a statement failed because a migration forgot what was prepared. What is around a name in a message is up to
 * the server's language.
 *
 * @param error What the server said.
 * @returns Whether it did.
 */
export function isForgotten(error: unknown): boolean {
  return error instanceof DatabaseError && error.fields.sqlstate === "26000" && error.message.includes(PREFIX);
}
