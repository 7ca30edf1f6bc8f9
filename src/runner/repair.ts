/**
 * Brings the history in line with the files, without running anything.
 *
 * @module
 */

import type { Comparison } from "../core/compare.ts";
import { MigrationError } from "../core/error.ts";
import { unknownMigration } from "../core/plan.ts";
import type { MigrationRecord } from "../core/record.ts";
import { describeRenamed } from "../core/refusal.ts";
import { type Difference, isSameMigration } from "../core/status.ts";
import type { Context } from "./context.ts";
import { refuseEditedUnits } from "./edited_units.ts";
import { loadMigrations } from "./load.ts";
import { ensureHistory, withLock, writeHistory } from "./locked.ts";
import { type RepairAction, repairSql } from "./repair_sql.ts";
import type { Session } from "./session.ts";
import { refuseReadOnly } from "./server.ts";
import { compareWith, survey, withSession } from "./survey.ts";

export type { RepairAction };

/** A unit of a part-way migration. */
export interface UnitName {
  /** Name of the migration. */
  readonly name: string;
  /** Number of the unit, from 1. */
  readonly unit: number;
}

/** What to repair beside edited and renamed files. */
export interface RepairRequest {
  /** Applied migrations whose file is gone for good. */
  readonly forget?: readonly string[];
  /** A unit that was finished, whatever the journal says. */
  readonly done?: UnitName;
  /** A unit that is to run again. */
  readonly again?: UnitName;
}

/** What a repair would change, in order. */
export interface RepairPlan {
  /** Name of the database. */
  readonly db: string;
  /** The changes. */
  readonly actions: readonly RepairAction[];
}

/**
 * Finds what a repair would change, and writes nothing.
 *
 * @param context The database.
 * @param request What to repair beside edited and renamed files.
 * @returns The changes.
 * @throws A {@linkcode MigrationError} with code `UNKNOWN_MIGRATION` or `USAGE` if the request does not fit the history,
 * `RENAMED` or `CHANGED` if files cannot be taken for what ran.
 */
export async function planRepair(context: Context, request: RepairRequest): Promise<RepairPlan> {
  const files = await loadMigrations(context);
  return await withSession(context, "read", async (session) => {
    const { records } = await survey(context, session);
    const comparison = compareWith(context, files.migrations, records);
    return { db: context.dbName, actions: await findActions(context, session, comparison, request) };
  });
}

/**
 * Repairs, in one transaction under the lock.
 *
 * @param context The database.
 * @param request What to repair beside edited and renamed files.
 * @param expected The plan that a person agreed to.
 * @returns What was changed.
 * @throws A {@linkcode MigrationError} as {@linkcode planRepair} does, or with code `PLAN_CHANGED`.
 */
export async function repair(context: Context, request: RepairRequest, expected?: RepairPlan): Promise<RepairPlan> {
  const files = await loadMigrations(context);
  return await withSession(context, "write", async (session) => {
    const found = await survey(context, session);
    const before = compareWith(context, files.migrations, found.records);
    const first = await findActions(context, session, before, request);
    if (first.length === 0 && expected === undefined) return { db: context.dbName, actions: [] };
    refuseReadOnly(found.server);
    return await withLock(context, session, found.server, async (run, { server, records }) => {
      const comparison = compareWith(context, files.migrations, records);
      const actions = await findActions(context, session, comparison, request);
      if (expected !== undefined && JSON.stringify(expected.actions) !== JSON.stringify(actions)) {
        throw new MigrationError("PLAN_CHANGED", "Cannot repair: files or history changed since the plan was made");
      }
      if (actions.length > 0) {
        await ensureHistory(run, server);
        await writeHistory(run, await repairSql(run, comparison, actions));
      }
      return { db: context.dbName, actions };
    });
  });
}

async function findActions(
  context: Context,
  session: Session,
  comparison: Comparison,
  request: RepairRequest,
): Promise<RepairAction[]> {
  const unit = request.done ?? request.again;
  if (unit !== undefined) {
    return [unitAction(comparison, unit, request.done === undefined ? "unit-again" : "unit-done")];
  }
  const { status } = comparison;
  const forget = request.forget ?? [];
  const renamed = status.renamed.filter(({ record }) => !forget.includes(record.name));
  refuseStrangers(renamed.filter((difference) => !isSameMigration(difference)));
  const edited = [...status.changed, ...status.reformatted, ...partWayRollbacks(comparison)];
  await refuseEditedUnits(context, session, "repair", [...renamed, ...edited]);
  const renames = renamed.flatMap((difference): RepairAction[] => [
    { type: "rename", name: difference.record.name, newName: difference.migration.name },
    ...(difference.record.checksum === difference.migration.checksum ? [] : [acceptAction(difference)]),
  ]);
  const byName = (a: RepairAction, b: RepairAction) => a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
  return [
    ...renames,
    ...edited.map(acceptAction).toSorted(byName),
    ...forget.map((name) => forgetAction(comparison, name)),
  ];
}

/** Rollbacks that stopped and whose file differs: what runs of them is the stored text, as of any rollback. */
function partWayRollbacks({ records, order }: Comparison): Difference[] {
  const files = new Map(order.map((migration) => [migration.name, migration]));
  return records.filter((record) => record.partial === "down").flatMap((record) => {
    const migration = files.get(record.name);
    return migration === undefined || migration.checksum === record.checksum ? [] : [{ record, migration }];
  });
}

/** What is recorded counts as run: a file with other statements is never taken for a migration under a new name. */
function refuseStrangers(strangers: readonly Difference[]): void {
  if (strangers.length === 0) return;
  throw new MigrationError(
    "RENAMED",
    "Cannot repair: files have the version of applied migrations, but other statements",
    {
      problems: strangers.map(describeRenamed),
      hint: "Give them versions of their own, or give up what is gone for good with repair --forget. " +
        "Was a file renamed and edited? Restore its statements, repair, then edit it",
    },
  );
}

function acceptAction({ record, migration }: Difference): RepairAction {
  return { type: "accept", name: migration.name, oldChecksum: record.checksum, newChecksum: migration.checksum };
}

function forgetAction(comparison: Comparison, name: string): RepairAction {
  const record = findRecord(comparison, name);
  const { order, status } = comparison;
  const renamed = status.renamed.find((difference) => difference.record === record && isSameMigration(difference));
  const file = renamed?.migration ?? order.find((migration) => migration.name === name);
  if (file !== undefined) {
    const what = file.name === name ? "is there" : `is there as "${file.name}"`;
    throw new MigrationError("USAGE", `Cannot forget "${name}": its file ${what}, so that up would apply it again`, {
      hint: `Delete the file first, or ${
        record.partial === "up" ? "finish the migration with up" : "undo the migration with down"
      }`,
    });
  }
  return { type: "forget", name, checksum: record.checksum };
}

function unitAction(comparison: Comparison, unit: UnitName, type: "unit-done" | "unit-again"): RepairAction {
  const record = findRecord(comparison, unit.name);
  const next = (record.unitsDone ?? 0) + 1;
  if (record.partial === null || unit.unit !== next) {
    const reason = record.partial === null ? "it is not part-way" : `its next unit is ${next}`;
    throw new MigrationError("USAGE", `Cannot repair unit ${unit.unit} of "${unit.name}": ${reason}`);
  }
  return { type, ...unit };
}

function findRecord(comparison: Comparison, name: string): MigrationRecord {
  const record = comparison.records.find((candidate) => candidate.name === name);
  if (record === undefined) throw unknownMigration(name, comparison.records.map((candidate) => candidate.name));
  return record;
}
