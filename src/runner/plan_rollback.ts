/**
 * The steps of a rollback, with the texts that the history holds.
 *
 * @module
 */

import type { ComparedFile, Comparison } from "../core/compare.ts";
import { MigrationError } from "../core/error.ts";
import type { Migration } from "../core/migration.ts";
import { parseKnown } from "./load_unapplied.ts";
import { parseStored } from "../core/parse.ts";
import { progressOf, type Step } from "../core/plan.ts";
import type { Problem } from "../core/problem.ts";
import type { MigrationRecord } from "../core/record.ts";
import { splitUnits } from "../core/unit.ts";
import type { Context } from "./context.ts";
import { readSources } from "./history.ts";
import type { Session } from "./session.ts";

/** The steps of a plan and what a person should know before. */
export interface PlannedSteps {
  /** What would run. */
  readonly steps: readonly Step[];
  /** What a person should know. */
  readonly warnings: readonly Problem[];
}

/**
 * Plans to roll migrations back.
 *
 * @param context The database.
 * @param session A session, for the stored texts.
 * @param comparison Files and history.
 * @param records What to roll back, in order.
 * @returns The steps.
 * @throws A {@linkcode MigrationError} with code `NOT_APPLIED` for one that is part-way, or `NO_ROLLBACK`.
 */
export async function planRollback(
  context: Context,
  session: Session,
  comparison: Comparison<ComparedFile>,
  records: readonly MigrationRecord[],
): Promise<PlannedSteps> {
  refuseUnfinished(records);
  const ofRecords = new Set(records.map((record) => record.name));
  const order = await Promise.all(comparison.order.filter((file) => ofRecords.has(file.name)).map(parseKnown));
  const files = new Map(order.map((migration) => [migration.name, migration]));
  // Of the same text the file says more: an error can name its path.
  const ofFile = ({ name, checksum }: MigrationRecord) => {
    const file = files.get(name);
    return file?.checksum === checksum ? file : undefined;
  };
  const unread = records.filter((record) => ofFile(record) === undefined).map((record) => record.name);
  const sources = await readSources(session, context.table, unread);
  const stored = await Promise.all(
    records.map((record) => ofFile(record) ?? parseStored(record.name, sources.get(record.name) ?? "")),
  );
  const fixed = stored.filter((migration) => migration.rollback === undefined).map((migration) =>
    `"${migration.name}"`
  );
  if (fixed.length > 0) {
    throw new MigrationError(
      "NO_ROLLBACK",
      `Cannot roll back ${fixed.join(", ")}: no rollback section was applied with it`,
      {
        hint: "Write a new migration that undoes it, or add a -- ROLLBACK section to the file and run repair",
      },
    );
  }
  const steps = stored.map((migration, index): Step => ({
    direction: "down",
    name: migration.name,
    version: migration.version,
    transaction: migration.transaction,
    late: false,
    path: null,
    checksum: migration.checksum,
    sql: migration.rollbackSql ?? "",
    ...progressOf(records[index]),
    migration,
  }));
  return { steps, warnings: warnOfRollbacks(steps, files) };
}

function refuseUnfinished(records: readonly MigrationRecord[]): void {
  const unfinished = records.find((record) => record.partial === "up");
  if (unfinished === undefined) return;
  throw new MigrationError("NOT_APPLIED", `Cannot roll back "${unfinished.name}": it is only part-way applied`, {
    hint: `Finish it with up first; if its file is gone for good, give it up with repair --forget ${unfinished.name}`,
  });
}

/** What runs is the rollback as it was applied; a file that says something else by now should not come as a surprise. */
function warnOfRollbacks(steps: readonly Step[], files: ReadonlyMap<string, Migration>): Problem[] {
  return steps.flatMap(({ migration, unitsDone, unitState }) => {
    const file = files.get(migration.name);
    if (isCommentsOnly(migration)) return [warnOfNothing(migration.name, file?.path)];
    if (file === undefined || file.rollbackSql?.trim() === migration.rollbackSql?.trim()) return [];
    return [{
      code: "rollback",
      severity: "warning",
      message:
        `The rollback of "${migration.name}" in the file differs from the one that was applied, which is the one that runs`,
      path: file.path,
      name: migration.name,
      hint: unitsDone === 0 && unitState !== "started"
        ? "repair records the file as it is"
        : "repair records the file as it is, unless what ran of it was edited",
    }];
  });
}

/** A section that was left empty is meant to do nothing; comments tell of somebody who meant to write one. */
function isCommentsOnly({ rollback }: Migration): boolean {
  return rollback !== undefined && rollback.sql.trim() !== "" && splitUnits(rollback).length === 0;
}

function warnOfNothing(name: string, path: string | undefined): Problem {
  return {
    code: "rollback",
    severity: "warning",
    message: `The rollback of "${name}" has comments but no SQL: nothing of the migration is undone`,
    ...(path === undefined ? {} : { path }),
    name,
    hint: "Write the statements into the file and run repair before you roll back",
  };
}
