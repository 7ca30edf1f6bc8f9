/**
 * Statements that a `Transaction: none` migration sends alone, and what resuming after a crash has to know of them.
 *
 * @module
 */

import type { ObjectName, TokenCursor } from "./token_cursor.ts";

/** Whether PostgreSQL takes a statement inside a transaction. */
export type InTransaction = "refused" | "accepted";

/** What {@linkcode AloneStatement} says of every statement. */
export interface AloneBase {
  /** Its name for messages, as in `CREATE INDEX CONCURRENTLY`. */
  readonly title: string;
  /** Whether PostgreSQL takes it inside a transaction: `DO`, `CALL`, and `REINDEX` and `CLUSTER` of a plain table are taken. */
  readonly inTransaction: InTransaction;
}

/** `CREATE INDEX CONCURRENTLY`. */
export interface CreateIndexConcurrently extends AloneBase {
  /** Which statement it is. */
  readonly type: "create-index-concurrently";
  /** Whether the index is unique. */
  readonly unique: boolean;
  /** Whether an index of that name lets it do nothing. */
  readonly ifNotExists: boolean;
  /** The index; `undefined` lets the server choose a name. */
  readonly name: string | undefined;
  /** The schema of the table, and so of the index; `undefined` leaves it to the search path. */
  readonly schema: string | undefined;
  /** The table. */
  readonly table: string;
}

/** `DROP INDEX CONCURRENTLY`. */
export interface DropIndexConcurrently extends AloneBase, ObjectName {
  /** Which statement it is. */
  readonly type: "drop-index-concurrently";
  /** Whether it does nothing where there is no such index. */
  readonly ifExists: boolean;
}

/** `REINDEX` in any form. */
export interface Reindex extends AloneBase {
  /** Which statement it is. */
  readonly type: "reindex";
  /** What is named. */
  readonly target: "index" | "table" | "schema" | "database" | "system";
  /** Whether it is `CONCURRENTLY`. */
  readonly concurrently: boolean;
  /** The schema of the index or table; `undefined` leaves it to the search path. */
  readonly schema: string | undefined;
  /** What is reindexed; `undefined`: the database that is connected. */
  readonly name: string | undefined;
}

/** `ALTER TABLE … DETACH PARTITION … CONCURRENTLY`. */
export interface DetachPartitionConcurrently extends AloneBase {
  /** Which statement it is. */
  readonly type: "detach-partition-concurrently";
  /** The partitioned table. */
  readonly table: ObjectName;
  /** The partition. */
  readonly partition: ObjectName;
}

/** A statement about one database, tablespace, subscription or prepared transaction. */
export interface NamedAlone extends AloneBase {
  /** Which statement it is. */
  readonly type:
    | "create-database"
    | "drop-database"
    | "alter-database-tablespace"
    | "create-tablespace"
    | "drop-tablespace"
    | "create-subscription"
    | "drop-subscription"
    | "alter-subscription"
    | "commit-prepared"
    | "rollback-prepared";
  /** What it is about. */
  readonly name: string;
}

/** A statement of which nothing more needs to be known. */
export interface BareAlone extends AloneBase {
  /** Which statement it is. */
  readonly type:
    | "vacuum"
    | "cluster"
    | "alter-system"
    | "discard-all"
    | "do"
    | "call";
}

/** A statement that has to be sent alone: PostgreSQL refuses it in a transaction, or it may end transactions itself. */
export type AloneStatement =
  | CreateIndexConcurrently
  | DropIndexConcurrently
  | Reindex
  | DetachPartitionConcurrently
  | NamedAlone
  | BareAlone;

/**
 * Recognizes a statement that has to be sent alone.
 *
 * @param cursor At its first token.
 * @returns What it is; `undefined` if it may run in a transaction.
 */
export function aloneStatement(cursor: TokenCursor): AloneStatement | undefined {
  const first = cursor.word;
  cursor.next();
  switch (first) {
    case "create":
      return create(cursor);
    case "drop":
      return drop(cursor);
    case "alter":
      return alter(cursor);
    case "reindex":
      return reindex(cursor);
    case "cluster":
      return cluster(cursor);
    case "vacuum":
      return refused("vacuum", "VACUUM");
    case "discard":
      return cursor.word === "all" ? refused("discard-all", "DISCARD ALL") : undefined;
    case "commit":
      return prepared(cursor, "commit-prepared", "COMMIT PREPARED");
    case "rollback":
      return prepared(cursor, "rollback-prepared", "ROLLBACK PREPARED");
    case "do":
      return { type: "do", title: "DO", inTransaction: "accepted" };
    case "call":
      return { type: "call", title: "CALL", inTransaction: "accepted" };
    default:
      return undefined;
  }
}

function refused(type: BareAlone["type"], title: string): BareAlone {
  return { type, title, inTransaction: "refused" };
}

function named(type: NamedAlone["type"], title: string, name: string | undefined): NamedAlone | undefined {
  return name === undefined ? undefined : { type, title, inTransaction: "refused", name };
}

function prepared(cursor: TokenCursor, type: NamedAlone["type"], title: string): NamedAlone | undefined {
  return cursor.accept("prepared") ? named(type, title, cursor.literal() ?? "") : undefined;
}

function create(cursor: TokenCursor): AloneStatement | undefined {
  if (cursor.accept("database")) return named("create-database", "CREATE DATABASE", cursor.identifier());
  if (cursor.accept("tablespace")) return named("create-tablespace", "CREATE TABLESPACE", cursor.identifier());
  if (cursor.accept("subscription")) return createSubscription(cursor);
  const unique = cursor.accept("unique");
  return cursor.accept("index", "concurrently") ? createIndex(cursor, unique) : undefined;
}

function createIndex(cursor: TokenCursor, unique: boolean): CreateIndexConcurrently | undefined {
  const ifNotExists = cursor.accept("if", "not", "exists");
  const name = cursor.word === "on" ? undefined : cursor.identifier();
  cursor.accept("on");
  cursor.accept("only");
  const table = cursor.objectName();
  if (table === undefined) return undefined;
  return {
    type: "create-index-concurrently",
    title: `CREATE ${unique ? "UNIQUE " : ""}INDEX CONCURRENTLY`,
    inTransaction: "refused",
    unique,
    ifNotExists,
    name,
    schema: table.schema,
    table: table.name,
  };
}

/** The server is asked for a replication slot unless `create_slot` or `connect` is off. */
function createSubscription(cursor: TokenCursor): NamedAlone | undefined {
  const name = cursor.identifier();
  while (cursor.token !== undefined && !cursor.accept("with")) cursor.next();
  const options = cursor.options();
  if (isOff(options.get("create_slot")) || isOff(options.get("connect"))) return undefined;
  return named("create-subscription", "CREATE SUBSCRIPTION with a replication slot", name);
}

function drop(cursor: TokenCursor): AloneStatement | undefined {
  const kind = cursor.word;
  cursor.next();
  if (kind === "index") return cursor.accept("concurrently") ? dropIndex(cursor) : undefined;
  cursor.accept("if", "exists");
  if (kind === "database") return named("drop-database", "DROP DATABASE", cursor.identifier());
  if (kind === "tablespace") return named("drop-tablespace", "DROP TABLESPACE", cursor.identifier());
  return kind === "subscription" ? named("drop-subscription", "DROP SUBSCRIPTION", cursor.identifier()) : undefined;
}

function dropIndex(cursor: TokenCursor): DropIndexConcurrently | undefined {
  const ifExists = cursor.accept("if", "exists");
  const index = cursor.objectName();
  if (index === undefined) return undefined;
  return {
    type: "drop-index-concurrently",
    title: "DROP INDEX CONCURRENTLY",
    inTransaction: "refused",
    ifExists,
    ...index,
  };
}

function alter(cursor: TokenCursor): AloneStatement | undefined {
  const kind = cursor.word;
  cursor.next();
  if (kind === "system") return refused("alter-system", "ALTER SYSTEM");
  if (kind === "table") return detachPartition(cursor);
  if (kind === "subscription") return alterSubscription(cursor);
  return kind === "database" ? alterDatabase(cursor) : undefined;
}

/** `SET TABLESPACE name` may be written as an option, `[WITH] TABLESPACE [=] name`; `SET tablespace = …` is a setting. */
function alterDatabase(cursor: TokenCursor): NamedAlone | undefined {
  const name = cursor.identifier();
  const isSet = cursor.accept("set");
  if (!isSet) cursor.accept("with");
  if (!cursor.accept("tablespace")) return undefined;
  const isSetting = isSet && (cursor.text === "=" || cursor.word === "to");
  return isSetting ? undefined : named("alter-database-tablespace", "ALTER DATABASE SET TABLESPACE", name);
}

/** `FINALIZE` in the place of `CONCURRENTLY` may run in a transaction. */
function detachPartition(cursor: TokenCursor): DetachPartitionConcurrently | undefined {
  cursor.accept("if", "exists");
  cursor.accept("only");
  const table = cursor.objectName();
  cursor.acceptSymbol("*");
  if (table === undefined || !cursor.accept("detach", "partition")) return undefined;
  const partition = cursor.objectName();
  if (partition === undefined || !cursor.accept("concurrently")) return undefined;
  return {
    type: "detach-partition-concurrently",
    title: "ALTER TABLE … DETACH PARTITION … CONCURRENTLY",
    inTransaction: "refused",
    table,
    partition,
  };
}

/** Refused: `REFRESH`, a change of publications that refreshes, and options that change the slot on the publisher. */
function alterSubscription(cursor: TokenCursor): NamedAlone | undefined {
  const name = cursor.identifier();
  const title = "ALTER SUBSCRIPTION … REFRESH";
  if (cursor.accept("refresh")) return named("alter-subscription", title, name);
  if (!cursor.accept("set|add|drop")) return undefined;
  if (cursor.accept("publication")) {
    while (cursor.token !== undefined && !cursor.accept("with")) cursor.next();
    return isOff(cursor.options().get("refresh"))
      ? undefined
      : named("alter-subscription", `${title} (the default)`, name);
  }
  const options = cursor.options();
  return options.has("failover") || options.has("two_phase")
    ? named("alter-subscription", "ALTER SUBSCRIPTION … SET (failover or two_phase)", name)
    : undefined;
}

/** Of a partitioned table or index PostgreSQL refuses it too, which no file can tell: it is always sent alone. */
function reindex(cursor: TokenCursor): Reindex | undefined {
  const options = cursor.options();
  const target = cursor.word;
  if (
    target !== "index" && target !== "table" && target !== "schema" && target !== "database" && target !== "system"
  ) return undefined;
  cursor.next();
  const concurrently = cursor.accept("concurrently") ||
    (options.has("concurrently") && !isOff(options.get("concurrently")));
  const { schema, name } = cursor.objectName() ?? { schema: undefined, name: undefined };
  const isWhole = target !== "index" && target !== "table";
  return {
    type: "reindex",
    title: `REINDEX ${target.toUpperCase()}${concurrently ? " CONCURRENTLY" : ""}`,
    inTransaction: isWhole || concurrently ? "refused" : "accepted",
    target,
    concurrently,
    schema,
    name,
  };
}

/** Without a table it goes over all of them, in a transaction each; a partitioned table likewise. */
function cluster(cursor: TokenCursor): BareAlone {
  cursor.options();
  cursor.accept("verbose");
  return cursor.token === undefined
    ? refused("cluster", "CLUSTER without a table")
    : { type: "cluster", title: "CLUSTER", inTransaction: "accepted" };
}

function isOff(value: string | undefined): boolean {
  return value === "false" || value === "off" || value === "0";
}
