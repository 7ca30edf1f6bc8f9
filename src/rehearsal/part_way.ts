/**
 * What a part-way `Transaction: none` migration did to a database: its finished units did what they say, the next one may
 * have done anything or nothing.
 *
 * @module
 */

import type { AloneStatement } from "../core/alone_statement.ts";
import type { Direction } from "../core/event.ts";
import { Migration } from "../core/migration.ts";
import type { Section } from "../core/section.ts";
import { splitUnits, type Unit } from "../core/unit.ts";
import type { SchemaDifference } from "../schema/compare_schemas.ts";
import { objectIdentity, type Schema, type SchemaObject } from "../schema/schema.ts";
import type { StoredAct } from "./live.ts";
import type { Act } from "./stage.ts";

/** A migration that is part-way. */
export interface PartWay {
  /** Its name. */
  readonly name: string;
  /** Which section is part-way. */
  readonly direction: Direction;
  /** Units finished of it. */
  readonly unitsDone: number;
  /** Units that the section has. */
  readonly units: number;
  /** The number of a unit that began and was not finished, and may have left something behind; `null` if none did. */
  readonly openUnit: number | null;
}

/** What to run for a schema like that of production. */
export interface Replay {
  /** What was applied, in order. */
  readonly acts: readonly Act[];
  /** What was rolled back in part after that. */
  readonly undone: readonly Act[];
}

/** Tells how far a migration is; nothing if it is applied. */
export function partWayOf(act: StoredAct): PartWay | undefined {
  const { name, partial, unitsDone } = act.record;
  if (partial === null) return undefined;
  const units = unitsOf(act).length;
  return { name, direction: partial, unitsDone: unitsDone ?? 0, units, openUnit: openUnit(act)?.number ?? null };
}

/** A unit that commits with its entry leaves nothing if it is not finished. */
function openUnit(act: StoredAct): Unit | undefined {
  const { unitState, unitsDone } = act.record;
  const next = unitState === null ? undefined : unitsOf(act)[unitsDone ?? 0];
  return next?.mode === "alone" ? next : undefined;
}

function unitsOf({ record, migration }: StoredAct): readonly Unit[] {
  const section = record.partial === "down" ? migration.rollback : migration.up;
  return section === undefined ? [] : splitUnits(section);
}

/**
 * Finds what to run for a schema like that of production.
 *
 * @param acts What the history holds, in the order of application.
 * @param open Whether units that began and were not finished are left out, or taken for finished.
 * @returns The migrations, cut where they are part-way.
 */
export function replay(acts: readonly StoredAct[], open: "undone" | "done"): Replay {
  const cut = (act: StoredAct, section: Section): Section => {
    const ahead = open === "done" && openUnit(act) !== undefined ? 1 : 0;
    return firstUnits(section, (act.record.unitsDone ?? 0) + ahead);
  };
  return {
    acts: acts.map((act) => {
      const { record: { partial }, migration, role } = act;
      return partial === "up" ? { role, migration: new Migration({ ...migration, up: cut(act, migration.up) }) } : act;
    }),
    undone: acts.flatMap((act) => {
      const { record: { partial }, migration, role } = act;
      if (partial !== "down" || migration.rollback === undefined) return [];
      return [{ role, migration: new Migration({ ...migration, rollback: cut(act, migration.rollback) }) }];
    }),
  };
}

function firstUnits(section: Section, count: number): Section {
  const next = splitUnits(section)[count];
  return next === undefined ? section : { ...section, sql: section.sql.slice(0, next.section.start - section.start) };
}

/**
 * Finds the INVALID indexes that belong to being part-way.
 *
 * @param schema What the database holds.
 * @param acts What the history holds.
 * @returns Their names as a difference tells them.
 */
export function findUnfinished({ objects }: Schema, acts: readonly StoredAct[]): readonly string[] {
  const statements = acts.flatMap((act) => openUnit(act)?.alone ?? []);
  const invalid = objects.filter(({ kind, attributes }) => kind === "index" && attributes.invalid !== undefined);
  return invalid.filter((index) => statements.some((statement) => mayLeave(statement, index))).map(objectIdentity);
}

function mayLeave(statement: AloneStatement, { name: [schema = "", name = ""], parent = "" }: SchemaObject): boolean {
  if (statement.type === "reindex") return /_cc(?:new|old)\d*$/.test(name);
  if (statement.type !== "create-index-concurrently") return false;
  return (statement.schema ?? schema) === schema && (statement.name ?? name) === name &&
    parent.endsWith(` ${objectIdentity({ name: [schema, statement.table] })}`);
}

/** Tells whether something differs only because one of some indexes is unfinished. */
export function isUnfinished(
  { kind, identity, change, attributes }: SchemaDifference,
  unfinished: readonly string[],
): boolean {
  if (kind !== "index" || !unfinished.includes(identity)) return false;
  return change === "added" || change === "changed" && attributes.every(({ name }) => name === "invalid");
}
