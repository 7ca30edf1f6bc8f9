import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import pg from "pg";
import postgres from "postgres";
import { MigrationError } from "../../src/core/error.ts";
import type { MigrationEvent } from "../../src/core/event.ts";
import { openDatabase } from "../../src/database/open.ts";
import { pgDatabase } from "../../src/database/pg.ts";
import { databasePlatform } from "../../src/runtime/platform.ts";
import { atOnce } from "../support/at_once.ts";
import { startServerProxy } from "../support/server_proxy.ts";
import { IS_UNLOCKED, isRunning, until } from "../support/until.ts";
import { onServers, type Project } from "./project.ts";

const SLOW = "CREATE TABLE slow (id int);\nSELECT pg_sleep(60);\n";

async function failure(call: Promise<unknown>): Promise<MigrationError> {
  return await assertRejects(() => call, MigrationError) as MigrationError;
}

/** Aborts a run once a condition holds, and sees that the server is free of it soon after. */
async function abortWhen(
  project: Project,
  condition: string,
  start: (signal: AbortSignal) => Promise<unknown>,
): Promise<MigrationError> {
  const abort = new AbortController();
  const run = failure(start(abort.signal));
  run.catch(() => {});
  await until(project.url, condition);
  const since = Date.now();
  abort.abort();
  const error = await run;
  assert(Date.now() - since < 4000, `It took ${Date.now() - since} ms to cancel`);
  assertEquals(error.code, "ABORTED");
  const [row] = await project.query(
    `SELECT (${IS_UNLOCKED})::int AS unlocked, (SELECT count(*)::int FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle' AND application_name <> 'other'
        AND backend_type = 'client backend') AS busy`,
  );
  assertEquals(row, { unlocked: 1, busy: 0 });
  return error;
}

/** What the history says of a migration. */
async function rowOf(project: Project, name: string): Promise<unknown> {
  const [row] = await project.query(
    `SELECT partial, units_done AS done, unit_state AS state, applied_at IS NOT NULL AS applied FROM metapg_migrations WHERE name = '${name}'`,
  );
  return row;
}

/** A session that is in the way of whatever changes table `t`. */
async function withBlocker(project: Project, body: (release: () => Promise<void>) => Promise<void>): Promise<void> {
  await project.query("CREATE TABLE t (id int)");
  const other = postgres(project.url, { max: 1, onnotice: () => {}, connection: { application_name: "other" } });
  await other.unsafe("BEGIN; INSERT INTO t VALUES (1)").simple();
  try {
    await body(async () => void await other.unsafe("COMMIT"));
  } finally {
    await other.end();
  }
}

onServers("an abort of a rollback leaves the migration applied", async (project) => {
  project.files["001_a.sql"] = "CREATE TABLE a (id int);\n-- ROLLBACK\nDROP TABLE a;\nSELECT pg_sleep(60);\n";
  await project.runner().applyPending();
  await abortWhen(
    project,
    isRunning("pg_sleep(60)"),
    (signal) => project.runner().rollbackMigration("001_a", { signal }),
  );
  assertEquals(await rowOf(project, "001_a"), { partial: null, done: null, state: null, applied: true });
  assertEquals(await project.query("SELECT to_regclass('a')::text AS a"), [{ a: "a" }]);
});

onServers("an abort between two migrations keeps the first and does not begin the second", async (project) => {
  Object.assign(project.files, { "001_a.sql": "CREATE TABLE a (id int);", "002_b.sql": "CREATE TABLE b (id int);" });
  const abort = new AbortController();
  const onEvent = (event: MigrationEvent) => event.type === "migration:done" && abort.abort();
  const error = await failure(atOnce(() => project.runner().applyPending({ signal: abort.signal, onEvent })));
  assertEquals([error.code, error.applied], ["ABORTED", ["001_a"]]);
  assertEquals(await project.query("SELECT to_regclass('b')::text AS b"), [{ b: null }]);
  await until(project.url, IS_UNLOCKED);
  assertEquals(await project.runner().applyPending(), ["002_b"]);
});

for (const statement of ["CREATE INDEX CONCURRENTLY ON t (id)", "VACUUM FULL t"]) {
  onServers(`an abort ends ${statement}, and the next up goes on from there`, async (project) => {
    project.files["001_unit.sql"] = `-- Transaction: none\nSELECT 1;\n${statement};\n`;
    await withBlocker(project, async (release) => {
      const error = await abortWhen(
        project,
        isRunning(statement),
        (signal) => project.runner().applyPending({ signal }),
      );
      assertMatch(error.hint ?? "", /is part-way: what was finished of it stays, and up goes on from there/);
      assertEquals(await rowOf(project, "001_unit"), { partial: "up", done: 1, state: "failed", applied: false });
      await release();
    });
    assertEquals(await project.runner().applyPending(), ["001_unit"]);
    const indexes = await project.query("SELECT indisvalid AS valid FROM pg_index WHERE indrelid = 't'::regclass");
    assertEquals(indexes.map((row) => row.valid), statement.startsWith("VACUUM") ? [] : [true]);
  });
}

onServers("an abort of a block of code leaves nothing for a person to repair", async (project) => {
  project.files["001_do.sql"] = "-- Transaction: none\nSELECT 1;\nDO $$ BEGIN PERFORM pg_sleep(60); END $$;\n";
  await abortWhen(project, isRunning("DO $$"), (signal) => project.runner().applyPending({ signal }));
  project.files["001_do.sql"] = project.files["001_do.sql"]!.replace("(60)", "(0)");
  assertEquals(await project.runner().applyPending(), ["001_do"]);
});

for (const header of ["", "-- Transaction: none\nSELECT 1;\n"]) {
  onServers(`an abort ends the pause before a retry${header === "" ? "" : " of a unit"}`, async (project) => {
    await project.query("CREATE TABLE work (id int)");
    const code =
      "IF count(*) = 0 FROM work THEN RAISE 'not yet' USING ERRCODE = '40001'; END IF; INSERT INTO work VALUES (1);";
    project.files["001_retry.sql"] = `${header}DO $$ BEGIN ${code} END $$;\n`;
    const abort = new AbortController();
    const onEvent = (event: MigrationEvent) =>
      event.type === "migration:retry" && event.attempt > 1 && setTimeout(() => abort.abort(), 20);
    assertEquals((await failure(project.runner().applyPending({ signal: abort.signal, onEvent }))).code, "ABORTED");
    await until(project.url, IS_UNLOCKED);
    await project.query("INSERT INTO work VALUES (0)");
    assertEquals(await project.runner().applyPending(), ["001_retry"]);
    assertEquals(await project.query("SELECT count(*)::int AS n FROM work"), [{ n: 2 }]);
  });
}

onServers("an abort is not kept from the server by who looks for what is in the way", async (project) => {
  project.files["001_slow.sql"] = `-- Lock-Timeout: 60ms\n${SLOW}`;
  const pool = new pg.Pool({ connectionString: project.url, max: 2 });
  try {
    await abortWhen(
      project,
      `(SELECT count(*) = 2 FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database())
        AND ${isRunning("pg_sleep(60)")}`,
      (signal) => project.runner({ database: pgDatabase(pool) }).applyPending({ signal }),
    );
  } finally {
    await pool.end();
  }
});

onServers("an abort asks again if the server did not hear it", async (project) => {
  project.files["001_slow.sql"] = SLOW;
  const proxy = startServerProxy(project.url, { refuses: (connection) => connection === 2 });
  try {
    const database = openDatabase(proxy.url, { platform: databasePlatform() });
    const runner = project.runner({ database, lockTimeoutMs: 0 });
    await abortWhen(project, isRunning("pg_sleep(60)"), (signal) => runner.applyPending({ signal }));
    assertEquals(proxy.connections, 3);
  } finally {
    await proxy.close();
  }
});

onServers("an abort that cannot be delivered lets the statement end and begins no other", async (project) => {
  project.files["001_a.sql"] = "CREATE TABLE a (id int);\nSELECT pg_sleep(2);\n";
  project.files["002_b.sql"] = "CREATE TABLE b (id int);\n";
  const proxy = startServerProxy(project.url, { refuses: (connection) => connection > 1 });
  try {
    const database = openDatabase(proxy.url, { platform: databasePlatform() });
    const runner = project.runner({ database, lockTimeoutMs: 0 });
    const apply = (signal: AbortSignal) => atOnce(() => runner.applyPending({ signal }));
    const error = await abortWhen(project, isRunning("pg_sleep(2)"), apply);
    assertEquals(error.applied, ["001_a"]);
  } finally {
    await proxy.close();
  }
  assertEquals(await project.query("SELECT to_regclass('a')::text AS a, to_regclass('b')::text AS b"), [
    { a: "a", b: null },
  ]);
  assertEquals(await project.runner().applyPending(), ["002_b"]);
});
