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
import { findSchemaLosses, isNamed, routinesIn, rowsBehind, type SchemaLoss, type SchemaView } from "./schema_loss.ts";

/** How data is lost, may be lost (`convert`, and `run-code`, which cannot be read) or stays behind (`leave-rows`). */
export type LossAction =
  | "drop-table"
  | "drop-column"
  | "drop-schema"
  | "delete"
  | "truncate"
  | "overwrite"
  | "convert"
  | "run-code"
  | "leave-rows";

/** Data that a statement loses. */
export interface DataLoss {
  /** Whether it is lost by applying or by rolling back. */
  readonly section: "up" | "rollback";
  /** How. */
  readonly action: LossAction;
  /** What of, as it is written: a table, `table.column` or a schema; of `run-code` it is `DO` or what is called. */
  readonly object: string;
  /**
   * Line of the statement in the file, from 1; of rows that stay, of the one that inserts them; `null` if no statement names
   * it, but the schemas before and after tell.
   */
  readonly line: number | null;
}

interface Found {
  readonly action: EffectAction;
  readonly object: string;
  readonly line: number | null;
}

/**
 * Finds what a migration loses. What it changes in a table or column that it made itself is nobody's data.
 *
 * @param migration Its text and its sections.
 * @param seen The schemas before it, after it, and after its rollback, as far as they are known. What a rollback drops of what
 * the migration made is told only where a statement says so: it is what a rollback is for.
 * @returns Each loss, in the order of the text; what is said twice once.
 */
export function findDataLoss(
  { text, up, rollback }: { readonly text: string; readonly up: Section; readonly rollback: Section | undefined },
  seen: readonly SchemaView[] = [],
): readonly DataLoss[] {
  const [before, after, undone] = seen;
  const applied = effectsIn(text, up, [before, after]);
  const undoing = rollback === undefined ? [] : effectsIn(text, rollback, [after, undone], before);
  return [
    ...lossesOf(applied, "up"),
    ...lossesOf(undoing, "rollback"),
    ...rollback === undefined ? [] : leftRows(applied, undoing),
  ];
}

/** To take schemas apart takes long, and what only makes something need not be looked at. */
const MAY_TAKE = /\b(?:alter|call|delete|do|drop|select|truncate)\b/i;

/** What the text says, and what the schemas before and after it tell beside it. */
function effectsIn(
  text: string,
  section: Section,
  seen: readonly (SchemaView | undefined)[],
  first: SchemaView | undefined = seen[0],
): readonly Found[] {
  const [was, is] = MAY_TAKE.test(section.sql) ? seen : [];
  const routines = routinesIn([was, is]);
  const told = splitStatements(section).flatMap(({ sql, start }) =>
    distinct(effectsOf(sql, routines)).map(([action, object]) => ({
      action,
      object,
      line: positionAt(text, start).line,
    }))
  );
  if (was === undefined) return told;
  const behind = told.flatMap((one): readonly Found[] => {
    const action = one.action === "cascade" ? "truncate" : "delete";
    if (one.action !== action && one.action !== "cascade") return [];
    return rowsBehind(was, one.object, action)
      .filter((name) => !told.some((other) => other.action === action && isNamed(other.object, name)))
      .map((name) => ({ action, object: spell(name), line: one.line }));
  });
  const lost = is === undefined ? [] : findSchemaLosses(was, is, first).filter((loss) => !isTold(loss, told));
  const once = new Map(behind.map((one) => [`${one.action} ${one.object}`, one]));
  return [...told, ...once.values(), ...lost.map(({ action, name }) => ({ action, object: spell(name), line: null }))];
}

/** What a statement gave another name is told under that one. */
function isTold({ action, name }: SchemaLoss, told: readonly Found[]): boolean {
  const says = (verb: EffectAction, ofWhat: readonly string[]) =>
    told.some((one) => one.action === verb && isNamed(one.object, ofWhat));
  if (says(action, name)) return true;
  const [schema, table, column] = name;
  if (action === "drop-table") {
    return says("rename", name) || told.some((one) => one.action === "drop-schema" && one.object === schema);
  }
  const isSame = (one: Found) => one.action === action && one.object.endsWith(`.${column}`);
  return action === "drop-column" && says("rename", name) || says("rename", [schema!, table!]) && told.some(isSame);
}

/** What is in the schema that everybody has is hardly ever written with it. */
function spell(name: readonly string[]): string {
  return name.slice(name[0] === "public" ? 1 : 0).join(".");
}

function distinct(found: readonly Effect[]): readonly Effect[] {
  return [...new Map(found.map((one) => [one.join(" "), one])).values()];
}

function lossesOf(found: readonly Found[], section: DataLoss["section"]): readonly DataLoss[] {
  const losses = found.flatMap(({ action, object, line }): DataLoss[] => {
    if (isNoLoss(action)) return [];
    const isChange = action === "overwrite" || action === "convert";
    return isChange && isMade(found, object) ? [] : [{ section, action, object, line }];
  });
  const known = losses.filter(({ action }) => action !== "run-code");
  return known.length > 0 ? known : losses.slice(0, 1);
}

function isNoLoss(action: EffectAction): action is Exclude<EffectAction, LossAction> {
  return /^(?:cascade|insert|make-column|make-table|rename)$/.test(action);
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
