/**
 * Statements that a run of many steps prepares: to plan each time what the history is asked and told takes as long as to
 * do it.
 *
 * @module
 */

import type { DatabaseError } from "../core/database_error.ts";
import type { Step } from "../core/plan.ts";
import { quoteIdentifier, quoteLiteral } from "../core/quote.ts";
import { insertRowSql, rowValues } from "./history_sql.ts";
import type { HistoryTable } from "./history_table.ts";
import { loggedSql, settledDurationSql, SINCE_MESSAGE } from "./settle_sql.ts";
import { closingSql, failUnlessAll, rowCondition } from "./transaction.ts";

const NO_SUCH_STATEMENT = "26000";

/** Prepared statements for an `up` that follows another one. */
export class PreparedStatements {
  readonly #table: HistoryTable;
  readonly #runId: string;
  readonly #prefix: string;

  /**
   * @param table The history table.
   * @param runId The run.
   * @param number Which ones of the run, from 1: no two of a session have one name.
   */
  constructor(table: HistoryTable, runId: string, number: number) {
    this.#table = table;
    this.#runId = runId;
    this.#prefix = `metapg_${runId}_${number}`;
  }

  /** Makes them. */
  get sql(): string {
    const table = this.#table;
    const [name, previous, checksum] = ["$1", "$2", "$3"];
    const guard = failUnlessAll([
      [rowCondition(table, previous, { type: "applied", checksum: "" }, checksum), "chain"],
      [rowCondition(table, name, { type: "pending" }), "row"],
    ]);
    const row = {
      name: "$1",
      version: "$2",
      description: "$4",
      checksum: "$5",
      tokenChecksum: "$6",
      depends: "$7",
      source: "$8",
    };
    const change = insertRowSql(table, row, { applied: "now", durationMs: SINCE_MESSAGE, seq: "$3" });
    const entry = { runId: this.#runId, action: "applied", checksum: "$5", durationMs: "s.duration_ms" } as const;
    return `PREPARE ${this.#name("guard")} (text, text, text) AS ${guard}
PREPARE ${this.#name("settle")} (text, bigint, bigint, text, text, text, text[], text) AS ${
      loggedSql(table, change, entry)
    }
PREPARE ${this.#name("close")} AS ${closingSql(settledDurationSql(table))}`;
  }

  /** Fails the transaction unless the step before an `up` is done and this one is not. */
  guard({ name }: Step, { name: previous, migration: { checksum } }: Step): string {
    return `EXECUTE ${this.#name("guard")} (${[name, previous, checksum].map(quoteLiteral).join(", ")});`;
  }

  /** Writes row and log entry of an `up`. */
  settle({ migration }: Step, seq: number): string {
    const { name, version, description, checksum, tokenChecksum, depends, source } = rowValues(migration);
    const values = [name, version, seq, description, checksum, tokenChecksum, depends, source];
    return `EXECUTE ${this.#name("settle")} (${values.join(", ")});`;
  }

  /** Writes the closing row of its message. */
  get closing(): string {
    return `EXECUTE ${this.#name("close")}`;
  }

  /** Whether an error says that a migration removed them. */
  areGone({ message, fields }: DatabaseError): boolean {
    return fields.sqlstate === NO_SUCH_STATEMENT && message.includes(this.#prefix);
  }

  #name(which: "guard" | "settle" | "close"): string {
    return quoteIdentifier(`${this.#prefix}_${which}`);
  }
}
