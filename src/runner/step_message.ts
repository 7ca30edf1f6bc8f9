/**
 * The message of a step that is one transaction.
 *
 * @module
 */

import type { Step } from "../core/plan.ts";
import { guards, type Run, settingsOf } from "./context.ts";
import { sectionOf } from "./section.ts";
import { type RowFound, settledDurationSql, settleSql, SINCE_MESSAGE, sinceLastEntry } from "./settle_sql.ts";
import { rowAfter, rowBefore } from "./settled.ts";
import { type Message, settingsSql, transactionMessage } from "./transaction.ts";

/** `lock_timeout` of a transaction where nothing else is said. */
export const LOCK_TIMEOUT_MS = 3000;

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
}

/**
 * Makes the message of a step of one transaction.
 *
 * @param run The run.
 * @param step The step.
 * @param sending How it is sent.
 * @returns The message. Its closing row tells how long it took.
 */
export function stepMessage(
  run: Run,
  step: Step,
  { durability, found, seq, chain, follows = false }: Sending,
): Message {
  const { settings, table } = run.context;
  const { role, session } = settings;
  const { statementTimeoutMs } = settingsOf(step, settings);
  const durationMs = follows ? sinceLastEntry(table) : SINCE_MESSAGE;
  const settled = settleSql(table, { runId: run.runId, step, durationMs, found, seq });
  return transactionMessage({
    title: titleOf(step),
    before: [
      ...guards(
        run,
        { name: step.name, expected: rowBefore(step) },
        chain === undefined ? undefined : { name: chain.name, expected: rowAfter(chain) },
      ),
      ...settingsSql({ lockTimeoutMs: lockTimeoutOf(run, step), statementTimeoutMs, role, session }, "LOCAL"),
    ],
    section: sectionOf(step),
    resetSql: run.session.resetSql,
    records: `${durability === "later" ? ASYNCHRONOUS : ""}${settled}\n${run.lock.renewSql}`,
    answer: settledDurationSql(table),
  });
}

/** `lock_timeout` of a step of one transaction, in milliseconds. */
export function lockTimeoutOf(run: Run, step: Step): number {
  return settingsOf(step, run.context.settings).lockTimeoutMs ?? LOCK_TIMEOUT_MS;
}

/**
 * What a step is for, to be read in `pg_stat_activity`.
 *
 * @param step The step.
 * @returns As `up 002_add_users`.
 */
export function titleOf({ direction, name }: Pick<Step, "direction" | "name">): string {
  return `${direction} ${name}`;
}
