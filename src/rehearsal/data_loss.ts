/**
 * What sections do to data that no proof about the schema sees: a rollback that brings the schema back does not bring back
 * rows, and may leave some.
 *
 * @module
 */

import { positionAt } from "../core/position.ts";
import type { Section } from "../core/section.ts";
import { splitStatements } from "../core/statements.ts";
import { type Effect, type EffectAction, effectsOf } from "./data_effects.ts";

/** How data is lost, may be lost (`convert`) or stays behind (`leave-rows`). */
export type LossAction =
  | "drop-table"
  | "drop-column"
  | "drop-schema"
  | "delete"
  | "truncate"
  | "overwrite"
  | "convert"
  | "leave-rows";

/** Data that a statement loses. */
export interface DataLoss {
  /** Whether it is lost by applying or by rolling back. */
  readonly section: "up" | "rollback";
  /** How. */
  readonly action: LossAction;
  /** What of, as it is written: a table, `table.column` or a schema. */
  readonly object: string;
  /** Line of the statement in the file, from 1; of rows that stay, of the one that inserts them. */
  readonly line: number;
}

interface Found {
  readonly action: EffectAction;
  readonly object: string;
  readonly line: number;
}

/**
 * Finds what a migration loses. What it changes in a table or column that it made itself is nobody's data.
 *
 * @param migration Its text and its sections.
 * @returns Each loss, in the order of the text; what is said twice once.
 */
export function findDataLoss(
  { text, up, rollback }: { readonly text: string; readonly up: Section; readonly rollback: Section | undefined },
): readonly DataLoss[] {
  const effects = (section: Section): readonly Found[] =>
    splitStatements(section).flatMap(({ sql, start }) =>
      distinct(effectsOf(sql)).map(([action, object]) => ({ action, object, line: positionAt(text, start).line }))
    );
  const applied = effects(up);
  const losses = lossesOf(applied, "up");
  if (rollback === undefined) return losses;
  const undone = effects(rollback);
  return [...losses, ...lossesOf(undone, "rollback"), ...leftRows(applied, undone)];
}

function distinct(found: readonly Effect[]): readonly Effect[] {
  return [...new Map(found.map((one) => [one.join(" "), one])).values()];
}

function lossesOf(found: readonly Found[], section: DataLoss["section"]): readonly DataLoss[] {
  return found.flatMap(({ action, object, line }): DataLoss[] => {
    if (action === "insert" || action === "make-table" || action === "make-column") return [];
    const isChange = action === "overwrite" || action === "convert";
    return isChange && isMade(found, object) ? [] : [{ section, action, object, line }];
  });
}

/** Whether a column, or its table, is made by the same section. */
function isMade(found: readonly Found[], column: string): boolean {
  const table = column.slice(0, column.lastIndexOf("."));
  return found.some(({ action, object }) =>
    action === "make-column" && object === column || action === "make-table" && object === table
  );
}

const EMPTIES: ReadonlySet<EffectAction> = new Set(["delete", "truncate", "drop-table", "drop-schema"] as const);

/** Rows that were inserted, and that the rollback does nothing about. */
function leftRows(applied: readonly Found[], undone: readonly Found[]): readonly DataLoss[] {
  const inserted = applied.filter(({ action, object }, index) =>
    action === "insert" && applied.findIndex((other) => other.action === action && other.object === object) === index
  );
  return inserted.flatMap(({ object, line }): DataLoss[] => {
    const isOwn = applied.some((other) => other.action === "make-table" && other.object === object);
    const isGone = undone.some((other) =>
      EMPTIES.has(other.action) && (bare(other.object) === bare(object) || object.startsWith(`${other.object}.`))
    );
    return isOwn || isGone ? [] : [{ section: "rollback", action: "leave-rows", object, line }];
  });
}

/** A search path may lead to the same table. */
function bare(table: string): string {
  return table.slice(table.lastIndexOf(".") + 1);
}
