import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import postgres from "postgres";
import { MigrationError } from "../../src/core/error.ts";
import { lockKey, parseHistoryTable } from "../../src/runner/history_table.ts";
import { postgresDatabase } from "../../src/database/postgres.ts";
import { onEveryEngine, onServers } from "./project.ts";

async function failure(call: Promise<unknown>): Promise<MigrationError> {
  return await assertRejects(() => call, MigrationError) as MigrationError;
}

const LEASE = "SELECT owner, fence::int, expires_at IS NULL AS free FROM metapg_migrations_lease";

onEveryEngine("a run with a lease applies and rolls back, and gives the lease back", async (project) => {
  project.files["001_a.sql"] = "CREATE TABLE a (id int);\n-- ROLLBACK\nDROP TABLE a;";
  project.files["002_b.sql"] = "-- Transaction: none\nCREATE TABLE b (id int);\nVACUUM a;\n-- ROLLBACK\nDROP TABLE b;";
  const runner = project.runner({ lock: "lease" });
  assertEquals(await runner.applyPending(), ["001_a", "002_b"]);
  assertEquals(await project.query(LEASE), [{ owner: null, fence: 1, free: true }]);
  assertEquals((await runner.run({ type: "down", to: "0" })).done.length, 2);
  assertEquals(await project.query(LEASE), [{ owner: null, fence: 2, free: true }]);
  assertEquals(await project.query("SELECT count(*)::int AS n FROM metapg_migrations"), [{ n: 0 }]);
  const comments = await project.query(
    "SELECT count(*)::int AS n FROM pg_description WHERE objoid = 'metapg_migrations_lease'::regclass",
  );
  assertEquals(comments, [{ n: 9 }]);
});

onEveryEngine("a run gives its lease back when a migration fails", async (project) => {
  project.files["001_a.sql"] = "SELECT 1 / 0;";
  assertEquals((await failure(project.runner({ lock: "lease" }).applyPending())).code, "SQL_FAILED");
  assertEquals(await project.query(LEASE), [{ owner: null, fence: 1, free: true }]);
  assertEquals(await project.query("SELECT error LIKE '%division by zero%' AS told FROM metapg_migrations"), [{
    told: true,
  }]);
});

onEveryEngine("a history in a schema of its own has its lease there", async (project) => {
  project.files["001_a.sql"] = "SELECT 1;";
  const runner = project.runner({ lock: "lease", table: "ops.history" });
  assertEquals(await runner.applyPending(), ["001_a"]);
  assertEquals(await project.query("SELECT fence::int FROM ops.history_lease"), [{ fence: 1 }]);
});

onEveryEngine("what a unit sets holds for the next one and no other with a lease", async (project) => {
  project.files["001_a.sql"] =
    "-- Transaction: none\nCREATE SCHEMA app;\nSET search_path = app;\nCREATE TABLE a (id int);\nINSERT INTO oops SELECT 1;";
  project.files["002_b.sql"] = "CREATE TABLE b (id int);";
  const runner = project.runner({ lock: "lease" });
  assertEquals((await failure(runner.applyPending())).code, "PARTIAL");
  project.files["001_a.sql"] = project.files["001_a.sql"]!.replace("INSERT INTO oops", "INSERT INTO a");
  assertEquals(await runner.applyPending(), ["001_a", "002_b"]);
  assertEquals(
    await project.query("SELECT (SELECT count(*)::int FROM app.a) AS a, to_regclass('public.b')::text AS b"),
    [
      { a: 1, b: "b" },
    ],
  );
});

onServers("a run of either kind waits for one of the other", async (project) => {
  project.files["001_a.sql"] = "CREATE TABLE a (id int);";
  const holder = postgres(project.url, { max: 1, onnotice: () => {} });
  await holder.unsafe(`SELECT pg_advisory_lock(${await lockKey(parseHistoryTable())})`);
  const refused = await failure(project.runner({ lock: "lease", lockWaitMs: 0 }).applyPending());
  assertEquals(refused.code, "LOCK_TIMEOUT");
  assertMatch(refused.message, /pid \d+/);
  await holder.end({ timeout: 1 });
  await project.runner({ lock: "lease" }).applyPending();

  project.files["002_b.sql"] = "CREATE TABLE b (id int);";
  await project.query(
    "UPDATE metapg_migrations_lease SET owner = 'x', expires_at = clock_timestamp() + interval '400 ms', application = 'other'",
  );
  for (const lock of ["session", "lease"] as const) {
    const error = await failure(project.runner({ lock, lockWaitMs: 0 }).applyPending());
    assertEquals(error.code, "LOCK_TIMEOUT");
    assertMatch(
      error.message,
      /a run behind a pooler \(user postgres, application other, since .*, until .*\) holds it/,
    );
    assertEquals(
      await project.query(
        "SELECT count(*)::int AS n FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
      ),
      [{
        n: 0,
      }],
    );
  }
  assertEquals(await project.runner().applyPending(), ["002_b"]);
});

onServers("a lease is renewed while a statement runs longer than it lasts", async (project) => {
  project.files["001_a.sql"] = "-- Transaction: none\nDO $$ BEGIN PERFORM pg_sleep(1.5); END $$;";
  const run = project.runner({ lock: "lease", leaseMs: 600 }).applyPending();
  const held: unknown[] = [];
  for (let looks = 0; looks < 8; looks++) {
    await new Promise((resolve) => setTimeout(resolve, 180));
    held.push((await project.runner({ lockWaitMs: 0 }).lockStatus()).holder?.lease?.fence);
  }
  assertEquals(held.filter((fence) => fence === 1).length >= 6, true, JSON.stringify(held));
  assertEquals(await run, ["001_a"]);
});

onServers("a run that lost its lease stops before its next commit", async (project) => {
  project.files["001_a.sql"] = "CREATE TABLE a (id int);";
  project.files["002_b.sql"] = "CREATE TABLE b (id int);\nUPDATE metapg_migrations_lease SET owner = 'another';";
  const error = await failure(project.runner({ lock: "lease" }).applyPending());
  assertEquals([error.code, error.applied], ["LOCK_LOST", ["001_a"]]);
  assertMatch(error.message, /lease/);
  assertEquals(await project.query("SELECT to_regclass('b')::text AS b"), [{ b: null }]);
  assertEquals(await project.query("SELECT name FROM metapg_migrations"), [{ name: "001_a" }]);
});

onServers("a run with a lease waits out a session that has the lock for a moment", async (project) => {
  project.files["001_a.sql"] = "CREATE TABLE a (id int);";
  project.files["002_b.sql"] = "CREATE TABLE b (id int);";
  const key = await lockKey(parseHistoryTable());
  const other = postgres(project.url, { max: 1, onnotice: () => {} });
  const names = await project.runner({ lock: "lease" }).applyPending({
    onEvent: (event) => {
      if (event.type === "migration:start" && event.name === "002_b") {
        void other.unsafe(`SELECT pg_advisory_lock(${key}); SELECT pg_sleep(0.5); SELECT pg_advisory_unlock(${key})`)
          .simple().execute();
      }
    },
  });
  assertEquals(names, ["001_a", "002_b"]);
  await other.end({ timeout: 2 });
});

onServers("who blocks a run with a lease is named", async (project) => {
  project.files["001_a.sql"] = "CREATE TABLE a (id int);";
  await project.runner({ lock: "lease" }).applyPending();
  project.files["002_b.sql"] = "ALTER TABLE a ADD COLUMN b int;";
  const blocker = postgres(project.url, { max: 1, onnotice: () => {}, connection: { application_name: "report" } });
  await blocker.unsafe("BEGIN; SELECT * FROM a").simple();
  const run = project.runner({ lock: "lease", lockTimeoutMs: 800 }).applyPending({
    onEvent: (event) => event.type === "migration:retry" && void blocker.unsafe("COMMIT").execute(),
  });
  assertEquals(await run, ["002_b"]);
  const retries = project.events.filter((event) => event.type === "migration:retry");
  assertEquals(retries.map(({ blockers }) => blockers.map((holder) => holder.application)), [["report"]]);
  await blocker.end({ timeout: 1 });
});

onEveryEngine("what cannot be set for a statement outside a transaction is refused with a lease", async (project) => {
  project.files["001_a.sql"] = "-- Transaction: none\nCREATE TABLE a (id int);\nVACUUM a;";
  const error = await failure(
    project.runner({ lock: "lease", session: ["SET search_path = pg_catalog"] }).applyPending(),
  );
  assertEquals(error.code, "CONFIG");
  assertMatch(error.message, /session statements cannot be set for its unit 2/);
  assertEquals(await project.query("SELECT to_regclass('public.a')::text AS a"), [{ a: null }]);
  project.files["001_a.sql"] =
    "-- Transaction: none\nCREATE TABLE a (id int);\nSET search_path = pg_catalog;\nVACUUM public.a;";
  assertMatch(
    (await failure(project.runner({ lock: "lease" }).applyPending())).message,
    /what the units before it set cannot be set for its unit 3/,
  );
  project.files["001_a.sql"] = "-- Transaction: none\nCREATE TABLE a (id int);";
  assertEquals(
    await project.runner({ lock: "lease", session: ["CREATE SCHEMA IF NOT EXISTS app", "SET search_path = app"] })
      .applyPending(),
    ["001_a"],
  );
  assertEquals(await project.query("SELECT to_regclass('app.a')::text AS a"), [{ a: "app.a" }]);
});

onServers("a run with a lease is refused where strings are not standard", async (project) => {
  await project.query(
    "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET standard_conforming_strings = off', current_database()); END $$",
  );
  project.files["001_a.sql"] = "CREATE TABLE a AS SELECT '\\\\' AS text;";
  const client = postgres(project.url, { max: 2, onnotice: () => {} });
  try {
    const error = await failure(
      project.runner({ lock: "lease", database: postgresDatabase(client) }).applyPending(),
    );
    assertEquals(error.code, "CONFIG");
    assertMatch(error.message, /standard_conforming_strings is off behind the pooler/);
    assertEquals(await project.query("SELECT to_regclass('a')::text AS a"), [{ a: null }]);
  } finally {
    await client.end({ timeout: 1 });
  }
});

Deno.test("a history's name leaves room for those of its log and lease", () => {
  assertEquals(parseHistoryTable("h".repeat(57)).leaseSql, `"public"."${"h".repeat(57)}_lease"`);
});
