/**
 * Runs a `Transaction: none` migration or rollback unit by unit.
 *
 * @module
 */

import { MigrationError } from "../core/error.ts";
import type { Done } from "../core/event.ts";
import type { Step } from "../core/plan.ts";
import type { MigrationRecord } from "../core/record.ts";
import { SqlError } from "../core/sql_error.ts";
import { splitUnits, type Unit } from "../core/unit.ts";
import { type Run, settingsOf } from "./context.ts";
import { sectionOf, sendTransaction } from "./execute.ts";
import { describeFailure } from "./failure.ts";
import { Journal } from "./journal.ts";
import { type Message, settingsSql } from "./transaction.ts";

/**
 * Runs a step unit by unit, from the one after the last that is finished. What a unit sets in its session holds for the
 * units after it.
 *
 * @param run The run.
 * @param step The step.
 * @param record Its row of the history, if there is one.
 * @returns What was done.
 * @throws A {@linkcode SqlError} with code `PARTIAL`, or `SQL_FAILED` if nothing of it was done; a `MigrationError` with
 * code `PARTIAL` if the end of a unit is unknown, `LOCK_LOST`, `OUTCOME_UNKNOWN` or `ABORTED`.
 */
export async function executeUnits(run: Run, step: Step, record: MigrationRecord | undefined): Promise<Done> {
  if (record?.partial === step.direction) refuseUnknownEnd(record);
  const start = performance.now();
  const units = splitUnits(sectionOf(step));
  const journal = new Journal(run, step, record);
  try {
    await run.session.query(startSql(run, step));
    for (const unit of units.slice(journal.unitsDone)) {
      const began = performance.now();
      await executeUnit(run, step, journal, unit);
      run.context.emit({
        type: "unit:done",
        name: step.name,
        direction: step.direction,
        unit: unit.number,
        units: units.length,
        durationMs: performance.now() - began,
      });
    }
    const durationMs = performance.now() - start;
    await journal.finish(durationMs);
    return { name: step.name, direction: step.direction, durationMs };
  } finally {
    // On a lost connection there is nothing to bring back, and the error that says so is on its way already.
    await run.session.finish(run.session.resetSql).catch(() => undefined);
  }
}

function startSql(run: Run, step: Step): string {
  const { settings } = run.context;
  const times = settingsOf(step, settings);
  return settingsSql({
    ...times,
    lockTimeoutMs: times.lockTimeoutMs ?? 0,
    role: settings.role,
    session: settings.session,
  }, "SESSION").join("\n");
}

async function executeUnit(run: Run, step: Step, journal: Journal, unit: Unit): Promise<void> {
  const message = unit.mode === "transaction" ? journal.unitMessage(unit) : aloneMessage(unit);
  if (unit.mode === "alone") await journal.begin(unit);
  try {
    if (unit.mode === "transaction") await sendTransaction(run, message);
    else await run.session.query(message.sql);
  } catch (error) {
    const code = unit.number === 1 && unit.mode === "transaction" ? "SQL_FAILED" : "PARTIAL";
    const failure = describeFailure(error, { migration: step.migration, direction: step.direction, message }, code);
    if (failure instanceof SqlError) await journal.fail(unit, failure);
    throw failure;
  }
  await journal.end(unit);
}

function aloneMessage(unit: Unit): Message {
  return { sql: unit.section.sql, before: "", section: unit.section, after: "" };
}

function refuseUnknownEnd(record: MigrationRecord): void {
  if (record.unitState !== "started") return;
  const number = (record.unitsDone ?? 0) + 1;
  throw new MigrationError(
    "PARTIAL",
    `Cannot resume "${record.name}": nothing tells whether unit ${number} was finished`,
    {
      hint:
        `Look at the database, then say repair --done ${record.name}:${number} or repair --again ${record.name}:${number}`,
    },
  );
}
