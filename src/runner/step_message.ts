/**
 * The message of a step that is one transaction.
 *
 * @module
 */

import type { Step } from "../core/plan.ts";
import { sectionOf } from "../core/step_section.ts";
import { guards, type Run, settingsOf } from "./context.ts";
import { PREPARED_CLOSING, preparedGuards, preparedSettlement } from "./prepared.ts";
import { type RowFound, settledDurationSql, settleSql, SINCE_MESSAGE, sinceLastEntry } from "./settle_sql.ts";
import { rowAfter, rowBefore } from "./settled.ts";
import {
  closingSql,
  LOCK_TIMEOUT_MS,
  lockTimeoutSql,
  type Message,
  type RowCheck,
  settingsSql,
  transactionMessage,
} from "./transaction.ts";

/** Comes behind the resets, which would undo it. */
const ASYNCHRONOUS = "SET LOCAL synchronous_commit = off;\n";

/**
 * `now`: the commit waits until it is on disk. `later`: it does not, and a crash of the server may lose it together with all
 * that came after it; a later commit of the run waits for both.
 */
export type Durability = "now" | "later";

/** How a step is sent. */
export interface Sending {
  /** Whether its commit is flushed to disk. */
  readonly durability: Durability;
  /** What the history holds of it. */
  readonly found: RowFound;
  /** Its place in the order of application; without it the history is asked. */
  readonly seq: number | undefined;
  /** The step before it, if that one is on its way, too. */
  readonly chain?: Step | undefined;
  /** Whether the step before it is in the same message. */
  readonly follows?: boolean;
  /** How the statements of the tool are sent: whole, or as names of what was prepared. */
  readonly statements?: "whole" | "prepared";
}

/**
 * Makes the message of a step of one transaction.
 *
 * @param run The run.
 * @param step The step.
 * @param sending How it is sent.
 * @returns The message. Its closing row tells how long it took.
 */
export function stepMessage(run: Run, step: Step, sending: Sending): Message {
  const { settings } = run.context;
  const { role, session } = settings;
  const { statementTimeoutMs } = settingsOf(step, settings);
  const lockTimeout = lockTimeoutSql(lockTimeoutOf(run, step));
  const own = sending.statements === "prepared" && isPlain(step, sending)
    ? preparedStatements(run, step, sending)
    : wholeStatements(run, step, sending);
  return transactionMessage({
    title: titleOf(step),
    before: [
      lockTimeout,
      ...own.before,
      ...settingsSql({ lockTimeoutMs: undefined, statementTimeoutMs, role, session }, "LOCAL"),
    ],
    section: sectionOf(step),
    resetSql: own.resetSql,
    // The resets have taken it away, and the history may be locked, too.
    records: `${lockTimeout}\n${own.settled}\n${run.lock.renewSql}`,
    closing: own.closing,
  });
}

/** The statements of the tool in a message. */
interface OwnStatements {
  readonly before: readonly string[];
  readonly resetSql: string;
  readonly settled: string;
  readonly closing: string;
}

/** Whether a step is settled as nearly all are: with a new row, whose place is known, or by the end of one. */
function isPlain({ direction }: Step, { found, seq, follows = false }: Sending): boolean {
  return !follows && (direction === "down" || (found === "none" && seq !== undefined));
}

function wholeStatements(run: Run, step: Step, sending: Sending): OwnStatements {
  const { durability, found, seq, chain, follows = false } = sending;
  const { table } = run.context;
  const durationMs = follows ? sinceLastEntry(table) : SINCE_MESSAGE;
  return {
    before: guards(run, checkBefore(step), chain === undefined ? undefined : checkAfter(chain)),
    resetSql: run.session.resetSql,
    settled: `${durability === "later" ? ASYNCHRONOUS : ""}${
      settleSql(table, { runId: run.runId, step, durationMs, found, seq })
    }`,
    closing: closingSql(settledDurationSql(table)),
  };
}

function preparedStatements(run: Run, step: Step, { durability, seq, chain }: Sending): OwnStatements {
  return {
    before: preparedGuards(checkBefore(step), chain === undefined ? undefined : checkAfter(chain)),
    resetSql: run.session.callerResetSql,
    settled: preparedSettlement(step, seq, durability),
    closing: PREPARED_CLOSING,
  };
}

function checkBefore(step: Step): RowCheck {
  return { name: step.name, expected: rowBefore(step) };
}

function checkAfter(step: Step): RowCheck {
  return { name: step.name, expected: rowAfter(step) };
}

/** `lock_timeout` of a step of one transaction, in milliseconds. */
export function lockTimeoutOf(run: Run, step: Step): number {
  return settingsOf(step, run.context.settings).lockTimeoutMs ?? LOCK_TIMEOUT_MS;
}

/** What a step is for, to be read in `pg_stat_activity`: as `up 002_add_users`. */
export function titleOf({ direction, name }: Pick<Step, "direction" | "name">): string {
  return `${direction} ${name}`;
}
