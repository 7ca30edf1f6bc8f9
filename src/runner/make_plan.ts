/**
 * Turns a request into a plan, with the texts that it would run.
 *
 * @module
 */

import type { ComparedFile, Comparison } from "../core/compare.ts";
import { MigrationError } from "../core/error.ts";
import type { Migration } from "../core/migration.ts";
import {
  type Plan,
  type PlanRequest,
  progressOf,
  selectApplied,
  selectMissing,
  selectPending,
  type Step,
} from "../core/plan.ts";
import { describeRenamed, findRefusals, throwRefusals } from "../core/refusal.ts";
import { hasRun, type MigrationRecord } from "../core/record.ts";
import { MigrationStatus } from "../core/status.ts";
import type { Context } from "./context.ts";
import { refuseEditedUnits } from "./edited_units.ts";
import { type LoadedFiles, loadMigrations } from "./load.ts";
import { loadUnapplied, parseKnown, parseUnapplied } from "./load_unapplied.ts";
import { warnOfServer } from "./server.ts";
import { type PlannedSteps, planRollback } from "./plan_rollback.ts";
import type { Session } from "./session.ts";
import { compareWith, loadForRollback, type Survey } from "./survey.ts";

/**
 * Tells how to read the files that a request needs.
 *
 * @param context The database.
 * @param request The request.
 * @returns What reads them, given the rows of the history as soon as they are known; for `apply` it is the one migration.
 * It throws a {@linkcode MigrationError} with code `CONFIG` or `FILES_INVALID`.
 */
export function loadForRequest(
  context: Context,
  request: PlanRequest,
): (history?: Promise<readonly MigrationRecord[]>) => Promise<LoadedFiles<ComparedFile>> {
  switch (request.type) {
    case "apply":
      return () => Promise.resolve({ migrations: [request.migration], outlines: [], broken: [], problems: [] });
    case "down":
      return () => loadForRollback(context);
    case "up":
      return (history) => history === undefined ? loadMigrations(context) : loadUnapplied(context, history);
    case "redo":
    case "sync":
      return () => loadMigrations(context);
  }
}

/**
 * Makes the plan for a request. Everything that stands in its way is found here, before anything runs.
 *
 * @param context The database.
 * @param session A session, for the stored texts of rollbacks.
 * @param files The files.
 * @param found What the database says.
 * @param request The request.
 * @returns The plan.
 * @throws A {@linkcode MigrationError} with the code of what stands in the way.
 */
export async function makePlan(
  context: Context,
  session: Session,
  files: LoadedFiles<ComparedFile>,
  found: Survey,
  request: PlanRequest,
): Promise<Plan> {
  const migrations = await parseUnapplied(files.migrations, found.records);
  const comparison = compareWith(context, migrations, found.records);
  const { steps, warnings } = await planSteps(context, session, comparison, request);
  // What is odd about a file matters when it runs; behind that only those ask who look at the files.
  const ofFiles = steps.flatMap((step) => step.direction === "up" ? step.migration.warnings : []);
  return { db: context.dbName, steps, warnings: [...warnOfServer(found.server), ...ofFiles, ...warnings] };
}

async function planSteps(
  context: Context,
  session: Session,
  comparison: Comparison<ComparedFile>,
  request: PlanRequest,
): Promise<PlannedSteps> {
  switch (request.type) {
    case "up": {
      const chosen = selectPending(comparison, request);
      const findings = findRefusals(comparison, context.strictness);
      throwRefusals(findings);
      return { steps: await upSteps(context, session, comparison, chosen), warnings: findings.warnings };
    }
    case "apply":
      return await planApply(context, session, comparison, request.migration);
    case "down":
      return await planRollback(context, session, comparison, selectApplied(comparison, request));
    case "redo":
      return await planRedo(context, session, comparison, request.count);
    case "sync":
      return await planSync(context, session, comparison);
  }
}

/** A part-way migration may be edited where it did not run yet: its finished units must be the same as they were. */
async function upSteps(
  context: Context,
  session: Session,
  comparison: Comparison<ComparedFile>,
  migrations: readonly Migration[],
): Promise<Step[]> {
  const late = new Set(comparison.status.late);
  const records = new Map(comparison.records.map((record) => [record.name, record]));
  const recorded = migrations.flatMap((migration) => {
    const record = records.get(migration.name);
    return record === undefined ? [] : [{ record, migration }];
  });
  await refuseEditedUnits(context, session, "resume", recorded);
  return migrations.map((migration) => ({
    direction: "up",
    name: migration.name,
    version: migration.version,
    transaction: migration.transaction,
    late: late.has(migration),
    path: migration.path,
    checksum: migration.checksum,
    sql: migration.upSql,
    ...progressOf(records.get(migration.name)),
    migration,
  }));
}

async function planApply(
  context: Context,
  session: Session,
  comparison: Comparison<ComparedFile>,
  migration: Migration,
): Promise<PlannedSteps> {
  const { status } = comparison;
  const applied = new Set(status.applied.map((record) => record.name));
  const unmet = migration.dependencies.filter((name) => !applied.has(name));
  if (status.pending.length > 0 && unmet.length > 0) {
    throw new MigrationError(
      "DEPENDENCY_NOT_APPLIED",
      `Cannot apply "${migration.name}": it depends on ${unmet.map((name) => `"${name}"`).join(", ")}, not applied yet`,
      { hint: "Apply what it depends on first" },
    );
  }
  // The one file at hand says nothing of the others: they are neither missing, nor renamed for having the same text.
  refuseTakenVersion(comparison, migration);
  const alone = new MigrationStatus({ ...status, renamed: [], missing: [], late: [] });
  const findings = findRefusals({ ...comparison, problems: [], status: alone }, "lenient");
  throwRefusals(findings);
  return { steps: await upSteps(context, session, comparison, status.pending), warnings: findings.warnings };
}

function refuseTakenVersion({ records }: Comparison<ComparedFile>, migration: Migration): void {
  const record = records.find((one) => one.version === migration.version && one.name !== migration.name && hasRun(one));
  if (record === undefined) return;
  const problem = describeRenamed({ record, migration });
  throw new MigrationError("RENAMED", `Cannot apply "${migration.name}": its version is applied as "${record.name}"`, {
    problems: [problem],
    hint: problem.hint,
  });
}

async function planRedo(
  context: Context,
  session: Session,
  comparison: Comparison<ComparedFile>,
  count: number,
): Promise<PlannedSteps> {
  const records = selectApplied(comparison, { type: "down", count });
  const names = new Set(records.map((record) => record.name));
  const files = new Set(comparison.order.map((migration) => migration.name));
  const gone = records.filter((record) => !files.has(record.name));
  if (gone.length > 0) {
    throw new MigrationError("MISSING", `Cannot redo ${gone.map((record) => `"${record.name}"`).join(", ")}: no file`, {
      hint: "Restore the file, or use down",
    });
  }
  const findings = findRefusals(comparison, context.strictness, names);
  throwRefusals(findings);
  const down = await planRollback(context, session, comparison, records);
  const up = await Promise.all(comparison.order.filter((file) => names.has(file.name)).map(parseKnown));
  return {
    steps: [...down.steps, ...await upSteps(context, session, comparison, up)],
    warnings: [...findings.warnings, ...down.warnings],
  };
}

/** Down by what has no file, then up as if that had never been there. */
async function planSync(
  context: Context,
  session: Session,
  comparison: Comparison<ComparedFile>,
): Promise<PlannedSteps> {
  const gone = selectMissing(comparison);
  const names = new Set(gone.map((record) => record.name));
  const left = comparison.records.filter((record) => !names.has(record.name));
  const after = compareWith(context, comparison.order, left);
  const findings = findRefusals(after, context.strictness);
  throwRefusals(findings);
  const up = await upSteps(context, session, after, after.status.pending);
  const down = await planRollback(context, session, comparison, gone);
  return {
    steps: [...down.steps, ...up],
    warnings: [...findings.warnings, ...down.warnings],
  };
}

/** Tells whether the steps of two plans are the same, text by text. */
export function isSamePlan(a: Plan, b: Plan): boolean {
  const key = (plan: Plan) => plan.steps.map((step) => `${step.direction} ${step.name} ${step.checksum}`).join("\n");
  return key(a) === key(b);
}
