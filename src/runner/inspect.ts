/**
 * Questions about files and database. None of them writes.
 *
 * @module
 */

import { describeFaults } from "../core/fault.ts";
import type { LockHolder } from "../core/event.ts";
import { orderMigrations } from "../core/graph.ts";
import { findSecret } from "../core/mask.ts";
import type { Migration } from "../core/migration.ts";
import type { FileOutline } from "../core/migration_fields.ts";
import { parseStored } from "../core/parse.ts";
import { unknownMigration } from "../core/plan.ts";
import { positionAt } from "../core/position.ts";
import { type Problem, sortProblems } from "../core/problem.ts";
import { describeUnits, type MigrationRecord } from "../core/record.ts";
import { findRefusals, orderError } from "../core/refusal.ts";
import type { MigrationStatus } from "../core/status.ts";
import type { Context, Folder } from "./context.ts";
import { type LogEntry, readLog, readSources } from "./history.ts";
import { lockKey } from "./history_table.ts";
import { loadFiles, loadMigrations } from "./load.ts";
import { loadForRequest } from "./make_plan.ts";
import { endLease } from "./lease_table.ts";
import { readLockHolder, terminateHolder } from "./lock.ts";
import { readServerState } from "./server.ts";
import { compareWith, survey, withFiles, withSession } from "./survey.ts";

/**
 * Compares files with the database.
 *
 * @param context The database.
 * @returns How they stand to each other.
 * @throws A {@linkcode MigrationError} with code `FILES_INVALID` if the files are not sound.
 */
export async function readStatus(context: Context): Promise<MigrationStatus> {
  const comparison = await withFiles(
    context,
    "read",
    loadForRequest(context, { type: "up" }),
    (_, files, { records }) => Promise.resolve(compareWith(context, files.migrations, records)),
  );
  if (comparison.problems.length > 0) throw orderError(comparison.problems);
  return comparison.status;
}

/** Reads what is applied, in order of application. */
export async function readApplied(context: Context): Promise<MigrationRecord[]> {
  const { records } = await withSession(context, "read", (session) => survey(context, session));
  return records.filter((record) => record.isApplied);
}

/** Finds what is wrong with the files alone. */
export async function validateFiles(folder: Folder): Promise<readonly Problem[]> {
  const files = await loadFiles(folder);
  const lowest = files.outlines.reduce((least, { version }) => Math.min(least, version), Infinity);
  const broken = new Set(files.broken);
  const { faults } = orderMigrations(files.outlines, (name) => broken.has(name));
  return sortProblems([
    ...files.problems,
    ...describeFaults(faults, { names: files.outlines.map((outline) => outline.name), lowest }),
    ...files.outlines.flatMap(warnOfSecret),
  ]);
}

/** What is in a file is in the history, too, where other people may read it. */
function warnOfSecret(file: FileOutline): Problem[] {
  const offset = findSecret(file.text);
  if (offset === undefined) return [];
  return [{
    code: "secret",
    severity: "warning",
    message: "The history stores the whole file, with the secret in it",
    path: file.path,
    name: file.name,
    ...positionAt(file.text, offset),
    hint: "Set the password outside of migrations, or from a variable of the session",
  }];
}

/**
 * Reads the files in the order in which all of them would be applied.
 *
 * @param folder The folder.
 * @returns The migrations.
 * @throws A {@linkcode MigrationError} with code `FILES_INVALID`.
 */
export async function readOrder(folder: Folder): Promise<readonly Migration[]> {
  const { migrations } = await loadMigrations(folder);
  const { order, faults } = orderMigrations(migrations);
  const lowest = migrations[0]?.version ?? 0;
  const names = migrations.map((migration) => migration.name);
  const problems = describeFaults(faults, { names, lowest });
  if (problems.every((problem) => problem.severity === "warning")) return order;
  throw orderError(problems);
}

/** Finds what is wrong with the files, and then with how they stand to the database. */
export async function checkDatabase(context: Context): Promise<readonly Problem[]> {
  const files = await loadFiles(context);
  const { records } = await withSession(context, "read", (session) => survey(context, session));
  const broken = new Set(files.broken);
  const comparison = compareWith(context, files.migrations, records, broken);
  const findings = findRefusals(comparison, context.strictness);
  return [
    ...files.problems,
    ...files.outlines.flatMap(warnOfSecret),
    ...findings.errors.flatMap((finding) => finding.problems),
    ...findings.warnings,
    // A rollback that is part-way is among the errors.
    ...comparison.status.failed.filter((record) => record.partial !== "down").map(describeFailed),
  ];
}

function describeFailed(record: MigrationRecord): Problem {
  const { name, error } = record;
  return {
    code: "failed",
    severity: "error",
    message: record.partial === null
      ? `Migration "${name}" failed when it was last tried: ${error ?? ""}`
      : `Migration "${name}" is part-way: it ${describeUnits(record)}${error === null ? "" : `: ${error}`}`,
    name,
  };
}

/** Reads the log, oldest entry first; empty if there is no history. */
export async function readHistoryLog(context: Context): Promise<readonly LogEntry[]> {
  return await withSession(context, "read", async (session) => {
    const { server, readable } = await survey(context, session);
    return server.history === "absent" ? [] : await readLog(session, readable);
  });
}

/** A migration as it is stored in the history. */
export interface StoredMigration {
  /** Its row. */
  readonly record: MigrationRecord;
  /** The whole text as applied. */
  readonly source: string;
}

/**
 * Reads a migration as it was applied.
 *
 * @param context The database.
 * @param name Its name.
 * @returns Row and text.
 * @throws A {@linkcode MigrationError} with code `UNKNOWN_MIGRATION` if the history does not have it.
 */
export async function readStored(context: Context, name: string): Promise<StoredMigration> {
  return await withSession(context, "read", async (session) => {
    const { records } = await survey(context, session);
    const record = records.find((candidate) => candidate.name === name);
    if (record === undefined) throw unknownMigration(name, records.map((candidate) => candidate.name));
    const sources = await readSources(session, context.table, [name]);
    return { record, source: sources.get(name) ?? "" };
  });
}

/** Reads all that is applied, as and in the order it was; what is only rolled back in part was, too. */
export async function readAppliedMigrations(context: Context): Promise<Migration[]> {
  return await withSession(context, "read", async (session) => {
    const { records, readable } = await survey(context, session);
    const applied = records.filter((record) => record.isApplied || record.partial === "down");
    const sources = await readSources(session, readable, applied.map(({ name }) => name));
    return await Promise.all(applied.map(({ name }) => parseStored(name, sources.get(name) ?? "")));
  });
}

/** The tool's lock on a database. */
export interface LockStatus {
  /** Key of the advisory lock. */
  readonly key: string;
  /** Who holds it; `null` if it is free. */
  readonly holder: LockHolder | null;
}

/** Asks who holds the lock. */
export async function readLock(context: Context): Promise<LockStatus> {
  const key = await lockKey(context.table);
  const holder = await withSession(context, "read", (session) => readLockHolder(session, key, context.table), "else");
  return { key: String(key), holder };
}

/**
 * Ends the session that holds the lock, or takes the lease away.
 *
 * @param context The database.
 * @param holder The holder as it was seen.
 * @returns Whether it was ended; `false` if it does not hold the lock any more.
 */
export async function breakLock(context: Context, { pid, lease }: LockHolder): Promise<boolean> {
  const key = await lockKey(context.table);
  return await withSession(context, "write", async (session) => {
    if (lease !== undefined) return await endLease(session, context.table, lease.fence);
    return pid !== null && await terminateHolder(session, key, pid);
  }, "else");
}

/** What a server says of itself. */
export interface ServerInfo {
  /** What `version()` says. */
  readonly version: string;
  /** The user that connected. */
  readonly user: string;
  /** Name of the database. */
  readonly database: string;
}

/** Connects and asks the server what it is. */
export async function pingServer(context: Context): Promise<ServerInfo> {
  // Who may not read the history may ask this.
  const server = await withSession(context, "read", (session) => readServerState(session, context.table), "else");
  return { version: server.version, user: server.user, database: server.database };
}
