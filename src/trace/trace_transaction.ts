/**
 * Runs statements in one transaction and looks at the locks after each.
 *
 * @module
 */

import { DatabaseError } from "../core/database_error.ts";
import type { Direction } from "../core/event.ts";
import type { Migration } from "../core/migration.ts";
import type { Shadow } from "../core/shadow.ts";
import type { Statement } from "../core/statements.ts";
import { describeFailure } from "../runner/failure.ts";
import type { Session } from "../runner/session.ts";
import type { Message } from "../runner/transaction.ts";
import { readAll, readLocked, withLater } from "./catalog_state.ts";
import { observe } from "./observe.ts";
import { natureOf, type placesIn } from "./statement_place.ts";
import type { StatementTrace } from "./trace.ts";
import { withRoles } from "./with_roles.ts";

/** A migration that is traced. */
export interface Subject {
  /** The migration. */
  readonly migration: Migration;
  /** Which section. */
  readonly direction: Direction;
  /** Where its statements stand. */
  readonly placeOf: ReturnType<typeof placesIn>;
  /** Writes what makes a role that nobody made. */
  readonly roleSql: Shadow["roleSql"];
}

/** Advice for when a statement fails. */
const HINT = "This ran in a database of its own, which holds only what the migrations make";

/** Reads are counted unless a server has turned that off; only a superuser may turn it on. */
const BEGIN = `BEGIN; SELECT CASE WHEN pg_catalog.current_setting('track_counts') = 'off'
  THEN pg_catalog.set_config('track_counts', 'on', true) END;`;

/**
 * Runs statements in a transaction that is committed.
 *
 * @param session Where to.
 * @param subject What they are of.
 * @param statements The statements.
 * @param endSql Runs before COMMIT.
 * @returns What each did.
 * @throws A `SqlError` if the server refuses one; nothing of the transaction is left then.
 */
export async function traceTransaction(
  session: Session,
  subject: Subject,
  statements: readonly Statement[],
  endSql = "",
): Promise<StatementTrace[]> {
  return await withRoles(session, subject.roleSql, () => trace(session, subject, statements, endSql));
}

async function trace(
  session: Session,
  subject: Subject,
  statements: readonly Statement[],
  endSql: string,
): Promise<StatementTrace[]> {
  const traces: StatementTrace[] = [];
  await session.query(BEGIN);
  try {
    let known = await readAll(session);
    // What others can know of is what was there before the transaction: of a file without one each unit has its own.
    const existing = new Set([...known.relations.keys(), ...known.others.keys()]);
    const origin = { existing, lines: new Map<number, number>() };
    for (const statement of statements) {
      await send(session, subject, statement.sql, statement.start);
      const now = await readLocked(session);
      const place = subject.placeOf(statement);
      const seen = observe(known, now, origin, { line: place.line, nature: natureOf(statement) });
      traces.push({ ...place, source: "observed", ...seen, note: null });
      known = withLater(known, now);
    }
    if (endSql !== "") await session.query(endSql);
    await send(session, subject, "COMMIT", undefined);
  } catch (error) {
    await session.rollback().catch(() => undefined);
    throw error;
  }
  return traces;
}

/**
 * Sends one statement of a migration.
 *
 * @param session Where to.
 * @param subject What it is of.
 * @param sql The statement.
 * @param start Where it stands in the file; `undefined` for the COMMIT.
 * @throws A `SqlError` if the server refuses it.
 */
export async function send(
  session: Session,
  { migration, direction }: Pick<Subject, "migration" | "direction">,
  sql: string,
  start: number | undefined,
): Promise<void> {
  try {
    await session.query(sql);
  } catch (error) {
    const section = start === undefined ? { sql: "", start: 0 } : { sql, start };
    const message: Message = { sql, body: sql, before: "", section, after: "" };
    const known = start === undefined && error instanceof DatabaseError ? atCommit(error) : error;
    throw describeFailure(known, { migration, direction, message, hint: HINT });
  }
}

/** The message of a COMMIT has no statement of the section: none of them is to be named. */
function atCommit({ kind, message, fields }: DatabaseError): DatabaseError {
  const { position: _, ...rest } = fields;
  return new DatabaseError(kind, message, { ...rest, completed: 0 });
}
