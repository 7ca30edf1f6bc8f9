import { assert, assertEquals, assertRejects } from "@std/assert";
import postgres from "postgres";
import { MigrationRunner } from "../../mod.ts";
import { MigrationError } from "../../src/core/error.ts";
import { memoryReader } from "../../src/core/reader.ts";
import { postgresDatabase } from "../../src/database/postgres.ts";
import { APPLIED, makeHistory, ORDER, readHolding, SHAPES } from "./older_history.ts";
import { onEveryEngine, onServers, type Project } from "./project.ts";

const D = { "004_d.sql": "CREATE TABLE d (id int);\n-- ROLLBACK\nDROP TABLE d;\n" };

async function failure(call: Promise<unknown>): Promise<MigrationError> {
  return await assertRejects(() => call, MigrationError) as MigrationError;
}

function namesOf(list: readonly { readonly name: string }[]): string[] {
  return list.map(({ name }) => name);
}

/** What a history of this release looks like, on the same server. */
async function freshTables(project: Project): Promise<readonly string[]> {
  Object.assign(project.files, D);
  await project.runner({ table: "ops.fresh" }).baseline("004_d");
  delete project.files["004_d.sql"];
  return (await readHolding(project, "ops.fresh")).tables;
}

/** Sees that all that only reads tells the same as of a history of this release. */
async function assertReadable(project: Project): Promise<void> {
  const runner = project.runner();
  const status = await runner.getStatus();
  assertEquals(namesOf(status.applied), ORDER);
  assertEquals([status.changed, status.reformatted, status.missing, status.failed, status.late], [[], [], [], [], []]);
  assertEquals(status.applied.map(({ seq, depends }) => [seq, depends]), [[1, []], [2, []], [3, ["001_a"]]]);
  assertEquals(status.applied[0]?.appliedAt?.toISOString(), "2020-01-01T00:00:00.000Z");
  assertEquals(await runner.check(), []);
  assertEquals((await runner.show("002_b")).source, APPLIED["002_b.sql"]);
  assertEquals(namesOf((await runner.plan({ type: "down", count: 2 })).steps), ["002_b", "003_c"]);
  assertEquals((await failure(runner.rollbackMigration("001_a"))).code, "DEPENDENTS");
  assertEquals(await runner.applyPending(), []);
  assertEquals(await runner.repair(), { db: "main", actions: [] });
}

for (const [lack, shape] of Object.entries(SHAPES)) {
  onEveryEngine(`a history that lacks ${lack} is read as it is, and upgraded by the first write`, async (project) => {
    await makeHistory(project, shape);
    const before = await readHolding(project);
    await assertReadable(project);
    assertEquals(namesOf(await project.runner().history()), namesOf(before.log as { readonly name: string }[]));
    assertEquals(await readHolding(project), before, "no read writes");

    Object.assign(project.files, D);
    assertEquals(await project.runner().applyPending(), ["004_d"]);
    const after = await readHolding(project);
    assertEquals(after.tables, await freshTables(project));
    assertEquals(after.rows.map((row) => String(row.token_checksum).slice(0, 2)), ["1:", "1:", "1:", "1:"]);
    for (const [index, row] of before.rows.entries()) {
      const kept = Object.entries(row).filter(([, value]) => value !== null);
      assertEquals({ ...after.rows[index], ...Object.fromEntries(kept) }, after.rows[index]);
    }
    for (const [index, entry] of before.log.entries()) {
      assertEquals({ ...after.log[index], ...entry }, after.log[index]);
    }
    assertEquals(after.log.slice(before.log.length).map(({ action, name }) => [action, name]), [["applied", "004_d"]]);
    assertEquals(namesOf(await project.runner().getAppliedMigrations()), [...ORDER, "004_d"]);
    assertEquals(await project.runner().rollbackMigration("002_b"), ["002_b"]);
    assertEquals(namesOf((await project.runner().getStatus()).pending), ["002_b"]);
  });
}

onEveryEngine("repair, sync and baseline upgrade an older history, too", async (project) => {
  const isUpgraded = async () => (await readHolding(project)).tables.includes("history @metapg/migration layout 1");
  const shape = SHAPES["all that can be made up, keys and width"]!;
  await makeHistory(project, shape);
  project.files["001_a.sql"] += "-- more\n";
  await project.runner().repair();
  assert(await isUpgraded());
  assertEquals((await project.runner().getStatus()).reformatted, []);

  await project.query("DROP TABLE metapg_migrations, metapg_migrations_log, a, b, c");
  await makeHistory(project, shape);
  delete project.files["002_b.sql"];
  assertEquals(namesOf((await project.runner().run({ type: "sync" })).done), ["002_b"]);
  assert(await isUpgraded());

  await project.query("DROP TABLE metapg_migrations, metapg_migrations_log, a, c");
  await makeHistory(project, shape);
  await project.query("DELETE FROM metapg_migrations");
  assertEquals(await project.runner().baseline("001_a"), ["001_a"]);
  assert(await isUpgraded());
});

onEveryEngine("a note of a failure in an older history stays one", async (project) => {
  await makeHistory(project, SHAPES["the order"]!);
  await project.query("UPDATE metapg_migrations SET applied_at = NULL, error = 'no' WHERE name = '003_c'");
  const [failed] = (await project.runner().getStatus()).failed;
  assertEquals([failed?.name, failed?.error, failed?.seq], ["003_c", "no", 3]);
  await project.query("DROP TABLE c");
  assertEquals(await project.runner().applyPending(), ["003_c"]);
});

onEveryEngine("an older history that lacks what cannot be made up is refused", async (project) => {
  Object.assign(project.files, D);
  const comment = "COMMENT ON TABLE metapg_migrations IS '@metapg/migration layout 0'";
  await project.query(`CREATE TABLE metapg_migrations (name text PRIMARY KEY, version bigint); ${comment}`);
  for (const call of [() => project.runner().getStatus(), () => project.runner().applyPending()]) {
    const error = await failure(call());
    assertEquals([error.code, error.message], [
      "HISTORY_FOREIGN",
      'Cannot use "public"."metapg_migrations" for the history: it is of an older layout and lacks the columns ' +
      '"checksum", "source", "applied_at", which cannot be made up',
    ]);
  }
  await project.query("DROP TABLE metapg_migrations");
  await makeHistory(project, { ...SHAPES["the log"]!, log: "id bigint, run_id text, action text, name text" });
  assertEquals(
    (await failure(project.runner().applyPending())).message,
    'Cannot use "public"."metapg_migrations_log" for the history: it is of an older layout and lacks the column "at", ' +
      "which cannot be made up",
  );
});

/** Runs SQL at the end of every statement of the upgrade, which `n` counts. */
async function atEachStatement(project: Project, sql: string): Promise<void> {
  await project.query(`CREATE SEQUENCE count_ddl; CREATE TABLE said (n bigint, what text);
CREATE FUNCTION at_each() RETURNS event_trigger LANGUAGE plpgsql AS $$
DECLARE n bigint := nextval('count_ddl');
BEGIN ${sql} END $$;
CREATE EVENT TRIGGER at_each ON ddl_command_end WHEN TAG IN ('ALTER TABLE', 'CREATE TABLE', 'COMMENT') EXECUTE FUNCTION at_each()`);
}

onServers("runners that start at once upgrade an older history once", async (project) => {
  await makeHistory(project, SHAPES["all that can be made up, keys and width"]!);
  await atEachStatement(
    project,
    "INSERT INTO said SELECT n, object_identity FROM pg_event_trigger_ddl_commands() WHERE command_tag = 'COMMENT' AND objsubid = 0;",
  );
  Object.assign(project.files, D);
  const applied = await Promise.all(Array.from({ length: 4 }, () => project.runner().applyPending()));
  assertEquals(applied.flat(), ["004_d"]);
  assertEquals(namesOf((await project.query("SELECT what AS name FROM said ORDER BY n")) as { name: string }[]), [
    "public.metapg_migrations",
    "public.metapg_migrations_log",
  ]);
});

onServers(
  "a run that is killed at any statement of the upgrade leaves the older history as it was",
  async (project) => {
    await makeHistory(project, SHAPES["all that can be made up, keys and width"]!);
    const before = await readHolding(project);
    await atEachStatement(
      project,
      "IF n = (SELECT max(s.n) FROM said s) THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF;",
    );
    const files = Object.entries({ ...APPLIED, ...D }).map(([name, text]) => [`migrations/main/${name}`, text]);
    // Each try has a session of its own: a driver's pool does not take it well when so many end.
    const runner = new MigrationRunner({
      dbName: "main",
      database: project.url,
      reader: memoryReader(Object.fromEntries(files)),
    });
    let kills = 0;
    for (;; kills++) {
      await project.query(
        `TRUNCATE said; INSERT INTO said VALUES (${kills * 6 + 1}); ALTER SEQUENCE count_ddl RESTART`,
      );
      const outcome = await runner.applyPending().catch((error) => error.code);
      if (Array.isArray(outcome)) {
        assertEquals(outcome, ["004_d"]);
        break;
      }
      assertEquals(outcome, "CONNECTION_LOST");
      assertEquals(await readHolding(project), before);
    }
    assert(kills >= 5, `${kills} kills`);
  },
);

onServers("an older history that another session uses is not waited for without end", async (project) => {
  await makeHistory(project, SHAPES["the log"]!);
  const before = await readHolding(project);
  const reader = postgres(project.url, { max: 1, onnotice: () => {} });
  await reader.unsafe("BEGIN; SELECT * FROM metapg_migrations").simple();
  Object.assign(project.files, D);
  const error = await failure(project.runner({ lockTimeoutMs: 100 }).applyPending());
  assertEquals([error.code, error.message], [
    "LOCK_TIMEOUT",
    'Cannot upgrade "public"."metapg_migrations": another session uses it',
  ]);
  await reader.unsafe("COMMIT");
  await reader.end();
  assertEquals(await readHolding(project), before);
  assertEquals(await project.runner().applyPending(), ["004_d"]);
});

onServers("a user who does not own an older history can read it, and is told who can upgrade it", async (project) => {
  await makeHistory(project, SHAPES["the log"]!);
  const user = `reader_${crypto.randomUUID().slice(0, 8)}`;
  await project.query(`CREATE ROLE ${user} LOGIN PASSWORD 'x'; GRANT ALL ON ALL TABLES IN SCHEMA public TO ${user}`);
  const url = new URL(project.url);
  [url.username, url.password] = [user, "x"];
  const client = postgres(url.href, { max: 2, onnotice: () => {} });
  try {
    const runner = project.runner({ database: postgresDatabase(client) });
    assertEquals(namesOf((await runner.getStatus()).applied), ORDER);
    Object.assign(project.files, D);
    const error = await failure(runner.applyPending());
    assertEquals([error.code, error.message, error.hint], [
      "CONFIG",
      'Cannot upgrade "public"."metapg_migrations" to the layout of this release: must be owner of table metapg_migrations',
      "Nothing was run; run it once as the owner of the history and its log",
    ]);
  } finally {
    await client.end({ timeout: 1 });
    await project.query(`DROP OWNED BY ${user}; DROP ROLE ${user}`);
  }
});
