/**
 * Drift: what a database holds beside what its history says.
 *
 * @module
 */

import type { Database } from "../core/database.ts";
import { MigrationError } from "../core/error.ts";
import type { MigrationRecord } from "../core/record.ts";
import type { ShadowSource } from "../core/shadow.ts";
import type { Terms } from "../runner/context.ts";
import { type CallOptions, type MigrationRunner, runnerAccess } from "../runner/runner.ts";
import { survey, withSession } from "../runner/survey.ts";
import { compareSchemas, type SchemaDifference } from "../schema/compare_schemas.ts";
import { readSchema } from "../schema/read_schema.ts";
import type { Schema, SchemaKind } from "../schema/schema.ts";
import { readActs } from "./live.ts";
import { Obstacles } from "./obstacles.ts";
import { requestOf } from "./needs.ts";
import { leaveOutServerWide } from "./replay.ts";
import { type Act, isFinding, onStage } from "./stage.ts";

/** Every owner is mentioned: where roles are as in production, who made what is part of what is compared. */
const NOBODY = "";

/** What a look for drift came to. */
export interface Drift {
  /** Name of the database. */
  readonly db: string;
  /** What the migrations were rehearsed on. */
  readonly engine: Database["engine"];
  /** The migrations that are applied, in the order of application. */
  readonly applied: readonly string[];
  /** Migrations that are part-way: what they did is not in the comparison. */
  readonly partial: readonly string[];
  /** What differs, from what the history says to what the database holds. */
  readonly differences: readonly SchemaDifference[];
  /** Whether nothing differs. */
  readonly ok: boolean;
}

/** Where migrations are rehearsed for a look for drift. */
export interface DriftOptions extends CallOptions {
  /** Makes the database. */
  readonly shadows: ShadowSource;
}

/**
 * Compares what a database holds with what the migrations in its history make of an empty one. The database is only read;
 * files are not.
 *
 * @param runner The runner of the database.
 * @param options Where to rehearse.
 * @returns What differs.
 * @throws A {@linkcode MigrationError} with code `CONFIG` if what is applied cannot be rehearsed, `CONNECTION_FAILED`,
 * `HISTORY_FOREIGN`, `HISTORY_NEWER` or `ABORTED`.
 */
export async function findDrift(runner: MigrationRunner, { shadows, ...call }: DriftOptions): Promise<Drift> {
  const context = runnerAccess().context(runner, call);
  const live = await withSession(context, "read", async (session) => {
    const found = await survey(context, session);
    const partial = found.records.filter((record) => record.partial !== null).map(({ name }) => name);
    const owner = shadows.server === "own" ? NOBODY : context.settings.role ?? lastUser(found.records);
    return {
      acts: await readActs(context, session, found, shadows),
      schema: await readSchema(session, { owner }),
      partial,
    };
  });
  const expected = await expectedSchema(context, shadows, live.acts);
  const differences = compareSchemas(expected.schema, live.schema).filter(({ kind }) => !expected.without.has(kind));
  return {
    db: context.dbName,
    engine: shadows.engine,
    applied: live.acts.map(({ migration }) => migration.name),
    partial: live.partial,
    differences,
    ok: differences.length === 0,
  };
}

/** What the history says, without what could not be done for it. */
interface Expected {
  readonly schema: Schema;
  /** Kinds of objects of which nothing is known. */
  readonly without: ReadonlySet<SchemaKind>;
}

async function expectedSchema(terms: Terms, shadows: ShadowSource, applied: readonly Act[]): Promise<Expected> {
  const request = requestOf(applied.map(({ migration }) => migration));
  const obstacles = new Obstacles(shadows, await shadows.survey(request));
  const { acts, leftOut } = leaveOutServerWide(applied, obstacles, terms.emit);
  for (const { migration } of acts) {
    const obstacle = obstacles.of(migration, ["up"]);
    if (obstacle !== undefined) throw cannotRebuild(migration.name, obstacle);
  }
  return await onStage({ shadows, terms, request }, async (stage) => {
    try {
      await stage.apply(acts);
    } catch (error) {
      throw isFinding(error) ? cannotRebuild(undefined, { message: error.message, cause: error }) : error;
    }
    const schema = await stage.schema(shadows.server === "own" ? NOBODY : stage.owner);
    return { schema, without: new Set(leftOut.some(({ concerns }) => concerns === "database") ? ["database"] : []) };
  });
}

/** Who applied the last migration: where roles differ from production, it stands for the one that rehearses. */
function lastUser(records: readonly MigrationRecord[]): string {
  return records.findLast((record) => record.isApplied)?.appliedBy ?? NOBODY;
}

function cannotRebuild(
  name: string | undefined,
  { message, hint, cause }: { readonly message: string; readonly hint?: string; readonly cause?: unknown },
): MigrationError {
  const place = name === undefined ? "" : `"${name}": `;
  return new MigrationError("CONFIG", `Cannot rehearse what is applied: ${place}${message}`, { hint, cause });
}
