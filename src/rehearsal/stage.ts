/**
 * A database on which migrations are tried out, by the code that runs them in production: history, guards and resets
 * included.
 *
 * @module
 */

import type { Connection } from "../core/database.ts";
import { DatabaseError } from "../core/database_error.ts";
import { MigrationError } from "../core/error.ts";
import type { Direction, Done } from "../core/event.ts";
import type { Migration } from "../core/migration.ts";
import { progressOf, type Step } from "../core/plan.ts";
import { MigrationRecord } from "../core/record.ts";
import type { Shadow, ShadowRequest, ShadowSource } from "../core/shadow.ts";
import type { Context, Run, Terms } from "../runner/context.ts";
import { executePlan } from "../runner/execute_plan.ts";
import { ensureHistory, withLock } from "../runner/locked.ts";
import { Progress } from "../runner/progress.ts";
import { survey, withSession } from "../runner/survey.ts";
import { readSchema } from "../schema/read_schema.ts";
import type { Schema } from "../schema/schema.ts";
import { Camera } from "./camera.ts";
import { missingRole } from "./missing_role.ts";
import type { Snapshot } from "./snapshot.ts";

/** Where a row is not applied, the history itself is asked for the next place in the order. */
const NOBODYS = MigrationRecord.from({ name: "", version: -1, checksum: "", appliedAt: null, durationMs: null });

/** A migration to apply, and who did so in production, where that is known. */
export interface Act {
  /** The migration. */
  readonly migration: Migration;
  /** The role that it runs as; that of the settings without it. */
  readonly role?: string | undefined;
}

/** A database on which migrations are tried out. */
export class Stage {
  /** What the server says of itself. */
  readonly version: string;
  /** The role that migrations run as where nothing else is said. */
  readonly owner: string;
  readonly #run: Run;
  readonly #shadow: Shadow;
  readonly #camera: Camera;
  #records: readonly MigrationRecord[] = [NOBODYS];

  /**
   * @param run A run under the lock.
   * @param shadow The database.
   * @param camera Reads its schema.
   * @param server What the server says of itself, and the role that migrations run as.
   */
  constructor(run: Run, shadow: Shadow, camera: Camera, server: { readonly version: string; readonly owner: string }) {
    this.#run = run;
    this.#shadow = shadow;
    this.#camera = camera;
    this.version = server.version;
    this.owner = server.owner;
  }

  /** Asks whatever is of interest. */
  get connection(): Pick<Connection, "query"> {
    return this.#run.session;
  }

  /** Reads the schema as it is. */
  async snapshot(): Promise<Snapshot> {
    return await this.#camera.take();
  }

  /**
   * Tells roles that were made because they were missing.
   *
   * @param identity Such a role, as people read it.
   */
  isUnknown(identity: string): boolean {
    return this.#camera.isUnknown(identity);
  }

  /**
   * Reads the schema as it is, as a value.
   *
   * @param owner Whose objects need no mention of their owner.
   */
  async schema(owner: string): Promise<Schema> {
    return await readSchema(this.#run.session, { owner });
  }

  /**
   * Applies migrations, one after the other.
   *
   * @param acts The migrations.
   * @throws A {@linkcode MigrationError} as a run does.
   */
  async apply(acts: readonly Act[]): Promise<void> {
    for (const { role, migrations } of groupByRole(acts)) {
      await this.#execute(migrations.map((migration) => stepOf(migration, "up")), role);
    }
  }

  /**
   * Runs one section of a migration.
   *
   * @param migration The migration.
   * @param direction Which section.
   * @param role The role that it runs as; that of the settings without it.
   * @returns How long it took, in milliseconds.
   * @throws A {@linkcode MigrationError} as a run does.
   */
  async play(migration: Migration, direction: Direction, role?: string): Promise<number> {
    const [done] = await this.#execute([stepOf(migration, direction)], role);
    return done?.durationMs ?? 0;
  }

  async #execute(steps: readonly Step[], role: string | undefined): Promise<readonly Done[]> {
    const done: Done[] = [];
    const made = new Set<string>();
    while (done.length < steps.length) {
      const progress = new Progress();
      try {
        await executePlan(this.#runAs(role), steps.slice(done.length), this.#records, progress);
        done.push(...progress.done);
        this.#records = steps.slice(-progress.done.length).reduce(recordsAfter, this.#records);
      } catch (error) {
        done.push(...progress.done);
        const missing = missingRole(error);
        if (missing === undefined || made.has(missing)) throw await this.#fail(error);
        made.add(missing);
        await this.#createRole(missing, error);
      }
    }
    return done;
  }

  /** A failure is noted down in the history, and takes a place there. */
  async #fail(error: unknown): Promise<unknown> {
    if (!isFinding(error)) return error;
    const { records } = await survey(this.#run.context, this.#run.session);
    this.#records = [NOBODYS, ...records];
    return error;
  }

  async #createRole(name: string, cause: unknown): Promise<void> {
    try {
      await this.#run.session.query(this.#shadow.roleSql(name));
    } catch (error) {
      throw error instanceof DatabaseError ? await this.#fail(cause) : error;
    }
    await this.#fail(cause);
    await this.#camera.noteRole(name);
  }

  #runAs(role: string | undefined): Run {
    const { context } = this.#run;
    return role === undefined
      ? this.#run
      : { ...this.#run, context: { ...context, settings: { ...context.settings, role } } };
  }
}

/** What {@linkcode onStage} needs. */
export interface Theatre {
  /** Makes databases. */
  readonly shadows: ShadowSource;
  /** How migrations are run. */
  readonly terms: Terms;
  /** What the databases are for. */
  readonly request: ShadowRequest;
}

/**
 * Makes a database, does something on it and drops it, whatever happens.
 *
 * @param theatre Where, and how migrations are run.
 * @param work What to do.
 * @returns What the work returns.
 * @throws What the work throws.
 */
export async function onStage<T>(
  { shadows, terms, request }: Theatre,
  work: (stage: Stage) => Promise<T>,
): Promise<T> {
  const shadow = await shadows.create(request);
  const own: Context = {
    ...terms,
    database: shadow.database,
    // Nobody else knows of it, and what runs there is no run.
    settings: { ...terms.settings, lock: "session" },
    emit: () => {},
  };
  return await finallyDo(shadow.drop, () =>
    withSession(own, "write", async (session) => {
      const found = await survey(own, session);
      return await withLock(own, session, found.server, async (run, { server }) => {
        await ensureHistory(run, server);
        const owner = own.settings.role ?? server.user;
        const { roles } = shadow;
        // What is named after the database is its own, too.
        const concerns = (role: string) => request.mentions(role) || role.includes(server.database);
        const camera = new Camera(session, { server: server.versionNumber, owner, roles, concerns });
        return await work(new Stage(run, shadow, camera, { version: server.version, owner }));
      });
    }));
}

/** What went wrong first is what a person needs to see. */
async function finallyDo<T>(last: () => Promise<void>, work: () => Promise<T>): Promise<T> {
  let result: T;
  try {
    result = await work();
  } catch (error) {
    await last().catch(() => undefined);
    throw error;
  }
  await last();
  return result;
}

/** Tells what was found out about a migration from what keeps anything from being found out. */
export function isFinding(error: unknown): error is MigrationError {
  return error instanceof MigrationError && !/^(ABORTED|CONNECTION_FAILED|CONNECTION_LOST)$/.test(error.code);
}

function stepOf(migration: Migration, direction: Direction): Step {
  const { name, version, transaction, path, checksum } = migration;
  const sql = direction === "up" ? migration.upSql : migration.rollbackSql ?? "";
  return {
    direction,
    name,
    version,
    transaction,
    late: false,
    path,
    checksum,
    sql,
    migration,
    ...progressOf(undefined),
  };
}

function recordsAfter(records: readonly MigrationRecord[], { direction, migration }: Step): readonly MigrationRecord[] {
  const others = records.filter(({ name }) => name !== migration.name);
  if (direction === "down") return others;
  const { name, version, checksum } = migration;
  return [...others, MigrationRecord.from({ name, version, checksum, appliedAt: new Date(0), durationMs: 0 })];
}

function groupByRole(acts: readonly Act[]): readonly { readonly role?: string; readonly migrations: Migration[] }[] {
  const groups: { role?: string; migrations: Migration[] }[] = [];
  for (const { migration, role } of acts) {
    const last = groups.at(-1);
    if (last !== undefined && last.role === role) last.migrations.push(migration);
    else groups.push({ ...(role === undefined ? {} : { role }), migrations: [migration] });
  }
  return groups;
}
