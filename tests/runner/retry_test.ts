import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import postgres from "postgres";
import { MigrationError } from "../../src/core/error.ts";
import type { MigrationEvent } from "../../src/core/event.ts";
import { openDatabase } from "../../src/database/open.ts";
import { databasePlatform } from "../../src/runtime/platform.ts";
import { IS_SLEEPING, until } from "../support/until.ts";
import { onServers, type Project } from "./project.ts";

async function failure(call: Promise<unknown>): Promise<MigrationError> {
  return await assertRejects(() => call, MigrationError) as MigrationError;
}

/** A session of somebody else, named `report`. */
async function withOther(project: Project, body: (other: postgres.Sql) => Promise<void>): Promise<void> {
  const other = postgres(project.url, { max: 1, onnotice: () => {}, connection: { application_name: "report" } });
  try {
    await body(other);
  } finally {
    await other.end({ timeout: 1 });
  }
}

/** Waits for an event of a run, and then does something. */
function onRetry(when: (attempt: number) => boolean, act: () => Promise<unknown>): (event: MigrationEvent) => void {
  let acted = false;
  return (event) => {
    if (event.type !== "migration:retry" || acted || !when(event.attempt)) return;
    acted = true;
    // The driver sends a query when it is waited for.
    act().then(() => {});
  };
}

function retries(project: Project): readonly Extract<MigrationEvent, { readonly type: "migration:retry" }>[] {
  return project.events.flatMap((event) => event.type === "migration:retry" ? [event] : []);
}

onServers("a migration that waits behind a report lets other readers through", async (project) => {
  const lockTimeoutMs = 300;
  await project.query("CREATE TABLE busy (id int); INSERT INTO busy VALUES (1)");
  project.files["001_a.sql"] = "ALTER TABLE busy ADD COLUMN name text;\nINSERT INTO busy VALUES (2, 'once');";
  await withOther(project, async (other) => {
    await other.unsafe("BEGIN; SELECT * FROM busy").simple();
    const run = project.runner({ lockTimeoutMs }).applyPending();
    const waits =
      "EXISTS (SELECT FROM pg_locks WHERE relation = 'busy'::regclass AND NOT granted AND mode = 'AccessExclusiveLock')";
    await until(project.url, waits);
    const since = performance.now();
    await project.query("SELECT * FROM busy");
    const waitedMs = performance.now() - since;
    assert(waitedMs < lockTimeoutMs + 1500, `A reader waited ${waitedMs} ms`);
    while (retries(project).length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    await other.unsafe("COMMIT");
    assertEquals(await run, ["001_a"]);
  });
  assertEquals(await project.query("SELECT count(*)::int AS n FROM busy WHERE name = 'once'"), [{ n: 1 }]);
  for (const { sqlstate, blockers } of retries(project)) {
    assertEquals([sqlstate, blockers.map((one) => [one.user, one.application, one.query])], [
      "55P03",
      [["postgres", "report", "BEGIN; SELECT * FROM busy"]],
    ]);
    assert(Number(blockers[0]!.pid) > 0);
  }
});

onServers("a serialization failure is tried again, and its work is there once", async (project) => {
  await project.query(`CREATE TABLE counter (n int); INSERT INTO counter VALUES (0); CREATE TABLE done (id int);
    DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_isolation = serializable', current_database()); END $$`);
  project.files["001_a.sql"] = `INSERT INTO done VALUES (1);
SELECT pg_sleep(CASE WHEN n = 0 THEN 1 ELSE 0 END) FROM counter;
UPDATE counter SET n = n + 10;`;
  project.files["002_b.sql"] = "-- Transaction: none\nINSERT INTO done VALUES (2);\nVACUUM done;\n";
  const database = openDatabase(project.url, { platform: databasePlatform() });
  const run = project.runner({ database }).applyPending();
  await until(project.url, IS_SLEEPING);
  await project.query("UPDATE counter SET n = n + 1");
  assertEquals(await run, ["001_a", "002_b"]);
  assertEquals(retries(project).map((retry) => [retry.name, retry.sqlstate]), [["001_a", "40001"]]);
  assertEquals(await project.query("SELECT (SELECT n FROM counter) AS n, count(*)::int AS done FROM done"), [
    { n: 11, done: 2 },
  ]);
});

onServers("a unit that deadlocks is tried again alone", async (project) => {
  await project.query("CREATE TABLE one (id int); CREATE TABLE two (id int); CREATE TABLE done (id int)");
  project.files["001_a.sql"] = `-- Transaction: none
INSERT INTO done VALUES (1);
BEGIN; INSERT INTO done VALUES (2); LOCK TABLE one; SELECT pg_sleep(0.3); LOCK TABLE two; COMMIT;
INSERT INTO done VALUES (3);`;
  await withOther(project, async (other) => {
    await other.unsafe("SET deadlock_timeout = '60s'");
    await other.unsafe("BEGIN; LOCK TABLE two").simple();
    const run = project.runner().applyPending();
    await until(project.url, IS_SLEEPING);
    await other.unsafe("LOCK TABLE one; COMMIT").simple();
    assertEquals(await run, ["001_a"]);
  });
  assertEquals(retries(project).map((retry) => retry.sqlstate), ["40P01"]);
  assertEquals((await project.query("SELECT string_agg(id::text, ',') AS ids FROM done"))[0]?.ids, "1,2,3");
});

onServers("a unit waits for a lock as long as it takes unless it is told otherwise", async (project) => {
  await project.query(`CREATE TABLE busy (id int); CREATE TABLE seen (what text, lock text);
    DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET lock_timeout = ''100ms''', current_database()); END $$`);
  const look = (what: string) => `INSERT INTO seen VALUES ('${what}', current_setting('lock_timeout'));`;
  project.files["001_unit.sql"] = `-- Transaction: none\n${look("unit")}\nCREATE INDEX CONCURRENTLY i ON busy (id);\n`;
  const database = () => openDatabase(project.url, { platform: databasePlatform() });
  await withOther(project, async (other) => {
    await other.unsafe("BEGIN; INSERT INTO busy VALUES (1)").simple();
    const run = project.runner({ database: database() }).applyPending();
    await until(
      project.url,
      "EXISTS (SELECT FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX%' AND wait_event_type = 'Lock' AND datname = current_database())",
    );
    await new Promise((resolve) => setTimeout(resolve, 300));
    await other.unsafe("COMMIT");
    assertEquals(await run, ["001_unit"]);
  });
  assertEquals(retries(project), []);
  project.files["002_header.sql"] = `-- Transaction: none\n-- Lock-Timeout: 7s\n${look("header")}`;
  project.files["003_flag.sql"] = `-- Transaction: none\n${look("flag")}`;
  await project.runner({ database: database(), lockTimeoutMs: 8000 }).applyPending();
  const rows = await project.query("SELECT what, lock FROM seen ORDER BY lock");
  assertEquals(rows.map((row) => [row.what, row.lock]), [["unit", "0"], ["header", "7s"], ["flag", "8s"]]);
});

onServers(
  "a unit whose tries are spent is part-way, says who is in the way, and is not begun anew",
  async (project) => {
    await project.query("CREATE TABLE busy (id int); CREATE TABLE done (id int)");
    project.files["001_a.sql"] = `-- Transaction: none
-- Lock-Timeout: 800ms
INSERT INTO done VALUES (1);
CREATE INDEX CONCURRENTLY i ON busy (id);`;
    await withOther(project, async (other) => {
      await other.unsafe("BEGIN; INSERT INTO busy VALUES (1)").simple();
      const error = await failure(project.runner({ lockRetries: 1 }).applyPending());
      assertEquals(error.code, "PARTIAL");
      assertMatch(error.hint ?? "", /^Blocked by pid \d+ \(user postgres, application report/);
      const invalid = "SELECT indisvalid AS valid FROM pg_index WHERE indrelid = 'busy'::regclass";
      assertEquals((await project.query(invalid)).map((row) => row.valid), [false]);
      const again = project.runner().applyPending({ onEvent: onRetry(() => true, () => other.unsafe("COMMIT")) });
      assertEquals(await again, ["001_a"]);
      assertEquals((await project.query(invalid)).map((row) => row.valid), [true]);
    });
    assertEquals(await project.query("SELECT count(*)::int AS n FROM done"), [{ n: 1 }]);
  },
);

onServers("what ran outside a transaction is not run again because its entry met a lock", async (project) => {
  project.files["001_a.sql"] = "-- Transaction: none\nSELECT 1;";
  await project.query("CREATE TABLE done (id int)");
  const runner = project.runner();
  await runner.applyPending();
  project.files["002_b.sql"] = `-- Transaction: none
-- Lock-Timeout: 800ms
DO $$ BEGIN INSERT INTO done VALUES (1); PERFORM pg_sleep(1); END $$;`;
  await withOther(project, async (other) => {
    const run = runner.applyPending({ onEvent: onRetry(() => true, () => other.unsafe("COMMIT")) });
    await until(project.url, IS_SLEEPING);
    await other.unsafe("BEGIN; LOCK TABLE metapg_migrations").simple();
    assertEquals(await run, ["002_b"]);
  });
  assertEquals(retries(project).map((retry) => [retry.sqlstate, retry.blockers.map((one) => one.application)]), [
    ["55P03", ["report"]],
  ]);
  assertEquals(await project.query("SELECT count(*)::int AS n FROM done"), [{ n: 1 }]);
});

onServers("an INVALID index of somebody else is never dropped, however often it is in the way", async (project) => {
  await project.query("CREATE TABLE t (id int); INSERT INTO t VALUES (1), (1)");
  await project.query("CREATE UNIQUE INDEX CONCURRENTLY i ON t (id)").catch(() => undefined);
  const [before] = await project.query("SELECT 'i'::regclass::oid::text AS oid");
  project.files["001_a.sql"] = "-- Transaction: none\nSELECT 1;\nCREATE INDEX CONCURRENTLY i ON t (id);\n";
  for (let tries = 0; tries < 3; tries++) {
    assertMatch((await failure(project.runner().applyPending())).message, /exists but is INVALID/);
  }
  assertEquals(await project.query("SELECT 'i'::regclass::oid::text AS oid"), [before]);
});

onServers("a role with one connection retries without a name for who is in the way", async (project) => {
  const role = `metapg_one_${crypto.randomUUID().slice(0, 8)}`;
  await project.query(
    `CREATE ROLE ${role} LOGIN PASSWORD 'one' CONNECTION LIMIT 1; GRANT ALL ON SCHEMA public TO ${role}`,
  );
  await project.query(`CREATE TABLE busy (id int); ALTER TABLE busy OWNER TO ${role}`);
  project.files["001_a.sql"] = "-- Lock-Timeout: 200ms\nALTER TABLE busy ADD COLUMN name text;";
  const url = new URL(project.url);
  Object.assign(url, { username: role, password: "one" });
  const database = openDatabase(url.href, { platform: databasePlatform() });
  try {
    await withOther(project, async (other) => {
      await other.unsafe("BEGIN; SELECT * FROM busy").simple();
      const error = await failure(project.runner({ database, lockRetries: 1 }).applyPending());
      assertEquals([error.code, error.hint?.split(":")[0]], [
        "SQL_FAILED",
        "Another session holds a lock that it needs",
      ]);
      const run = project.runner({ database }).applyPending({
        onEvent: onRetry(() => true, () => other.unsafe("COMMIT")),
      });
      assertEquals(await run, ["001_a"]);
    });
    assertEquals(retries(project).map((retry) => retry.blockers), [[], []]);
  } finally {
    await project.query(`DROP OWNED BY ${role} CASCADE; DROP ROLE ${role}`);
  }
});

/** What a lock of somebody else on these keeps a run from, with and without many others behind it. */
for (const table of ["metapg_migrations", "metapg_migrations_log"]) {
  onServers(
    `a migration whose history is locked holds nothing longer than its lock_timeout: ${table}`,
    async (project) => {
      await project.query("CREATE TABLE busy (id int)");
      project.files["001_a.sql"] = "CREATE TABLE a (id int);";
      await project.runner().applyPending();
      for (let number = 2; number < 30; number++) {
        project.files[`${String(number).padStart(3, "0")}_b.sql`] = `ALTER TABLE busy ADD COLUMN c${number} int;`;
      }
      await withOther(project, async (other) => {
        await other.unsafe(`BEGIN; LOCK TABLE ${table} IN SHARE MODE`).simple();
        for (const count of [1, 28]) {
          const error = await failure(project.runner({ lockTimeoutMs: 800, lockRetries: 1 }).applyPending({ count }));
          assertEquals([error.code, error.applied], ["SQL_FAILED", []]);
          assertMatch(error.message, /when its history was written \(55P03\)/);
          assertMatch(error.hint ?? "", /^Blocked by pid \d+ \(user postgres, application report/);
        }
        await other.unsafe("COMMIT; BEGIN").simple();
        const onEvent = onRetry(() => true, () => other.unsafe("COMMIT"));
        await other.unsafe(`LOCK TABLE ${table} IN SHARE MODE`).simple();
        assertEquals((await project.runner({ lockTimeoutMs: 800 }).applyPending({ onEvent })).length, 28);
      });
    },
  );
}

for (const count of [1, 28]) {
  onServers(`a migration whose log nobody may read for a while is tried again, of ${count}`, async (project) => {
    project.files["001_a.sql"] = "CREATE TABLE a (id int);";
    await project.runner().applyPending();
    for (let number = 2; number < 2 + count; number++) {
      project.files[`${String(number).padStart(3, "0")}_b.sql`] = `CREATE TABLE b${number} (id int);`;
    }
    await withOther(project, async (other) => {
      await other.unsafe("BEGIN; LOCK TABLE metapg_migrations_log IN ACCESS EXCLUSIVE MODE").simple();
      const onEvent = onRetry((attempt) => attempt === 2, () => other.unsafe("COMMIT"));
      assertEquals((await project.runner({ lockTimeoutMs: 300 }).applyPending({ onEvent })).length, count);
    });
    const actions = await project.query(
      "SELECT count(DISTINCT name)::int AS names, count(*)::int AS n FROM metapg_migrations_log",
    );
    assertEquals(actions, [{ names: count + 1, n: count + 1 }]);
  });
}

onServers("a last entry whose answer is lost leaves its migration unknown, not undone", async (project) => {
  project.files["001_a.sql"] = "CREATE TABLE a (id int);";
  await project.runner().applyPending();
  await project.query(`CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(10); RETURN NEW; END';
    CREATE TRIGGER cut BEFORE INSERT ON metapg_migrations_log FOR EACH ROW WHEN (NEW.action = 'applied')
    EXECUTE FUNCTION cut()`);
  project.files["002_b.sql"] = "-- Transaction: none\nCREATE TABLE b (id int);";
  project.files["003_c.sql"] = "CREATE TABLE c (id int);";
  const database = openDatabase(project.url, { platform: databasePlatform() });
  const error = await failure(project.runner({ database }).applyPending());
  assertEquals([error.code, error.unknown, error.applied], ["OUTCOME_UNKNOWN", ["002_b"], []]);
  await project.query("DROP FUNCTION cut CASCADE");
  assertEquals(await project.runner().applyPending(), ["002_b", "003_c"]);
});
