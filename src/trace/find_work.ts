/**
 * Finds work that takes time: tables written anew, indexes built, rows read.
 *
 * PostgreSQL counts in each transaction how often a table is read from one end to the other, and it counts for an empty
 * table, too. So a check of all rows is seen without any row, and told from a statement that needs none, such as
 * `SET NOT NULL` where a valid `CHECK` says the same.
 *
 * @module
 */

import type { CatalogState, Constraint, Relation } from "./catalog_state.ts";
import { readsOfView, seenReads } from "./find_reads.ts";
import { lockedTables, type Sight } from "./locked_tables.ts";
import type { StatementNature } from "./observe.ts";
import type { TracedWork } from "./trace.ts";

const QUERIES: ReadonlySet<StatementNature> = new Set<StatementNature>(["query", "select", "insert"]);

/** What takes time. */
export interface Works {
  /** It, by table. */
  readonly work: readonly TracedWork[];
  /** Tables that are emptied, whatever they hold. */
  readonly truncated: readonly string[];
}

/** A table before and after, and what of it is new. */
interface Change {
  readonly before: Relation;
  readonly after: Relation;
  /** Indexes whose files are new. */
  readonly built: readonly Relation[];
  /** How often it was read, not counting what building indexes takes. */
  readonly reads: number;
}

/**
 * Finds what a statement had to do.
 *
 * @param before All that is known from before it.
 * @param after What is locked after it.
 * @param existing OIDs of what was there before the migration.
 * @param nature Whether reading rows goes without saying.
 * @returns The work on tables that were there before the migration.
 */
export function findWork(
  before: CatalogState,
  after: CatalogState,
  existing: ReadonlySet<number>,
  nature: StatementNature,
): Works {
  const work: TracedWork[] = [];
  const truncated: string[] = [];
  const files = new Set([...before.relations.values()].map(({ file }) => file));
  const isBuilt = ({ kind, file, table }: Relation) =>
    kind === "index" && file !== 0 && !files.has(file) && table !== null && existing.has(table);
  const built = [...after.relations.values()].filter(isBuilt);
  for (const change of findChanges(before, after, existing, built)) {
    const { before: { name }, built: indexes } = change;
    const isNewFile = change.before.file !== change.after.file;
    // A file that is new since the transaction began is emptied in its place, and its indexes are built there.
    if (nature === "truncate" && (isNewFile || change.reads > 0)) truncated.push(name);
    else if (isRefreshed(change, before, after, nature)) {
      work.push({ type: "refresh", table: name, reads: readsOfView(change.before, before.relations) });
    } else if (isNewFile && isRewritten(change)) {
      work.push({ type: "rewrite", table: name, indexes: indexes.map((index) => index.name).toSorted() });
    } else if (isNewFile) truncated.push(name);
    else {
      work.push(...indexes.map((index) => indexWork(index, name, before)));
      if (change.reads > 0) work.push(...readWork(change, before, after, nature));
    }
  }
  const looked = new Set(
    work.flatMap((one) => one.type === "foreign-key" && one.references !== one.table ? [one.references] : []),
  );
  const own = work.filter((one) => one.type !== "scan" || one.constraints.length > 0 || !looked.has(one.table));
  // An index alone is moved or rebuilt without its table being locked.
  const lonely = built.filter(({ table }) => !after.relations.has(table!));
  own.push(...lonely.map((index) => indexWork(index, before.relations.get(index.table!)?.name ?? "", before)));
  own.push(...queryWork({ before, after, existing }, nature, own.length > 0));
  return { work: own, truncated: truncated.toSorted() };
}

/** What a statement does to rows by its nature. */
function queryWork(sight: Sight, nature: StatementNature, isBusy: boolean): TracedWork[] {
  const namesOf = (oids: readonly number[]) => oids.map((oid) => sight.before.relations.get(oid)?.name ?? "");
  if (nature === "sample") {
    return namesOf(lockedTables("SHARE UPDATE EXCLUSIVE", sight, "held")).map((table) => ({ type: "sample", table }));
  }
  if (nature === "fill") return [{ type: "fill", reads: seenReads(sight) }];
  if (!QUERIES.has(nature)) return [];
  const tables = namesOf(lockedTables("ROW EXCLUSIVE", sight));
  return tables.length > 0 || !isBusy ? [{ type: "rows", tables, reads: seenReads(sight) }] : [];
}

/** `CONCURRENTLY` puts rows into the file that is there, under a lock that nothing else takes. */
function isRefreshed(
  { before: { oid, kind, file }, after: { file: newFile }, reads }: Change,
  before: CatalogState,
  after: CatalogState,
  nature: StatementNature,
): boolean {
  if (kind !== "materialized view") return false;
  if (file !== newFile) return reads === 0 || nature === "refresh";
  const isLocked = (state: CatalogState) => state.locks.get(oid)?.has("EXCLUSIVE") === true;
  return nature === "concurrent-refresh" && isLocked(after) && (!isLocked(before) || reads > 0);
}

function findChanges(
  before: CatalogState,
  after: CatalogState,
  existing: ReadonlySet<number>,
  built: readonly Relation[],
): Change[] {
  const tables = [...after.relations.values()].filter(({ oid, kind }) =>
    existing.has(oid) && (kind === "table" || kind === "materialized view")
  );
  return tables.toSorted((a, b) => a.name < b.name ? -1 : 1).map((table) => {
    const own = built.filter((index) => index.table === table.oid);
    const indexes = [...after.relations.values()].filter((one) => one.table === table.oid);
    const reads = [table, ...indexes].reduce(
      (sum, one) => sum + one.scans - (before.relations.get(one.oid)?.scans ?? 0),
      0,
    );
    return {
      before: before.relations.get(table.oid)!,
      after: table,
      built: own,
      reads: Math.max(0, reads - own.length),
    };
  });
}

/** `TRUNCATE` makes a new file, too, and reads nothing; to another tablespace a file is copied without reading rows. */
function isRewritten({ before, after, reads }: Change): boolean {
  return reads > 0 || before.storage !== after.storage;
}

/** `ALTER TABLE` may replace an index by one of the same name. */
function indexWork(index: Relation, table: string, before: CatalogState): TracedWork {
  const isOld = [...before.relations.values()].some(({ oid, name }) => oid === index.oid || name === index.name);
  return { type: isOld ? "index-rebuild" : "index-build", table, index: index.name };
}

function readWork(
  { before: table }: Change,
  before: CatalogState,
  after: CatalogState,
  nature: StatementNature,
): TracedWork[] {
  const isChecked = ({ oid, valid }: Constraint) => valid && before.constraints.get(oid)?.valid !== true;
  const checked = [...after.constraints.values()].filter((one) => one.table === table.oid && isChecked(one));
  const keys = checked.filter(({ type }) => type === "f");
  const others = checked.filter(({ type }) => type === "c" || type === "n");
  if (nature !== "command" && keys.length === 0 && others.length === 0) return [];
  const work = keys.map((key): TracedWork => ({
    type: "foreign-key",
    table: table.name,
    references: (before.relations.get(key.references) ?? after.relations.get(key.references))?.name ?? "",
    constraint: key.name,
  }));
  if (keys.length > 0 && others.length === 0) return work;
  return [...work, { type: "scan", table: table.name, constraints: others.map(({ name }) => name).toSorted() }];
}
