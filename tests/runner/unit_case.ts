/**
 * One kind of statement in a migration, broken off and resumed.
 *
 * @module
 */

import { assert, assertEquals, assertRejects } from "@std/assert";
import postgres from "postgres";
import { MigrationError } from "../../src/core/error.ts";
import { splitStatements } from "../../src/core/statements.ts";
import { SqlError } from "../../src/core/sql_error.ts";
import { openDatabase } from "../../src/database/open.ts";
import { databasePlatform } from "../../src/runtime/platform.ts";
import type { RunnerOptions } from "../../src/runner/runner.ts";
import { tries } from "../faults/tally.ts";
import type { Project } from "./project.ts";
import type { Kind } from "./unit_kinds.ts";

/** A kind in a migration of its own, between two units that count how often they ran. */
class Case {
  readonly name: string;
  readonly unit: number;
  readonly #project: Project;
  readonly #kind: Kind;
  readonly #database: string;

  constructor(project: Project, kind: Kind, index: number) {
    this.#project = project;
    this.#kind = kind;
    this.#database = new URL(project.url).pathname.slice(1);
    this.name = `${String(index).padStart(3, "0")}_kind`;
    this.unit = kind.setting === undefined ? 2 : 3;
    const setting = kind.setting === undefined ? "" : `${kind.setting};\n`;
    project.files[`${this.name}.sql`] = `-- Transaction: none\n${setting}INSERT INTO tally VALUES ('before');\n${
      this.fill(kind.sql)
    };\nINSERT INTO tally VALUES ('after');\n`;
  }

  fill(sql: string): string {
    return sql.replaceAll("{database}", this.#database);
  }

  async query(sql: string): Promise<readonly Record<string, unknown>[]> {
    return await this.#project.query(this.fill(sql));
  }

  /** Statement by statement: most of them refuse to be sent with others. */
  async queryEach(sql: string): Promise<void> {
    const client = postgres(this.#project.url, { max: 1, onnotice: () => {} });
    for (const { sql: one } of splitStatements({ sql: this.fill(sql), start: 0 })) await client.unsafe(one).simple();
    await client.end();
  }

  async up(options: Partial<RunnerOptions> = {}): Promise<readonly string[]> {
    const database = openDatabase(this.#project.url, { platform: databasePlatform(() => undefined) });
    return await this.#project.runner({ database, ...options }).applyPending();
  }

  async fails(options: Partial<RunnerOptions> = {}): Promise<MigrationError> {
    return await assertRejects(() => this.up(options), MigrationError, undefined, this.#kind.title) as MigrationError;
  }

  async journal(): Promise<unknown> {
    const [row] = await this.query(
      `SELECT units_done AS done, unit_state AS state, applied_at IS NOT NULL AS applied FROM metapg_migrations WHERE name = '${this.name}'`,
    );
    return row;
  }

  /** What is there if the process dies right behind `started`. */
  async crash(): Promise<void> {
    if (this.#kind.undo !== undefined) await this.queryEach(this.#kind.undo);
    await this.query(`DELETE FROM tally WHERE step = 'after';
      UPDATE metapg_migrations SET applied_at = NULL, partial = 'up', units_done = ${
      this.unit - 1
    }, unit_state = 'started'
      WHERE name = '${this.name}'`);
  }

  /** Holds the statement up, ends it by a function of the server, and lets go. */
  async endWhileHeld(end: "pg_terminate_backend" | "pg_cancel_backend"): Promise<MigrationError> {
    const holder = postgres(this.#project.url, { max: 1, onnotice: () => {} });
    await holder.unsafe(`BEGIN; ${this.#kind.hold}`).simple();
    const failing = this.fails();
    const waiting =
      `SELECT ${end}(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND state = 'active' AND ` +
      `datname = current_database() AND pg_blocking_pids(pid) <> '{}'`;
    for (let tries = 0; (await this.#project.query(waiting)).length === 0; tries++) {
      assert(tries < 500, `${this.#kind.title} does not wait`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const error = await failing;
    await holder.unsafe("ROLLBACK").simple();
    await holder.end();
    return error;
  }

  async assertDone(what: string): Promise<void> {
    const title = `${this.#kind.title}, ${what}`;
    assertEquals((await this.query(`SELECT ${this.#kind.isDone} AS done`))[0]?.done, true, title);
    const [tally] = await this.query(
      "SELECT count(*) FILTER (WHERE step = 'before')::int AS before, count(*) FILTER (WHERE step = 'after')::int AS after FROM tally",
    );
    assertEquals(tally, { before: 1, after: 1 }, title);
    assertEquals(await this.journal(), { done: null, state: null, applied: true }, title);
  }

  /** What a person says who looked at the database. */
  async answer(end: "done" | "again"): Promise<void> {
    await this.#project.runner().repair({ [end]: { name: this.name, unit: this.unit } });
  }

  /** The next `up` goes on by itself, or asks a person, who looks at the database. */
  async resume(what: string, end: "done" | "again"): Promise<void> {
    const { afterCrash, title } = this.#kind;
    const isAsked = afterCrash === "person" && !(title.endsWith("PREPARED") && end === "again");
    if (isAsked) {
      const error = await this.fails();
      assertEquals(error.code, "PARTIAL", title);
      const name = `${this.name}:${this.unit}`;
      assertEquals(error.hint, `Look at the database, then say repair --done ${name} or repair --again ${name}`, title);
      await this.answer(end);
    }
    assertEquals(await this.up(), [this.name], `${title}, ${what}`);
    await this.assertDone(what);
  }
}

async function refusedInTransaction(each: Case, kind: Kind): Promise<void> {
  const error = await assertRejects(() => each.query(`BEGIN; ${kind.sql}`)) as { code?: string };
  await each.query("ROLLBACK");
  assertEquals(
    error.code,
    kind.title.includes("COMMIT") && !kind.title.endsWith("PREPARED") ? "2D000" : "25001",
    kind.title,
  );
}

/** The journal says that it began and nothing more; then it fails for real. */
async function failAndMend(each: Case, { breakage, afterCrash, title }: Kind): Promise<void> {
  const isBroken = typeof breakage === "object";
  if (isBroken) await each.query(breakage.sql);
  if (afterCrash === "person") await each.answer("again");
  const error = breakage === "cancel"
    ? await each.endWhileHeld("pg_cancel_backend")
    : await each.fails(isBroken ? {} : { role: "metapg_weak" });
  assert(error instanceof SqlError, `${title}: ${error.message}`);
  assertEquals([error.code, (error as SqlError).line], ["PARTIAL", each.unit + 1], `${title}: ${error.message}`);
  const isOpen = title.endsWith("with COMMIT");
  const state = isOpen ? "started" : "failed";
  assertEquals(await each.journal(), { done: each.unit - 1, state, applied: false }, title);
  if (isBroken) await each.query(breakage.mend);
  if (isOpen) return await each.resume("mended", "again");
  assertEquals(await each.up(), [each.name], title);
  await each.assertDone("mended");
}

async function killAndResume(each: Case, kind: Kind): Promise<void> {
  const error = await each.endWhileHeld("pg_terminate_backend");
  assertEquals(error.code, "OUTCOME_UNKNOWN", kind.title);
  assertEquals(await each.journal(), { done: each.unit - 1, state: "started", applied: false }, kind.title);
  await each.resume("killed while it waited", "again");
}

/**
 * Breaks a kind off wherever it can be, and sees each time that the next `up` brings it to its end, once.
 *
 * @param project Files and database; the table `tally` is in it.
 * @param kind The kind.
 * @param index Number of its migration.
 */
export async function checkKind(project: Project, kind: Kind, index: number): Promise<void> {
  const each = new Case(project, kind, index);
  await project.query("TRUNCATE tally");
  if (kind.setup !== undefined) await each.queryEach(kind.setup);
  if (kind.inTransaction === undefined) await refusedInTransaction(each, kind);
  if (kind.hold === undefined) {
    assertEquals(await each.up(), [each.name]);
    await each.assertDone("undisturbed");
  } else await killAndResume(each, kind);
  if (kind.isCostly && tries(0, 1) === 0) return;
  await each.crash();
  await failAndMend(each, kind);
  if (kind.undo !== undefined) {
    await each.crash();
    await each.resume("crashed before it", "again");
  }
  await each.crash();
  await each.queryEach(kind.setting === undefined ? kind.sql : `${kind.setting}; ${kind.sql}`);
  await each.resume("crashed behind it", "done");
}
