/**
 * Plans: what a run would do, as a value.
 *
 * @module
 */

import type { ComparedFile, Comparison } from "./compare.ts";
import { MigrationError } from "./error.ts";
import type { Direction } from "./event.ts";
import { orderMigrations } from "./graph.ts";
import type { Migration, TransactionMode } from "./migration.ts";
import { nearestName } from "./nearest.ts";
import type { Problem } from "./problem.ts";
import { hasRun, type MigrationRecord, type UnitState } from "./record.ts";
import { isSameMigration } from "./status.ts";

/** What is asked of a database. */
export type PlanRequest =
  /** Apply pending migrations: all, those up to `target`, or the first `count`. */
  | { readonly type: "up"; readonly target?: string; readonly count?: number }
  /** Apply this one. */
  | { readonly type: "apply"; readonly migration: Migration }
  /** Roll back the last `count`. */
  | { readonly type: "down"; readonly count: number }
  /** Roll back one; `cascade` takes what depends on it along. */
  | { readonly type: "down"; readonly name: string; readonly dependents: "refuse" | "cascade" }
  /** Roll back everything applied after this one; `0` for everything. */
  | { readonly type: "down"; readonly to: string }
  /** Roll back the last `count` and apply them again, as the files are. */
  | { readonly type: "redo"; readonly count: number }
  /** Roll back what has no file, then apply what is pending. */
  | { readonly type: "sync" };

/** What each request takes, where its type alone does not say it. */
const TAKES: Readonly<Record<PlanRequest["type"], string>> = {
  up: "up takes target (a name) or count (0 or more), or neither",
  apply: "apply takes migration",
  down: "down takes one of count (0 or more), name and to (names)",
  redo: "redo takes count (0 or more)",
  sync: "sync takes nothing",
};

/**
 * Refuses what a program without types may ask: what is left out would else mean "all".
 *
 * @param request What is asked.
 * @throws A {@linkcode MigrationError} with code `USAGE`.
 */
export function checkRequest(request: PlanRequest): void {
  if (isRequest(request)) return;
  const type: string | undefined = (request as PlanRequest | undefined)?.type;
  throw new MigrationError("USAGE", `Invalid request of type "${type}"`, {
    hint: Object.hasOwn(TAKES, type ?? "")
      ? TAKES[type as PlanRequest["type"]]
      : `Its type is one of ${Object.keys(TAKES).join(", ")}`,
  });
}

function isRequest(request: PlanRequest | undefined): boolean {
  switch (request?.type) {
    case "up":
      return isAbsentOr(isName, request.target) && isAbsentOr(isCount, request.count);
    case "apply":
      return isName((request.migration as Migration | null | undefined)?.name);
    case "down":
      return "count" in request ? isCount(request.count) : isName("to" in request ? request.to : request.name);
    case "redo":
      return isCount(request.count);
    case "sync":
      return true;
    default:
      return false;
  }
}

function isAbsentOr<T>(is: (value: T) => boolean, value: T | undefined): boolean {
  return value === undefined || is(value);
}

function isName(value: unknown): boolean {
  return typeof value === "string";
}

function isCount(value: unknown): boolean {
  return value === Infinity || (Number.isInteger(value) && Number(value) >= 0);
}

/** One migration that a run would apply or roll back. */
export interface Step {
  /** Which section would run. */
  readonly direction: Direction;
  /** Name of the migration. */
  readonly name: string;
  /** Its version. */
  readonly version: number;
  /** Whether it runs in a transaction of its own. */
  readonly transaction: TransactionMode;
  /** Whether it comes before an applied one. */
  readonly late: boolean;
  /** The file, or `null` if the SQL comes from the history. */
  readonly path: string | null;
  /** Checksum of the text that would run. */
  readonly checksum: string;
  /** The SQL of its section, of a part-way migration also what is finished. */
  readonly sql: string;
  /** Units finished of a part-way migration, which are not run again; 0 of any other. */
  readonly unitsDone: number;
  /** How the next one stands, if it was begun. */
  readonly unitState: UnitState | null;
  /** The parsed text. */
  readonly migration: Migration;
}

/** What a run would do, in order. */
export interface Plan {
  /** Name of the database. */
  readonly db: string;
  /** What would run. */
  readonly steps: readonly Step[];
  /** What a person should know before. */
  readonly warnings: readonly Problem[];
}

/**
 * Tells how far a step is before it runs.
 *
 * @param record Its row of the history, if there is one.
 * @returns Nothing of it is done unless it is part-way.
 */
export function progressOf(record: MigrationRecord | undefined): Pick<Step, "unitsDone" | "unitState"> {
  return { unitsDone: record?.unitsDone ?? 0, unitState: record?.unitState ?? null };
}

/** How a plan treats what is not as it should be. */
export type Strictness = "lenient" | "strict";

/**
 * Picks the pending migrations that an `up` would apply.
 *
 * @param comparison Files and history.
 * @param request Which of them.
 * @returns Them, in order.
 * @throws A {@linkcode MigrationError} with code `UNKNOWN_MIGRATION` if there is no such target.
 */
export function selectPending(
  comparison: Comparison<ComparedFile>,
  request: { readonly target?: string; readonly count?: number },
): readonly Migration[] {
  const { pending } = comparison.status;
  if (request.target === undefined) return pending.slice(0, request.count);
  const place = comparison.order.findIndex((migration) => migration.name === request.target);
  if (place < 0) {
    const names = comparison.order.map((migration) => migration.name);
    if (comparison.status.applied.some((record) => record.name === request.target)) return [];
    throw unknownMigration(request.target, names);
  }
  const upTo = new Set(comparison.order.slice(0, place + 1).map((migration) => migration.name));
  return pending.filter((migration) => upTo.has(migration.name));
}

/**
 * Picks the applied migrations that a `down` would roll back.
 *
 * @param comparison Files and history.
 * @param request Which of them.
 * @returns Them, in the order in which they are rolled back.
 * @throws A {@linkcode MigrationError} with code `UNKNOWN_MIGRATION`, `NOT_APPLIED` or `DEPENDENTS`.
 */
export function selectApplied(
  comparison: Comparison<ComparedFile>,
  request: Extract<PlanRequest, { readonly type: "down" }>,
): readonly MigrationRecord[] {
  const newestFirst = comparison.records.filter(hasRun).toReversed();
  const byName = new Map(newestFirst.map((record) => [record.name, record]));
  if ("count" in request) return refuseDependents(newestFirst.slice(0, request.count), newestFirst);
  if ("to" in request) {
    if (request.to === "0") return refuseDependents(newestFirst, newestFirst);
    const last = byName.get(request.to) ?? refuseName(request.to, comparison);
    return refuseDependents(newestFirst.filter((record) => record.seq > last.seq), newestFirst);
  }
  const record = byName.get(request.name) ?? refuseName(request.name, comparison);
  const only = new Set([record.name]);
  const chosen = request.dependents === "cascade" ? dependsOn(only, newestFirst) : only;
  return refuseDependents(newestFirst.filter((other) => chosen.has(other.name)), newestFirst);
}

/**
 * Picks the applied migrations that a `sync` would roll back: those whose file is gone, also where another one, as of
 * another branch, has taken its version.
 *
 * @param comparison Files and history.
 * @returns Them, in the order in which they are rolled back.
 * @throws A {@linkcode MigrationError} with code `DEPENDENTS` if one that has a file depends on them.
 */
export function selectMissing(comparison: Comparison<ComparedFile>): readonly MigrationRecord[] {
  const newestFirst = comparison.records.filter(hasRun).toReversed();
  const { missing, renamed } = comparison.status;
  const replaced = renamed.filter((difference) => !isSameMigration(difference)).map(({ record }) => record);
  const gone = new Set([...missing, ...replaced].map((record) => record.name));
  return refuseDependents(
    newestFirst.filter((record) => gone.has(record.name)),
    newestFirst,
    ([dependent], needed) => `Roll it back first with down ${dependent}, or restore the file of ${needed}`,
  );
}

/** Refuses a selection that leaves applied migrations without what they depend on, and puts dependents first. */
function refuseDependents(
  chosen: readonly MigrationRecord[],
  newestFirst: readonly MigrationRecord[],
  advise: (dependents: readonly string[], needed: string) => string = (dependents) =>
    `Roll ${dependents.length === 1 ? "that" : "these"} back first, or use --cascade (library: cascade: true)`,
): readonly MigrationRecord[] {
  const names = new Set(chosen.map((record) => record.name));
  const dependent = dependsOn(names, newestFirst);
  const left = newestFirst.filter((record) => dependent.has(record.name) && !names.has(record.name));
  if (left.length > 0) {
    const missed = new Set(left.flatMap((record) => record.depends));
    const needed = chosen.find((record) => missed.has(record.name))!;
    throw new MigrationError(
      "DEPENDENTS",
      `Cannot roll back "${needed.name}": ${quoteNames(left.map((record) => record.name))} ${
        left.length === 1 ? "depends" : "depend"
      } on it`,
      { hint: advise(left.map((record) => record.name), needed.name) },
    );
  }
  return dependentsFirst(chosen);
}

/** These names and all that depend on them, directly or not. */
function dependsOn(names: ReadonlySet<string>, records: readonly MigrationRecord[]): ReadonlySet<string> {
  const dependents = new Map<string, string[]>();
  for (const record of records) {
    for (const name of record.depends) {
      const known = dependents.get(name);
      if (known === undefined) dependents.set(name, [record.name]);
      else known.push(record.name);
    }
  }
  const found = new Set(names);
  for (const name of found) for (const dependent of dependents.get(name) ?? []) found.add(dependent);
  return found;
}

/** Newest first, but never before a migration that depends on it. */
function dependentsFirst(chosen: readonly MigrationRecord[]): readonly MigrationRecord[] {
  const nodes = chosen.map((record) => ({
    name: record.name,
    version: record.seq,
    dependencies: record.depends,
    record,
  }));
  return orderMigrations(nodes, () => true).order.map((node) => node.record).reverse();
}

/** Refuses a name that is not applied, by what is known of it. */
function refuseName(name: string, comparison: Comparison<ComparedFile>): never {
  if (comparison.order.some((migration) => migration.name === name)) {
    throw new MigrationError("NOT_APPLIED", `Cannot roll back "${name}": it is not applied`);
  }
  throw unknownMigration(name, comparison.status.applied.map((record) => record.name));
}

/**
 * The error for a name that nothing has.
 *
 * @param name The name.
 * @param known The names that there are.
 * @returns The error, with the nearest known name as its hint.
 */
export function unknownMigration(name: string, known: readonly string[]): MigrationError {
  const nearest = nearestName(name, known);
  return new MigrationError("UNKNOWN_MIGRATION", `Unknown migration "${name}"`, {
    hint: nearest === undefined ? "Migrations are named by their file name without .sql" : `Did you mean "${nearest}"?`,
  });
}

function quoteNames(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(", ");
}
