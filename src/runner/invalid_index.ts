/**
 * Indexes that are or may be INVALID: which of them a statement left, and who builds them.
 *
 * @module
 */

import type { AloneStatement, CreateIndexConcurrently, Reindex } from "../core/alone_statement.ts";
import { quoteArray, quoteLiteral } from "../core/quote.ts";
import { regclass } from "./relation_name.ts";
import type { Session } from "./session.ts";

/** An index as the catalog has it. */
export interface FoundIndex {
  /** Its name, qualified and quoted. */
  readonly name: string;
  /** Whether queries may use it. */
  readonly valid: boolean;
  /** Whether it is the index of a partitioned table, which holds no rows of its own. */
  readonly isPartitioned: boolean;
  /** Who builds it, or another one on its table. */
  readonly pid: number | undefined;
}

/** What an abort does to a question: `cancel` it, or let it `finish`, as what was left behind must be known. */
export type OnAbort = "cancel" | "finish";

/**
 * Finds the INVALID indexes that a statement left.
 *
 * @param session The session that sent it.
 * @param statement The statement.
 * @param since A transaction: what the statement left is not older.
 * @param abort What an abort does.
 * @returns Their names, qualified and quoted.
 */
export async function findLeftovers(
  session: Session,
  statement: AloneStatement,
  since: string | undefined,
  abort: OnAbort,
): Promise<string[]> {
  const condition = statement.type === "create-index-concurrently"
    ? createdCondition(statement)
    : statement.type === "reindex"
    ? reindexedCondition(statement)
    : undefined;
  if (condition === undefined || since === undefined) return [];
  return droppable(await readIndexes(session, `${isNew(since)} AND ${condition}`, abort));
}

/**
 * Finds what is left of the indexes that a failure left: a person may have dropped or repaired them.
 *
 * @param session The session.
 * @param leftovers Their names, qualified and quoted.
 * @returns Those that are there and INVALID, and that nobody builds.
 */
export async function stillInvalid(session: Session, leftovers: readonly string[]): Promise<string[]> {
  if (leftovers.length === 0) return [];
  return droppable(await readIndexes(session, `${QUALIFIED_NAME} = ANY (${quoteArray(leftovers)})`));
}

/**
 * Finds the indexes of a statement's table that are not older than a transaction.
 *
 * @param session The session.
 * @param statement The statement.
 * @param since The transaction.
 * @returns Them, whether they are INVALID or not.
 */
export async function findNew(
  session: Session,
  statement: CreateIndexConcurrently,
  since: string,
): Promise<FoundIndex[]> {
  return await readIndexes(session, `${isOnTable(statement)} AND ${isNew(since)}`);
}

/** An index that has the name that a statement gives, whatever table it is on. */
export interface NamedIndex extends FoundIndex {
  /** Whether it is on the statement's table. */
  readonly isOnTable: boolean;
}

/**
 * Finds the index of a name in the schema of a statement's table.
 *
 * @param session The session.
 * @param statement The statement.
 * @param name The name.
 * @param abort What an abort does.
 * @returns It, or nothing.
 */
export async function findNamed(
  session: Session,
  statement: CreateIndexConcurrently,
  name: string,
  abort: OnAbort = "cancel",
): Promise<NamedIndex[]> {
  const inSchema = `c.relname = ${
    quoteLiteral(name)
  } AND c.relnamespace = (SELECT t.relnamespace FROM pg_catalog.pg_class t WHERE t.oid = ${tableOf(statement)})`;
  const onTable = await readIndexes(session, `${inSchema} AND ${isOnTable(statement)}`, abort);
  if (onTable.length > 0) return onTable.map((index) => ({ ...index, isOnTable: true }));
  return (await readIndexes(session, inSchema, abort)).map((index) => ({ ...index, isOnTable: false }));
}

/**
 * Tells whether an index that was made is one that queries use. Answers after an abort, too.
 *
 * @param session The session that made it.
 * @param statement The statement.
 * @returns Its name if it is INVALID.
 */
export async function findInvalid(session: Session, statement: AloneStatement): Promise<string | undefined> {
  if (statement.type !== "create-index-concurrently" || statement.name === undefined) return undefined;
  const [index] = await findNamed(session, statement, statement.name, "finish");
  return index === undefined || index.valid ? undefined : index.name;
}

/** Statements that drop indexes. */
export function dropSql(indexes: readonly string[]): string[] {
  return indexes.map((index) => `DROP INDEX CONCURRENTLY IF EXISTS ${index}`);
}

const QUALIFIED_NAME = "pg_catalog.format('%I.%I', n.nspname, c.relname)";

/**
 * Which index a session builds is hidden from other roles; that it builds one, and which tables it has locked for that,
 * is not.
 */
const INDEXES = `SELECT ${QUALIFIED_NAME} AS name, i.indisvalid::pg_catalog.text AS valid,
  c.relkind::pg_catalog.text AS kind, (
    SELECT min(b.pid) FROM pg_catalog.pg_stat_progress_create_index b JOIN pg_catalog.pg_locks l ON l.pid = b.pid
    WHERE b.datname = pg_catalog.current_database() AND l.locktype = 'relation' AND l.database = b.datid
      AND l.relation = i.indrelid AND l.mode IN ('ShareUpdateExclusiveLock', 'ShareLock') AND l.granted
  )::pg_catalog.text AS pid
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace`;

async function readIndexes(session: Session, condition: string, abort: OnAbort = "cancel"): Promise<FoundIndex[]> {
  const sql = `${INDEXES} WHERE ${condition} ORDER BY 1`;
  const rows = await (abort === "cancel" ? session.query(sql) : session.finish(sql));
  return rows.map((row) => ({
    name: String(row.name),
    valid: row.valid === "true",
    isPartitioned: row.kind === "I",
    pid: row.pid === null ? undefined : Number(row.pid),
  }));
}

function droppable(indexes: readonly FoundIndex[]): string[] {
  return indexes.filter((index) => !index.valid && !index.isPartitioned && index.pid === undefined).map((index) =>
    index.name
  );
}

function isNew(since: string): string {
  return `pg_catalog.age(c.xmin) <= pg_catalog.age(${quoteLiteral(since)}::pg_catalog.xid)`;
}

function tableOf({ schema, table }: CreateIndexConcurrently): string {
  return `pg_catalog.to_regclass(${regclass({ schema, name: table })})`;
}

function isOnTable(statement: CreateIndexConcurrently): string {
  return `i.indrelid = ${tableOf(statement)}`;
}

function createdCondition(statement: CreateIndexConcurrently): string {
  const ofName = statement.name === undefined ? "" : ` AND c.relname = ${quoteLiteral(statement.name)}`;
  return `${isOnTable(statement)}${ofName}`;
}

/** The index of a table's TOAST table is rebuilt with it, those of partitions with the partitioned one. */
function reindexedCondition({ target, schema, name }: Reindex): string {
  const suffix = "c.relname ~ '_cc(new|old)[0-9]*$'";
  if (name === undefined || target === "database" || target === "system") return suffix;
  const named = `pg_catalog.to_regclass(${regclass({ schema, name })})`;
  const tree = `SELECT p.relid FROM pg_catalog.pg_partition_tree(${named}) p`;
  const tables = target === "schema"
    ? `SELECT t.oid FROM pg_catalog.pg_class t WHERE t.relnamespace = pg_catalog.to_regnamespace(${
      regclass({ schema: undefined, name })
    })`
    : target === "table"
    ? `SELECT ${named} UNION ALL ${tree}`
    : `SELECT o.indrelid FROM pg_catalog.pg_index o WHERE o.indexrelid = ${named} OR o.indexrelid IN (${tree})`;
  return `${suffix} AND EXISTS (SELECT FROM pg_catalog.pg_class t WHERE t.oid IN (${tables})
    AND i.indrelid IN (t.oid, t.reltoastrelid))`;
}
