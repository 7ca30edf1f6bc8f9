/**
 * The changes of a repair, and the SQL that makes them.
 *
 * @module
 */

import type { Comparison } from "../core/compare.ts";
import type { Migration } from "../core/migration.ts";
import { quoteArray, quoteLiteral, quoteSource } from "../core/quote.ts";
import type { MigrationRecord } from "../core/record.ts";
import type { Run } from "./context.ts";
import { readSources } from "./history.ts";
import { deleteRowSql, logSql } from "./history_sql.ts";

/** One change of the history. */
export type RepairAction =
  /** Take text and checksums of the file. */
  | { readonly type: "accept"; readonly name: string; readonly oldChecksum: string; readonly newChecksum: string }
  /** Take the name of the file, also where others depend on it. */
  | { readonly type: "rename"; readonly name: string; readonly newName: string }
  /** Delete the row; the log keeps it. */
  | { readonly type: "forget"; readonly name: string; readonly checksum: string }
  /** Count a unit as finished. */
  | { readonly type: "unit-done"; readonly name: string; readonly unit: number }
  /** Let a unit run again. */
  | { readonly type: "unit-again"; readonly name: string; readonly unit: number };

/**
 * Writes what makes the changes and logs them.
 *
 * @param run The run.
 * @param comparison Files and history as the changes were found.
 * @param actions The changes.
 * @returns SQL without transaction control.
 */
export async function repairSql(run: Run, comparison: Comparison, actions: readonly RepairAction[]): Promise<string> {
  const renames = actions.filter((action) => action.type === "rename");
  const oldNames = new Map(renames.map((rename) => [rename.newName, rename.name]));
  const touched = actions.map((action) => oldNames.get(action.name) ?? action.name);
  const sources = await readSources(run.session, run.context.table, touched);
  const files = new Map(comparison.order.map((migration) => [migration.name, migration]));
  const records = new Map(comparison.records.map((record) => [record.name, record]));
  const inputOf = (action: RepairAction): ActionInput => {
    const fileName = action.type === "rename" ? action.newName : action.name;
    const rowName = oldNames.get(fileName) ?? action.name;
    return {
      file: files.get(fileName),
      record: records.get(rowName),
      source: sources.get(rowName) ?? "",
    };
  };
  return [
    // Names and versions may change places: all of them are parked before the first one is taken.
    ...renames.flatMap((rename) => parkSql(run, rename, inputOf(rename))),
    ...actions.flatMap((action) => actionSql(run, action, inputOf(action))),
    // A file that was accepted may still name what was renamed.
    ...renames.filter((rename) => !oldNames.has(rename.name)).map((rename) =>
      dependsSql(run, rename.name, rename.newName)
    ),
  ].join("\n");
}

interface ActionInput {
  readonly file: Migration | undefined;
  readonly record: MigrationRecord | undefined;
  readonly source: string;
}

type Rename = Extract<RepairAction, { readonly type: "rename" }>;

/** No migration is called so, and no version is below 0. */
function parkedName(name: string): string {
  return `~${name}`;
}

/** Frees name and version of a row, and the ones that it will take from a note of a failure that has them. */
function parkSql(run: Run, { name, newName }: Rename, { file, record }: ActionInput): string[] {
  const { table } = run.context;
  return [
    `DELETE FROM ${table.sql} h WHERE h.applied_at IS NULL AND h.partial IS NULL AND (h.name = ${
      quoteLiteral(newName)
    } OR h.version = ${file!.version});`,
    `UPDATE ${table.sql} h SET name = ${quoteLiteral(parkedName(name))}, version = ${
      -record!.version - 1
    } WHERE h.name = ${quoteLiteral(name)};`,
    dependsSql(run, name, parkedName(name)),
  ];
}

function dependsSql({ context: { table } }: Run, from: string, to: string): string {
  const [old, next] = [quoteLiteral(from), quoteLiteral(to)];
  return `UPDATE ${table.sql} h SET depends = pg_catalog.array_replace(h.depends, ${old}, ${next}) WHERE ${old} = ANY (h.depends);`;
}

function actionSql(run: Run, action: RepairAction, { file, record, source }: ActionInput): string[] {
  const { table } = run.context;
  const where = (name: string) => `WHERE h.name = ${quoteLiteral(name)};`;
  const log = (kind: "repaired" | "renamed" | "forgotten", details: Readonly<Record<string, unknown>>) =>
    logSql(table, {
      runId: run.runId,
      action: kind,
      name: action.name,
      // Only a file that is accepted changes the source.
      checksum: (action.type === "accept" ? file : record)?.checksum ?? "",
      details,
    });
  switch (action.type) {
    case "accept":
      return [
        `UPDATE ${table.sql} h SET description = ${quoteLiteral(file!.description)}, checksum = ${
          quoteLiteral(file!.checksum)
        }, token_checksum = ${quoteLiteral(file!.tokenChecksum)}, depends = ${
          quoteArray(file!.dependencies)
        }, source = ${quoteSource(file!.text)} ${where(action.name)}`,
        log("repaired", {
          old: { checksum: action.oldChecksum, tokenChecksum: record?.tokenChecksum ?? null, source },
          new: { checksum: action.newChecksum, tokenChecksum: file!.tokenChecksum },
        }),
      ];
    case "rename":
      return [
        `UPDATE ${table.sql} h SET name = ${quoteLiteral(action.newName)}, version = ${file!.version} ${
          where(parkedName(action.name))
        }`,
        dependsSql(run, parkedName(action.name), action.newName),
        log("renamed", {
          old: { name: action.name, version: record?.version ?? null },
          new: { name: action.newName, version: file!.version },
        }),
      ];
    case "forget":
      return [
        `${deleteRowSql(table, quoteLiteral(action.name))};`,
        log("forgotten", { old: { version: record?.version ?? null, source } }),
      ];
    case "unit-done":
    case "unit-again":
      return [
        `UPDATE ${table.sql} h SET units_done = ${
          action.type === "unit-done" ? action.unit : action.unit - 1
        }, unit_state = NULL, error = NULL ${where(action.name)}`,
        log("repaired", {
          old: { unitsDone: record?.unitsDone ?? null, unitState: record?.unitState ?? null },
          new: { unit: action.unit, as: action.type === "unit-done" ? "done" : "again" },
        }),
      ];
  }
}
