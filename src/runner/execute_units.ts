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
import type { Section } from "../core/section.ts";
import { SqlError } from "../core/sql_error.ts";
import type { Statement } from "../core/statements.ts";
import { sectionOf } from "../core/step_section.ts";
import { splitUnits, type Unit } from "../core/unit.ts";
import { sessionStatements } from "../core/session_statements.ts";
import { type Run, settingsOf } from "./context.ts";
import { sendTransaction } from "./execute.ts";
import { describeFailure } from "./failure.ts";
import { Journal, type UnitEnd, type UnitFailure } from "./journal.ts";
import { findInvalid, findLeftovers } from "./invalid_index.ts";
import { mayHaveCommitted } from "./open_end.ts";
import { decideUnit, FRESH, type UnitTrace } from "./resume.ts";
import { adviseOnLocks, describeBlocked, retryLater } from "./retry.ts";
import type { Session } from "./session.ts";
import type { Message } from "./transaction.ts";
import { refuseUnitSettings, transactionSettings, unitSettings } from "./unit_settings.ts";

/**
 * Runs a step unit by unit, from the one after the last that is finished. What a unit sets in its session holds for the
 * units after it, also if another session ran it.
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
  const recalled = resumed ? await journal.recall() : FRESH;
  try {
    refuseUnitSettings(run, step, units, journal.unitsDone);
    if (run.session.scope === "session") {
      await run.session.query(unitSettings(run, step).join("\n"));
      await restoreSession(run, step, sessionStatements(units, journal.unitsDone));
    }
    for (const unit of units.slice(journal.unitsDone)) {
      const began = performance.now();
      const isNext = resumed && unit.number === (record.unitsDone ?? 0) + 1;
      const message = messageOf(run, step, journal, unit, units);
      await executeUnit({ run, step, journal, unit, message }, isNext ? recalled : FRESH);
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
    if (run.session.scope === "session") {
      // On a lost connection there is nothing to bring back, and the error that says so is on its way already.
      await run.session.finish(run.session.resetSql).catch(() => undefined);
    }
    await run.session.forgetPrepared(sectionOf(step).sql);
  }
}

/** Sets what finished units left set in the session that they ran in. */
async function restoreSession(run: Run, step: Step, statements: readonly Statement[]): Promise<void> {
  for (const section of statements) {
    const message = bareMessage(section);
    try {
      await run.session.query(section.sql);
    } catch (error) {
      const { migration, direction } = step;
      const hint = "What finished units left set in their session is set again before the next one runs";
      throw describeFailure(error, { migration, direction, message, hint }, "PARTIAL");
    }
  }
}

/** What is sent, and who keeps its journal. */
interface Sending {
  readonly run: Run;
  readonly step: Step;
  readonly journal: Journal;
  readonly unit: Unit;
  readonly message: Message;
}

/**
 * Runs one unit. Lock time-outs, deadlocks and serialization failures are tried again, this unit alone, unless a part of it
 * may be committed.
 */
async function executeUnit(sending: Sending, first: UnitTrace): Promise<void> {
  const { run, step, journal, unit } = sending;
  const lockTimeoutMs = settingsOf(step, run.context.settings).lockTimeoutMs;
  let trace = first;
  for (let tries = 1;; tries++) {
    try {
      await run.watch.during(lockTimeoutMs, () => sendUnit(sending, trace));
      break;
    } catch (error) {
      const leftovers = await leftoversAfter(sending, error, trace);
      if (journal.wasSent(unit) && await mayHaveCommitted(run.session, unit, error)) {
        throw await failUnit(sending, error, { leftovers, end: "open" });
      }
      const end = await retryLater(run, step, tries, error).then((again) => again ? "retry" : error, (abort) => abort);
      if (end !== "retry") throw await failUnit(sending, end, { leftovers, end: "known" });
      if (journal.hasBegun(unit)) trace = { state: "failed", leftovers, since: journal.since };
    }
  }
  await journal.end(unit);
}

function messageOf(run: Run, step: Step, journal: Journal, unit: Unit, units: readonly Unit[]): Message {
  if (unit.alone === undefined) return journal.unitMessage(unit, transactionSettings(run, step, units, unit));
  return bareMessage(unit.section);
}

/** A section that is sent as it is. */
function bareMessage(section: Section): Message {
  return { sql: section.sql, body: section.sql, before: "", section, after: "" };
}

/** What a try left behind it; of one that came to nothing, what the try before it left. */
async function leftoversAfter(
  { run, journal, unit }: Sending,
  error: unknown,
  { state, leftovers, since }: UnitTrace,
): Promise<readonly string[]> {
  if (unit.alone === undefined || !(error instanceof DatabaseError)) return [];
  if (journal.hasBegun(unit)) return await findLeftovers(run.session, unit.alone, journal.since, "finish");
  return state === "started" ? await findLeftovers(run.session, unit.alone, since, "finish") : leftovers;
}

async function failUnit(
  sending: Sending,
  error: unknown,
  { leftovers, end }: UnitFailure,
): Promise<unknown> {
  const { run, step, journal, unit, message } = sending;
  if (error instanceof MigrationError && error.code === "ABORTED" && journal.isOpen) {
    return await cancelledPartWay(sending, error, end);
  }
  const { migration, direction } = step;
  const hint = end === "open" ? openEndHint(step, unit, describeBlocked(run, error)) : adviseOnLocks(run, error);
  const code = journal.isOpen ? "PARTIAL" : "SQL_FAILED";
  const failure = describeFailure(error, { migration, direction, message, hint }, code);
  if (failure instanceof SqlError) await journal.fail(unit, failure, { leftovers, end });
  return failure;
}

async function sendUnit(sending: Sending, trace: UnitTrace): Promise<void> {
  const { alone } = sending.unit;
  if (alone === undefined) await sendTransaction(sending.run, sending.message);
  else await sendAlone(sending, alone, trace);
}

async function sendAlone(
  { run, step, journal, unit }: Sending,
  alone: AloneStatement,
  trace: UnitTrace,
): Promise<void> {
  const { session } = run;
  const decision = await decideUnit(session, alone, trace);
  switch (decision.type) {
    case "done":
      return;
    case "unknown":
      throw unknownEnd(step, unit);
    case "busy":
      throw new MigrationError(
        "PARTIAL",
        `Cannot go on with "${step.name}": pid ${decision.pid} still builds an index on the table of unit ${unit.number}`,
        { hint: "Wait until that session is done, then run the same command again" },
      );
    case "blocked":
      throw new DatabaseError("server", decision.message, { sqlstate: "42P07", position: 1, hint: decision.hint });
    case "run-instead":
      await journal.begin(unit);
      return await sendInstead(session, decision.sql);
    case "run":
      for (const sql of decision.first) await sendInstead(session, sql);
      await journal.begin(unit);
      // After an abort nothing is sent any more.
      if (run.context.signal?.aborted !== true) journal.sending(unit);
      await session.query(unit.section.sql);
      return await refuseInvalid(session, alone);
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
async function refuseInvalid(session: Session, alone: AloneStatement): Promise<void> {
  const invalid = await findInvalid(session, alone);
  if (invalid === undefined) return;
  const hint = `DROP INDEX CONCURRENTLY ${invalid}, then run the same command again`;
  throw new DatabaseError("server", `index ${invalid} is INVALID`, { position: 1, hint });
}

/** A session that still answers was cancelled by the server: the unit ended, and unless its end is open may run again. */
async function cancelledPartWay(
  { run, step, journal, unit }: Sending,
  cause: MigrationError,
  end: UnitEnd,
): Promise<MigrationError> {
  if (unit.alone !== undefined && journal.hasBegun(unit)) {
    const found = findLeftovers(run.session, unit.alone, journal.since, "finish");
    await found.then((leftovers) => journal.cancelled(unit, { leftovers, end })).catch(() => undefined);
  }
  const { name, direction } = step;
  const command = direction === "up" ? "up" : `down ${name}`;
  const hint = end === "open"
    ? openEndHint(step, unit)
    : `"${name}" is part-way: what was finished of it stays, and ${command} goes on from there`;
  return new MigrationError("ABORTED", cause.message, { hint, cause });
}

function openEndHint(step: Step, unit: Unit, blocked?: string): string {
  const why = blocked === undefined ? "" : `${blocked}. `;
  return `${why}Unit ${unit.number} of "${step.name}" may have committed a part of its work. ${askPerson(step, unit)}`;
}

function askPerson(step: Step, unit: Unit): string {
  const name = `${step.name}:${unit.number}`;
  return `Look at the database, then say repair --done ${name} or repair --again ${name}`;
}

function unknownEnd(step: Step, unit: Unit): MigrationError {
  return new MigrationError(
    "PARTIAL",
    `Cannot resume "${step.name}": nothing tells whether unit ${unit.number} was finished`,
    { hint: askPerson(step, unit) },
  );
}
