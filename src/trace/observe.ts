/**
 * Two states of the catalog → what the statement between them did.
 *
 * @module
 */

import type { CatalogState, Constraint } from "./catalog_state.ts";
import { dangerOf } from "./danger.ts";
import { findRowLocks } from "./find_row_locks.ts";
import { findWork, type Works } from "./find_work.ts";
import { blockedBy, compareModes, type LockMode, strongestMode } from "./lock_mode.ts";
import type { ObjectKind, StatementTrace, TracedDuration, TracedLock } from "./trace.ts";

/**
 * What a statement is to the rows. A `query` reads and changes them by its nature, `select` and `insert` do no more than
 * they say; what it makes is filled (`fill`), or a view (`refresh`, `concurrent-refresh`); `sample` looks at some of them, `truncate` removes them
 * unread.
 */
export type StatementNature =
  | "query"
  | "select"
  | "insert"
  | "fill"
  | "refresh"
  | "concurrent-refresh"
  | "sample"
  | "truncate"
  | "command";

/** What tells the objects of before the migration from its own. */
export interface Origin {
  /** OIDs of all that was there before it. */
  readonly existing: ReadonlySet<number>;
  /** For each lock that is held the line that took it in its strongest mode; kept up as statements are observed. */
  readonly lines: Map<number, number>;
}

/** What a statement did, without where it stands. */
export type Observation = Omit<StatementTrace, "line" | "column" | "sql" | "source" | "note">;

/**
 * Compares what was known before a statement with what is locked after it.
 *
 * @param before All that is known from before it.
 * @param after What is locked now.
 * @param origin What was there before the migration; its lines are brought up to date.
 * @param statement Where it stands, and what it is.
 * @returns What it did to what was there before the migration.
 */
export function observe(
  before: CatalogState,
  after: CatalogState,
  { existing, lines }: Origin,
  statement: { readonly line: number; readonly nature: StatementNature },
): Observation {
  const locks: TracedLock[] = [];
  const held: TracedLock[] = [];
  const exempt: string[] = [];
  const nothing: ReadonlySet<LockMode> = new Set();
  const works = findWork(before, after, existing, statement.nature);
  const worked = new Set(works.work.flatMap((one) => "tables" in one ? one.tables : "table" in one ? [one.table] : []));
  for (const oid of lines.keys()) if (!after.locks.has(oid)) lines.delete(oid);
  for (const [oid, modes] of after.locks) {
    const old = before.locks.get(oid) ?? nothing;
    const object = describe(oid, before, after);
    if (object === undefined) continue;
    if (!existing.has(oid)) {
      if (old.size === 0 && object.kind !== "index") exempt.push(object.name);
      continue;
    }
    const isNew = isStronger(strongestMode(modes)!, strongestMode(old));
    if (isNew) lines.set(oid, statement.line);
    const lock = tracedLock(object, modes, lines.get(oid) ?? statement.line);
    if (!matters(lock)) continue;
    if (isNew) locks.push(lock);
    else if (lock.blocks.includes("writes") || worked.has(lock.object) || isChanged(modes, statement.nature)) {
      held.push(lock);
    }
  }
  const harm = { locks: locks.toSorted(byStrength), held: held.toSorted(byStrength), duration: durationOf(works) };
  return {
    ...harm,
    danger: dangerOf(harm),
    rowLocks: findRowLocks({ before, after, existing }, statement.nature),
    exempt: exempt.toSorted(),
    work: works.work,
    truncated: works.truncated,
    unchecked: findUnchecked(before, after, existing),
  };
}

/** A query that takes no further lock may change whatever the transaction has changed before. */
function isChanged(modes: ReadonlySet<LockMode>, nature: StatementNature): boolean {
  return (nature === "query" || nature === "insert") && modes.has("ROW EXCLUSIVE");
}

interface Described {
  readonly name: string;
  readonly kind: ObjectKind;
  readonly table: string | null;
}

/** An object under the name that it has before the statement, and so in the database that it will run on. */
function describe(oid: number, before: CatalogState, after: CatalogState): Described | undefined {
  const relation = before.relations.get(oid) ?? after.relations.get(oid);
  if (relation === undefined) {
    const other = before.others.get(oid);
    return other === undefined ? undefined : { ...other, table: null };
  }
  return { name: relation.name, kind: relation.kind, table: nameOf(relation.table, before, after) };
}

function nameOf(oid: number | null, before: CatalogState, after: CatalogState): string | null {
  if (oid === null) return null;
  return (before.relations.get(oid) ?? after.relations.get(oid))?.name ?? null;
}

/**
 * Puts a lock into the words of a trace.
 *
 * @param object What is locked.
 * @param modes All modes in which it is held.
 * @param line The line that took it.
 * @returns The lock.
 */
export function tracedLock(
  { name, kind, table }: Described,
  modes: Iterable<LockMode>,
  line: number,
): TracedLock {
  const all = [...modes];
  const mode = strongestMode(all)!;
  return { object: name, kind, table, mode, blocks: isSchemaObject(kind) ? ["schema changes"] : blockedBy(all), line };
}

/** Queries lock no types, functions or schemas. */
function isSchemaObject(kind: ObjectKind): boolean {
  return kind === "type" || kind === "function" || kind === "schema";
}

/** Every statement looks at schemas and types in the weakest mode, and uses indexes and sequences with their tables. */
function matters({ kind, mode }: TracedLock): boolean {
  const isOfTable = kind !== "index" && kind !== "sequence" && !isSchemaObject(kind);
  return isOfTable || compareModes(mode, "SHARE UPDATE EXCLUSIVE") >= 0;
}

function isStronger(mode: LockMode, than: LockMode | undefined): boolean {
  return than === undefined || compareModes(mode, than) > 0;
}

/** Tables before their indexes, else by name: the order of what is locked says nothing. */
function byStrength(a: TracedLock, b: TracedLock): number {
  const kinds = Number(a.kind === "index") - Number(b.kind === "index");
  if (kinds !== 0) return kinds;
  return compareModes(b.mode, a.mode) || (a.object < b.object ? -1 : 1);
}

function durationOf({ work }: Works): TracedDuration {
  if (work.some(({ type }) => type !== "rows" && type !== "sample")) return "size";
  return work.length > 0 ? "rows" : "instant";
}

function findUnchecked(before: CatalogState, after: CatalogState, existing: ReadonlySet<number>): string[] {
  const isUnchecked = ({ oid, table, valid }: Constraint) =>
    !valid && existing.has(table) && !before.constraints.has(oid);
  return [...after.constraints.values()].filter(isUnchecked).map(({ name }) => name).toSorted();
}
