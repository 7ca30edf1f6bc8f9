import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import postgres from "postgres";
import { MigrationError } from "../../src/core/error.ts";
import type { MigrationEvent } from "../../src/core/event.ts";
import { memoryReader, MigrationRunner } from "../../mod.ts";
import { lockKey, parseHistoryTable } from "../../src/runner/history_table.ts";
import { pause } from "../../src/runner/pause.ts";
import { onServers, type Project } from "./project.ts";

async function failure(call: Promise<unknown>): Promise<MigrationError> {
  return await assertRejects(() => call, MigrationError) as MigrationError;
}

/** Holds the tool's lock on a session of its own while `body` runs. */
async function whileLocked(project: Project, body: (release: () => Promise<void>) => Promise<void>): Promise<void> {
  const holder = postgres(project.url, { max: 1, onnotice: () => {}, connection: { application_name: "the holder" } });
  const key = await lockKey(parseHistoryTable());
  await holder.unsafe(`SELECT pg_advisory_lock(${key})`);
  try {
    await body(async () => void await holder.unsafe(`SELECT pg_advisory_unlock(${key})`));
  } finally {
    await holder.end({ timeout: 1 });
  }
}

onServers("a run that may not wait fails at once and names the holder", async (project) => {
  project.files["001_a.sql"] = "CREATE TABLE a (id int);";
  await whileLocked(project, async () => {
    const error = await failure(project.runner({ lockWaitMs: 0 }).applyPending());
    assertEquals(error.code, "LOCK_TIMEOUT");
    assertMatch(error.message, /pid \d+ \(user postgres, application the holder/);
  });
  assertEquals(await project.runner({ lockWaitMs: 0 }).applyPending(), ["001_a"]);
});

onServers("a run waits for the lock, tells who holds it, and goes on when it is free", async (project) => {
  project.files["001_a.sql"] = "CREATE TABLE a (id int);";
  await whileLocked(project, async (release) => {
    const waiting = Promise.withResolvers<MigrationEvent>();
    const run = project.runner().applyPending({
      onEvent: (event) => event.type === "lock:wait" && waiting.resolve(event),
    });
    const event = await waiting.promise;
    assert(event.type === "lock:wait" && event.holder?.application === "the holder");
    await release();
    assertEquals(await run, ["001_a"]);
  });
  assertEquals(project.events.filter((event) => event.type === "lock:got").length, 1);
});

onServers("a run with nothing to do does not ask for the lock", async (project) => {
  project.files["001_a.sql"] = "CREATE TABLE a (id int);";
  await project.runner().applyPending();
  await whileLocked(project, async () => {
    assertEquals(await project.runner({ lockWaitMs: 0 }).applyPending(), []);
  });
});

onServers("what is rolled back while a run waits for the lock is applied by it", async (project) => {
  project.files["001_a.sql"] = "CREATE TABLE a (id int);\n-- ROLLBACK\nDROP TABLE a;";
  await project.runner().applyPending();
  project.files["002_b.sql"] = "CREATE TABLE b (id int);";
  const files = Object.entries(project.files).map(([name, text]) => [`migrations/main/${name}`, text]);
  const reader = memoryReader(Object.fromEntries(files));
  // What is applied is known by the time that files are read: then they are not parsed.
  const slowly = { ...reader, list: (path: string) => pause(500, undefined).then(() => reader.list(path)) };
  const runner = new MigrationRunner({ dbName: "main", database: project.url, reader: slowly });
  await whileLocked(project, async (release) => {
    const waiting = Promise.withResolvers<void>();
    const run = runner.applyPending({ onEvent: (event) => event.type === "lock:wait" && waiting.resolve() });
    await waiting.promise;
    await project.query("DROP TABLE a; DELETE FROM metapg_migrations");
    await release();
    assertEquals(await run, ["001_a", "002_b"]);
  });
});

onServers("a run that lost its lock to another session stops before its next transaction", async (project) => {
  const key = await lockKey(parseHistoryTable());
  project.files["001_a.sql"] = `SELECT pg_advisory_unlock(${key});`;
  project.files["002_b.sql"] =
    "-- Transaction: none\nDO $$ BEGIN PERFORM pg_sleep(1); END $$;\nCREATE TABLE b (id int);";
  const holder = postgres(project.url, { max: 1, onnotice: () => {} });
  const run = failure(
    project.runner().applyPending({
      onEvent: (event) => {
        if (event.type === "migration:done") void holder.unsafe(`SELECT pg_advisory_lock(${key})`).execute();
      },
    }),
  );
  const error = await run;
  assertEquals([error.code, error.applied], ["LOCK_LOST", ["001_a"]]);
  assertEquals((await project.query("SELECT to_regclass('b')::text AS b"))[0]?.b, null);
  await holder.end({ timeout: 1 });
});

onServers("lockStatus() names the holder, and releaseLock() ends it", async (project) => {
  const runner = project.runner();
  assertEquals((await runner.lockStatus()).holder, null);
  await whileLocked(project, async () => {
    const { holder, key } = await runner.lockStatus();
    assertEquals(holder?.application, "the holder");
    assertEquals(key, String(await lockKey(parseHistoryTable())));
    assertEquals(await runner.releaseLock({ ...holder!, pid: 1 }), false);
    assertEquals(await runner.releaseLock(holder!), true);
    while ((await runner.lockStatus()).holder !== null) await new Promise((resolve) => setTimeout(resolve, 10));
  });
});

onServers("a lock time-out is tried again until the table is free", async (project) => {
  await project.query("CREATE TABLE busy (id int)");
  // Long enough for a second connection to see who is in the way, however busy the machine is.
  project.files["001_a.sql"] = "-- Lock-Timeout: 1s\nALTER TABLE busy ADD COLUMN name text;";
  const reader = postgres(project.url, { max: 1, onnotice: () => {} });
  await reader.unsafe("BEGIN").simple();
  await reader.unsafe("SELECT * FROM busy").simple();
  const retried = Promise.withResolvers<void>();
  const run = project.runner().applyPending({
    onEvent: (event) => event.type === "migration:retry" && retried.resolve(),
  });
  await retried.promise;
  await reader.unsafe("COMMIT");
  assertEquals(await run, ["001_a"]);
  const [retry] = project.events.filter((event) => event.type === "migration:retry");
  assertEquals(retry?.type === "migration:retry" && retry.blockers.map((blocker) => blocker.query), [
    "SELECT * FROM busy",
  ]);
  await reader.end();
});

onServers("retries that are spent are a failure", async (project) => {
  await project.query("CREATE TABLE busy (id int)");
  // Long enough for a second connection to see who is in the way, however busy the machine is.
  project.files["001_a.sql"] = "-- Lock-Timeout: 1s\nALTER TABLE busy ADD COLUMN name text;";
  const reader = postgres(project.url, { max: 1, onnotice: () => {}, connection: { application_name: "the reader" } });
  await reader.unsafe("BEGIN; SELECT * FROM busy").simple();
  const error = await failure(project.runner({ lockRetries: 1 }).applyPending());
  assertEquals(error.code, "SQL_FAILED");
  assertMatch(error.message, /55P03/);
  assertMatch(error.hint ?? "", /^Blocked by pid \d+ \(user postgres, application the reader/);
  assertEquals(project.events.filter((event) => event.type === "migration:retry").length, 1);
  await reader.end({ timeout: 1 });
});

onServers("an abort cancels the statement on the server, rolls back and frees the lock", async (project) => {
  project.files["001_a.sql"] = "CREATE TABLE a (id int);\nSELECT pg_sleep(30);";
  const abort = new AbortController();
  const run = failure(project.runner().applyPending({ signal: abort.signal }));
  for (;;) {
    const rows = await project.query(
      "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(30)%' AND wait_event = 'PgSleep' AND datname = current_database()",
    );
    if (rows.length > 0) break;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  abort.abort();
  assertEquals((await run).code, "ABORTED");
  const rows = await project.query(
    "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()",
  );
  assertEquals(rows.length, 0);
  assertEquals((await project.runner().lockStatus()).holder, null);
  assertEquals((await project.query("SELECT to_regclass('a')::text AS a"))[0]?.a, null);
});

onServers(
  "an abort ends the wait for the lock, and a run that was aborted before does not connect",
  async (project) => {
    project.files["001_a.sql"] = "CREATE TABLE a (id int);";
    await whileLocked(project, async () => {
      const abort = new AbortController();
      const run = project.runner({ signal: abort.signal }).applyPending({
        onEvent: (event) => event.type === "lock:wait" && abort.abort(),
      });
      assertEquals((await failure(run)).code, "ABORTED");
      assertEquals((await failure(project.runner({ signal: abort.signal }).getStatus())).code, "ABORTED");
    });
  },
);

Deno.test("an abort ends the wait for a server that does not answer", async () => {
  const silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = silent.addr as Deno.NetAddr;
  const abort = new AbortController();
  const accepted = silent.accept().then((socket) => {
    abort.abort();
    return socket;
  });
  const runner = new MigrationRunner({ database: `postgres://me@127.0.0.1:${port}/app`, signal: abort.signal });
  assertEquals((await failure(runner.getAppliedMigrations())).code, "ABORTED");
  (await accepted).close();
  silent.close();
});

onServers("a unit whose lock times out is tried again alone", async (project) => {
  await project.query("CREATE TABLE busy (id int)");
  project.files["001_a.sql"] =
    "-- Transaction: none\n-- Lock-Timeout: 200ms\nCREATE TABLE one (id int);\nCREATE INDEX CONCURRENTLY busy_id ON busy (id);\n";
  const writer = postgres(project.url, { max: 1, onnotice: () => {} });
  await writer.unsafe("BEGIN; INSERT INTO busy VALUES (1)").simple();
  const retried = Promise.withResolvers<void>();
  const run = project.runner().applyPending({
    onEvent: (event) => event.type === "migration:retry" && retried.resolve(),
  });
  await retried.promise;
  await writer.unsafe("COMMIT");
  assertEquals(await run, ["001_a"]);
  const rows = await project.query(
    "SELECT indexrelid::regclass::text AS name, indisvalid AS valid FROM pg_index WHERE indrelid = 'busy'::regclass",
  );
  assertEquals(rows.map((row) => [row.name, row.valid]), [["busy_id", true]]);
  await writer.end();
});

onServers("a deadlock is tried again", async (project) => {
  await project.query("CREATE TABLE one (id int); CREATE TABLE two (id int)");
  project.files["001_a.sql"] = "-- Lock-Timeout: 0\nLOCK TABLE one; SELECT pg_sleep(0.3); LOCK TABLE two;";
  const other = postgres(project.url, { max: 1, onnotice: () => {} });
  await other.unsafe("SET deadlock_timeout = '60s'");
  await other.unsafe("BEGIN; LOCK TABLE two").simple();
  const retried = Promise.withResolvers<void>();
  const run = project.runner().applyPending({
    onEvent: (event) => {
      if (event.type === "migration:start") {
        void other.unsafe("SELECT pg_sleep(0.1); LOCK TABLE one; COMMIT").simple().execute();
      }
      if (event.type === "migration:retry" && event.sqlstate === "40P01") retried.resolve();
    },
  });
  await retried.promise;
  assertEquals(await run, ["001_a"]);
  await other.end();
});
