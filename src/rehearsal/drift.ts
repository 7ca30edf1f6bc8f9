/**
 * Drift: what a database holds beside what its history says.
 *
 * @module
 */

import type { Database } from "../core/database.ts";
import { MigrationError } from "../core/error.ts";
import type { ShadowSource } from "../core/shadow.ts";
import { SqlError } from "../core/sql_error.ts";
import type { Terms } from "../runner/context.ts";
import { type CallOptions, type MigrationRunner, runnerAccess } from "../runner/runner.ts";
import { survey, withSession } from "../runner/survey.ts";
import { compareSchemas, likelySchema, type SchemaDifference } from "../schema/compare_schemas.ts";
import { readSchema } from "../schema/read_schema.ts";
import type { Schema, SchemaKind } from "../schema/schema.ts";
import { leaveOutServerWide } from "./leave_out.ts";
import { lastUser, readActs } from "./live.ts";
import { requestOf } from "./needs.ts";
import { Obstacles } from "./obstacles.ts";
import { findUnfinished, isUnfinished, type PartWay, partWayOf, type Replay, replay } from "./part_way.ts";
import { isFinding, onStage } from "./stage.ts";

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
  /** Migrations that are part-way: what their finished units did is expected, what the next one does is possible. */
  readonly partWay: readonly PartWay[];
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
    const owner = shadows.server === "own" ? NOBODY : context.settings.role ?? lastUser(found.records) ?? NOBODY;
    return {
      acts: await readActs(context, session, found, shadows, "begun"),
      schema: await readSchema(session, { owner }),
    };
  });
  const partWay = live.acts.map(partWayOf).filter((one) => one !== undefined);
  const rehearse = (open: "undone" | "done") => expectedSchema(context, shadows, replay(live.acts, open));
  const { schema, without } = await rehearse("undone");
  const more = partWay.some(({ openUnit }) => openUnit !== null) ? await ifItCan(rehearse("done")) : undefined;
  const expected = more === undefined ? schema : likelySchema(schema, more.schema, live.schema);
  const unfinished = findUnfinished(live.schema, live.acts);
  const differences = compareSchemas(expected, live.schema)
    .filter((one) => !isUnfinished(one, unfinished) && !without.has(one.kind));
  return {
    db: context.dbName,
    engine: shadows.engine,
    applied: live.acts.filter(({ record }) => record.isApplied).map(({ migration }) => migration.name),
    partWay,
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

async function expectedSchema(
  terms: Terms,
  shadows: ShadowSource,
  { acts: applied, undone }: Replay,
): Promise<Expected> {
  const request = requestOf(applied.map(({ migration }) => migration));
  const obstacles = new Obstacles(shadows, await shadows.survey(request));
  const { acts, leftOut } = leaveOutServerWide(applied, obstacles, terms.emit);
  for (const { migration } of undone) {
    const obstacle = obstacles.of(migration, ["down"]);
    if (obstacle !== undefined) throw cannotRebuild(migration.name, obstacle);
  }
  for (const { migration } of acts) {
    const obstacle = obstacles.of(migration, ["up"]);
    if (obstacle !== undefined) throw cannotRebuild(migration.name, obstacle);
  }
  return await onStage({ shadows, terms, request }, async (stage) => {
    try {
      await stage.apply(acts);
      for (const { migration, role } of undone) await stage.play(migration, "down", role);
    } catch (error) {
      if (!isFinding(error)) throw error;
      const hint = error instanceof SqlError ? adviseOnHistory(error, shadows.engine) : error.hint;
      throw cannotRebuild(undefined, { message: error.message, hint, cause: error });
    }
    const schema = await stage.schema(shadows.server === "own" ? NOBODY : stage.owner);
    return { schema, without: new Set(leftOut.some(({ concerns }) => concerns === "database") ? ["database"] : []) };
  });
}

/** A unit that was not finished may fail here as it did there. */
async function ifItCan(expected: Promise<Expected>): Promise<Expected | undefined> {
  try {
    return await expected;
  } catch (error) {
    if (error instanceof MigrationError && error.code === "CONFIG") return undefined;
    throw error;
  }
}

/** Nothing but the history is there: neither what people made by hand nor rows that no migration inserts. */
function adviseOnHistory({ migration }: SqlError, engine: ShadowSource["engine"]): string {
  const elsewhere = engine === "pglite" ? ", and on an embedded PostgreSQL; on a server it runs with --shadow-url" : "";
  return `It ran after what the history holds, and nothing else${elsewhere}. If it needs what was made by hand, ` +
    `write that into the file of ${migration} or of one before it, then run repair, which puts the file into the history`;
}

function cannotRebuild(
  name: string | undefined,
  { message, hint, cause }: {
    readonly message: string;
    readonly hint?: string | undefined;
    readonly cause?: unknown;
  },
): MigrationError {
  const place = name === undefined ? "" : `"${name}": `;
  return new MigrationError("CONFIG", `Cannot rehearse what is applied: ${place}${message}`, { hint, cause });
}
