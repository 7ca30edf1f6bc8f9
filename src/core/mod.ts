/**
 * Parsing, order, checksums and planning of migrations as pure functions over values. Needs no runtime API but Web
 * Crypto, and no driver: it also runs in a browser or an edge worker.
 *
 * @example Read a migration and look at it
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Migration, splitStatements } from "@metapg/migration/core";
 *
 * const migration = await Migration.parse("001_users.sql", "CREATE TABLE users (id int); CREATE INDEX ON users (id);");
 * assertEquals(splitStatements(migration.up).map((statement) => statement.sql), [
 *   "CREATE TABLE users (id int)",
 *   "CREATE INDEX ON users (id)",
 * ]);
 * ```
 *
 * @module
 */

export type {
  AloneBase,
  AloneStatement,
  BareAlone,
  CreateIndexConcurrently,
  DetachPartitionConcurrently,
  DropIndexConcurrently,
  InTransaction,
  NamedAlone,
  Reindex,
} from "./alone_statement.ts";
export { checksum, TOKEN_CHECKSUM_PREFIX, tokenChecksum } from "./checksum.ts";
export { compare, type ComparedFile, type CompareInput, type Comparison } from "./compare.ts";
export type { Access, Capabilities, Connection, ConnectOptions, Database, Notice, Row } from "./database.ts";
export { DatabaseError, type DatabaseErrorKind, type ServerErrorFields } from "./database_error.ts";
export { formatDuration, parseDuration } from "./duration.ts";
export { type ErrorCode, MigrationError, type MigrationErrorOptions } from "./error.ts";
export type {
  Direction,
  Done,
  EventBase,
  EventBody,
  EventSink,
  LeaseTerm,
  LockHolder,
  MigrationEvent,
} from "./event.ts";
export { describeFaults, type FaultContext } from "./fault.ts";
export { type GraphFault, type GraphNode, type GraphOrder, orderMigrations } from "./graph.ts";
export { findSecret, maskSecrets } from "./mask.ts";
export {
  type FromFileOptions,
  Migration,
  type MigrationClass,
  type Section,
  type TransactionMode,
} from "./migration.ts";
export type { FileOutline, MigrationFields } from "./migration_fields.ts";
export {
  checkDatabaseName,
  checkMigrationName,
  type FileName,
  fileNameHint,
  parseFileName,
  variableOf,
} from "./name.ts";
export { nearestName } from "./nearest.ts";
export { type ParsedFile, parseFile, parseStored } from "./parse.ts";
export {
  type Plan,
  type PlanRequest,
  selectApplied,
  selectMissing,
  selectPending,
  type Step,
  type Strictness,
  unknownMigration,
} from "./plan.ts";
export { offsetOfCodePoint, type Position, positionAt } from "./position.ts";
export { formatProblem, type Problem, type ProblemCode, type Severity, sortProblems } from "./problem.ts";
export { type FileReader, memoryReader, type Sha256 } from "./reader.ts";
export { MigrationRecord, type MigrationRecordFields, type PartialSection, type UnitState } from "./record.ts";
export { findRefusals, type Refusal, type Refusals, throwRefusals } from "./refusal.ts";
export { sessionStatements } from "./session_statements.ts";
export { type ExcerptLine, type FailurePoint, SqlError, type SqlErrorPlace } from "./sql_error.ts";
export type { StatementKind } from "./statement_kind.ts";
export { splitStatements, type Statement } from "./statements.ts";
export { type Difference, isSameMigration, MigrationStatus, type MigrationStatusFields } from "./status.ts";
export type { ObjectName } from "./token_cursor.ts";
export { splitUnits, type Unit, type UnitMode } from "./unit.ts";
export type { Durations, Verdict } from "./verdict.ts";
