/**
 * Runs a `Transaction: none` migration or rollback unit by unit.
 *
 * @module
 */

import type { AloneStatement } from "../core/alone_statement.ts";
import { DatabaseError } from "../core/database_error.ts";
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
import { decideUnit, findInvalid, findLeftovers, type UnitHistory } from "./resume.ts";
import type { Session } from "./session.ts";
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
  const start = performance.now();
  const units = splitUnits(sectionOf(step));
  const journal = new Journal(run, step, record);
  const resumed = record?.partial === step.direction;
  const leftovers = resumed ? await journal.recall() : [];
  try {
    await run.session.query(startSql(run, step));
    for (const unit of units.slice(journal.unitsDone)) {
      const began = performance.now();
      const isNext = resumed && unit.number === (record.unitsDone ?? 0) + 1;
      const history = isNext ? record.unitState ?? "fresh" : "fresh";
      await executeUnit(run, step, journal, unit, { history, leftovers: isNext ? leftovers : [] });
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

/** What the journal says of a unit. */
interface Trace {
  readonly history: UnitHistory;
  readonly leftovers: readonly string[];
}

async function executeUnit(run: Run, step: Step, journal: Journal, unit: Unit, trace: Trace): Promise<void> {
  const { alone } = unit;
  if (alone === undefined) {
    const message = journal.unitMessage(unit);
    await attempt({ run, step, journal, unit, message }, () => sendTransaction(run, message));
  } else {
    const message: Message = { sql: unit.section.sql, before: "", section: unit.section, after: "" };
    await executeAlone({ run, step, journal, unit, message }, alone, trace);
  }
  await journal.end(unit);
}

/** One try of one unit. */
interface Attempt {
  readonly run: Run;
  readonly step: Step;
  readonly journal: Journal;
  readonly unit: Unit;
  readonly message: Message;
}

async function executeAlone(attempted: Attempt, alone: AloneStatement, trace: Trace): Promise<void> {
  const { run, step, journal, unit, message } = attempted;
  const { session } = run;
  const decision = await decideUnit(session, alone, trace.history, trace.leftovers);
  switch (decision.type) {
    case "done":
      return;
    case "unknown":
      throw unknownEnd(step, unit);
    case "busy":
      throw new MigrationError(
        "PARTIAL",
        `Cannot resume "${step.name}": pid ${decision.pid} still runs its unit ${unit.number}`,
        { hint: "Wait until that session is done, then run the same command again" },
      );
    case "blocked":
      return await attempt(attempted, () => {
        const { message, hint } = decision;
        return Promise.reject(new DatabaseError("server", message, { sqlstate: "42P07", position: 1, hint }));
      });
    case "run-instead":
      return await attempt(attempted, () => sendInstead(session, decision.sql));
    case "run":
      for (const sql of decision.first) await attempt(attempted, () => sendInstead(session, sql));
      await journal.begin(unit);
      await attempt(attempted, async () => void await session.query(message.sql));
      return await refuseInvalid(attempted, alone);
  }
}

/** Sends what is not in the file: an error in it is shown at the unit that it is sent for. */
async function sendInstead(session: Session, sql: string): Promise<void> {
  try {
    await session.query(sql);
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    throw new DatabaseError(error.kind, `${error.message}, in ${sql}`, { ...error.fields, position: 1 });
  }
}

/** `IF NOT EXISTS` takes an index for made that no query uses. */
async function refuseInvalid(attempted: Attempt, alone: AloneStatement): Promise<void> {
  const invalid = await findInvalid(attempted.run.session, alone);
  if (invalid === undefined) return;
  await attempt(attempted, () => {
    const hint = `DROP INDEX CONCURRENTLY ${invalid}, then run the same command again`;
    return Promise.reject(new DatabaseError("server", `index ${invalid} is INVALID`, { position: 1, hint }));
  });
}

async function attempt({ run, step, journal, unit, message }: Attempt, send: () => Promise<void>): Promise<void> {
  try {
    await send();
  } catch (error) {
    const code = journal.isOpen ? "PARTIAL" : "SQL_FAILED";
    const failure = describeFailure(error, { migration: step.migration, direction: step.direction, message }, code);
    if (failure instanceof SqlError) {
      const leftovers = unit.alone === undefined ? [] : await findLeftovers(run.session, unit.alone);
      await journal.fail(unit, failure, leftovers);
    }
    throw failure;
  }
}

function unknownEnd(step: Step, unit: Unit): MigrationError {
  const name = `${step.name}:${unit.number}`;
  return new MigrationError(
    "PARTIAL",
    `Cannot resume "${step.name}": nothing tells whether unit ${unit.number} was finished`,
    { hint: `Look at the database, then say repair --done ${name} or repair --again ${name}` },
  );
}
