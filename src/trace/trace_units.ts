/**
 * Traces a `Transaction: none` migration, unit by unit.
 *
 * @module
 */

import type { Row } from "../core/database.ts";
import { SqlError } from "../core/sql_error.ts";
import { quoteIdentifier, quoteLiteral } from "../core/quote.ts";
import type { Section } from "../core/section.ts";
import { splitStatements, type Statement } from "../core/statements.ts";
import type { ObjectName } from "../core/token_cursor.ts";
import { splitUnits, type Unit } from "../core/unit.ts";
import type { Session } from "../runner/session.ts";
import { KINDS_SQL } from "./catalog_state.ts";
import { dangerOf } from "./danger.ts";
import { type ManualLocks, manualLocks } from "./manual_locks.ts";
import { tracedLock } from "./observe.ts";
import type { ObjectKind, StatementTrace, TracedLock, TracedWork } from "./trace.ts";
import { send, type Subject, traceTransaction } from "./trace_transaction.ts";
import { withRoles } from "./with_roles.ts";

/** What PostgreSQL answers to a statement that must not be in a transaction, or that ends it. */
const NOT_IN_TRANSACTION: ReadonlySet<string | undefined> = new Set(["25001", "2D000", "0A000"]);

/**
 * Traces the units of a section: those that may run in a transaction each in one, the others by what the manual says.
 *
 * @param session Where to.
 * @param subject The migration.
 * @param section Its section.
 * @param unitsDone How many units are only run, as they are finished where the migration is meant for.
 * @returns What each statement did of the others.
 * @throws A `SqlError` if the server refuses one.
 */
export async function traceUnits(
  session: Session,
  subject: Subject,
  section: Section,
  unitsDone = 0,
): Promise<StatementTrace[]> {
  const traces: StatementTrace[] = [];
  for (const unit of splitUnits(section)) {
    const traced = await traceUnit(session, subject, unit);
    if (unit.number > unitsDone) traces.push(...traced);
  }
  return traces;
}

async function traceUnit(session: Session, subject: Subject, unit: Unit): Promise<StatementTrace[]> {
  const statements = splitStatements(unit.section);
  if (unit.alone?.inTransaction === "refused") return [await traceAlone(session, subject, statements[0]!)];
  try {
    return await traceTransaction(session, subject, statements);
  } catch (error) {
    if (unit.mode !== "alone" || !(error instanceof SqlError) || !NOT_IN_TRANSACTION.has(error.sqlstate)) throw error;
  }
  await withRoles(session, subject.roleSql, () => send(session, subject, unit.section.sql, unit.section.start));
  return [{
    ...subject.placeOf(statements[0]!),
    ...NOTHING,
    source: "unknown",
    duration: "unknown",
    danger: "none",
    note: `Its locks cannot be looked at: it must not run in a transaction, as its ${
      unit.alone!.title
    } ends one itself`,
  }];
}

const NOTHING = { locks: [], held: [], rowLocks: [], exempt: [], work: [], truncated: [], unchecked: [] } as const;

async function traceAlone(session: Session, subject: Subject, statement: Statement): Promise<StatementTrace> {
  const manual = manualLocks(statement, statement.alone!);
  const place = subject.placeOf(statement);
  const locks: TracedLock[] = [];
  for (const { object, mode } of manual.locks) {
    const known = await findObject(session, object) ?? unknownTable(object);
    locks.push(...withTable(tracedLock(known, [mode], place.line), statement, place.line));
  }
  if (manual.effect === "schema") await send(session, subject, statement.sql, statement.start);
  const index = await findIndex(session, manual);
  const work = locks.filter(({ table }) => table === null).flatMap(({ object }) => workOn(object, manual, index));
  const duration = manual.others === "unknown" ? "unknown" : work.length > 0 ? "size" : "instant";
  const danger = dangerOf({ locks, held: [], duration });
  return { ...place, ...NOTHING, source: "manual", locks, work, duration, danger, note: manual.note };
}

/** What is done to an index concurrently locks its table as well; else the index is locked for itself alone. */
function withTable(lock: TracedLock, { alone }: Statement, line: number): TracedLock[] {
  if (lock.table === null) return [lock];
  const table = tracedLock({ name: lock.table, kind: "table", table: null }, [lock.mode], line);
  const isPlain = alone?.type === "reindex" && !alone.concurrently;
  const index = isPlain
    ? tracedLock({ name: lock.object, kind: "index", table: lock.table }, ["ACCESS EXCLUSIVE"], line)
    : lock;
  return [table, index];
}

async function findIndex(session: Session, { index, locks }: ManualLocks): Promise<string> {
  if (index === undefined) return "";
  const object = { schema: locks[0]?.object.schema, name: index };
  return (await findObject(session, object))?.name ?? spell(object);
}

function workOn(table: string, { work }: ManualLocks, index: string): TracedWork[] {
  switch (work) {
    case undefined:
      return [];
    case "index-build":
    case "index-rebuild":
      return [{ type: work, table, index }];
    case "rewrite":
      return [{ type: work, table, indexes: [] }];
    case "vacuum":
      return [{ type: work, table }];
  }
}

interface Found {
  readonly name: string;
  readonly kind: ObjectKind;
  readonly table: string | null;
}

function unknownTable(object: ObjectName): Found {
  return { name: spell(object), kind: "table", table: null };
}

async function findObject(session: Session, object: ObjectName): Promise<Found | undefined> {
  const [row]: readonly Row[] = await session.query(`SELECT pg_catalog.json_build_object(
  'name', pg_catalog.format('%I.%I', n.nspname, c.relname), 'kind', ${KINDS_SQL},
  'table', (SELECT pg_catalog.format('%I.%I', tn.nspname, t.relname) FROM pg_catalog.pg_index i
    JOIN pg_catalog.pg_class t ON t.oid = i.indrelid JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
    WHERE i.indexrelid = c.oid))::pg_catalog.text AS value
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.oid = pg_catalog.to_regclass(${quoteLiteral(spell(object))})`);
  return row === undefined ? undefined : JSON.parse(String(row.value)) as Found;
}

function spell({ schema, name }: ObjectName): string {
  return (schema === undefined ? [name] : [schema, name]).map(quoteIdentifier).join(".");
}
