/**
 * Runs migrations in a database that is made for it, and tells what each statement does to what was there before.
 *
 * @module
 */

import type { Direction } from "../core/event.ts";
import type { Migration } from "../core/migration.ts";
import type { Shadow } from "../core/shadow.ts";
import { splitStatements } from "../core/statements.ts";
import { sectionOf } from "../core/step_section.ts";
import { Session } from "../runner/session.ts";
import { placesIn } from "./statement_place.ts";
import type { MigrationTrace } from "./trace.ts";
import { send, type Subject, traceTransaction } from "./trace_transaction.ts";
import { traceUnits } from "./trace_units.ts";
import { withRoles } from "./with_roles.ts";

/** A section that is run. */
export interface TraceStep {
  /** The migration. */
  readonly migration: Migration;
  /** Which section. */
  readonly direction: Direction;
  /** `prepare`: only run, for those after it. `trace`: looked at. */
  readonly purpose: "prepare" | "trace";
  /** Units finished of a part-way migration, which are only run. @default {0} */
  readonly unitsDone?: number;
}

/** How to trace. */
export interface TraceCall {
  /** Aborting it ends the work. */
  readonly signal?: AbortSignal | undefined;
  /** Gets each migration as soon as it is traced: those before a failure, too. */
  readonly onTraced?: (trace: MigrationTrace) => void;
}

/**
 * Traces migrations.
 *
 * @param shadow Where they are run for real.
 * @param steps What to run, in order.
 * @param call How.
 * @returns What was traced, in order.
 * @throws A `SqlError` if the database refuses a statement.
 */
export async function traceMigrations(
  { database, roleSql }: Pick<Shadow, "database" | "roleSql">,
  steps: readonly TraceStep[],
  { signal, onTraced }: TraceCall = {},
): Promise<MigrationTrace[]> {
  const last = steps.findLastIndex(({ purpose }) => purpose === "trace");
  if (last === -1) return [];
  const session = await Session.open(database, { access: "write", signal });
  try {
    await session.prepare("session");
    const traces: MigrationTrace[] = [];
    for (const step of steps.slice(0, last + 1)) {
      if (step.purpose === "prepare") {
        await prepare(session, step, roleSql);
        continue;
      }
      const traced = await trace(session, step, roleSql);
      traces.push(traced);
      onTraced?.(traced);
    }
    return traces;
  } finally {
    await session.close();
  }
}

async function trace(session: Session, step: TraceStep, roleSql: Shadow["roleSql"]): Promise<MigrationTrace> {
  const { migration, direction } = step;
  const section = sectionOf(step);
  const subject: Subject = { migration, direction, placeOf: placesIn(migration), roleSql };
  const statements = migration.transaction === "single"
    ? await traceTransaction(session, subject, splitStatements(section), session.resetSql)
    : await traceUnits(session, subject, section, step.unitsDone);
  await tidy(session, step);
  return { name: migration.name, direction, transaction: migration.transaction, path: migration.path, statements };
}

/** Nobody looks at what lies before, but it has to be there: it is run in the same way, in as few messages as will do. */
async function prepare(session: Session, step: TraceStep, roleSql: Shadow["roleSql"]): Promise<void> {
  const { migration, direction } = step;
  if (migration.transaction === "none") {
    const subject: Subject = { migration, direction, placeOf: placesIn(migration), roleSql };
    await traceUnits(session, subject, sectionOf(step));
  } else {
    await withRoles(session, roleSql, () => runTransaction(session, step));
  }
  await tidy(session, step);
}

async function runTransaction(session: Session, step: TraceStep): Promise<void> {
  const { sql, start } = sectionOf(step);
  await session.query("BEGIN");
  try {
    await send(session, step, `${sql}\n;\n${session.resetSql}`, start);
    await send(session, step, "COMMIT", undefined);
  } catch (error) {
    await session.rollback().catch(() => undefined);
    throw error;
  }
}

/** The next migration finds a session as new. */
async function tidy(session: Session, step: TraceStep): Promise<void> {
  await session.query(session.resetSql);
  await session.forgetPrepared(sectionOf(step).sql);
}
