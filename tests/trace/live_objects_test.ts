import { assertEquals } from "@std/assert";
import postgres from "postgres";
import type { Database } from "../../src/core/database.ts";
import { readLiveObjects } from "../../src/trace/live_objects.ts";
import type { LiveObject, MigrationTrace } from "../../src/trace/trace.ts";
import { onEveryEngine, onServers } from "../runner/project.ts";
import { traced } from "./traced.ts";

const TABLES = `CREATE TABLE users (id int PRIMARY KEY); CREATE TABLE "My Posts" (id int);
CREATE TABLE events (day int) PARTITION BY LIST (day); CREATE TABLE events_1 PARTITION OF events FOR VALUES IN (1);`;

const trace = (sql: string): Promise<MigrationTrace> => traced(TABLES, sql);

async function look(database: Database, migration: MigrationTrace): Promise<Record<string, LiveObject>> {
  const objects = await readLiveObjects(database, [migration]);
  return Object.fromEntries(objects.map((object) => [object.object, object]));
}

onEveryEngine("readLiveObjects() tells size and rows, of a partitioned table those of its partitions", async ({
  database,
  query,
}) => {
  const migration = await trace(
    'ALTER TABLE users ADD x int; ALTER TABLE "My Posts" ADD x int; ALTER TABLE events ADD x int;',
  );
  await query(`${TABLES.replace('CREATE TABLE "My Posts" (id int);', "")}
    INSERT INTO users SELECT generate_series(1, 5000); INSERT INTO events SELECT 1 FROM generate_series(1, 7000);
    ANALYZE users; ANALYZE events_1;`);
  const found = await look(database, migration);
  assertEquals(Object.keys(found), ["public.events", "public.events_1", "public.users"]);
  assertEquals(Object.values(found).map(({ rows }) => rows), [7000, 7000, 5000]);
  const [size] = await query(
    "SELECT pg_total_relation_size('users')::int AS users, pg_total_relation_size('events_1')::int AS events",
  );
  assertEquals([found["public.users"]!.bytes, found["public.events"]!.bytes], [size!.users, size!.events] as number[]);
  assertEquals(Object.values(found).flatMap(({ holders }) => holders), []);
});

onServers("readLiveObjects() names who holds what a traced lock would wait for, and waits for nobody", async ({
  database,
  query,
  url,
}) => {
  const migration = await trace(
    'ALTER TABLE users ADD x int; CREATE INDEX ON "My Posts" (id); COMMENT ON TABLE events IS NULL;',
  );
  await query(TABLES);
  const client = postgres(url, { max: 2, onnotice: () => {}, connection: { application_name: "nightly" } });
  const [reader, owner] = [await client.reserve(), await client.reserve()];
  try {
    const [row] = await reader.unsafe("SELECT pg_backend_pid() AS pid");
    await reader.unsafe("BEGIN; SELECT 1 FROM users, events; /* PASSWORD 'hunter2' */ SELECT 2").simple();
    await owner.unsafe('BEGIN; LOCK "My Posts" IN ACCESS EXCLUSIVE MODE').simple();
    const found = await look(database, migration);
    const { since, transactionSince, transactionMs, host, ...holder } = found["public.users"]!.holders[0]!;
    assertEquals(holder, {
      pid: row!.pid,
      user: "postgres",
      application: "nightly",
      query: "BEGIN; SELECT 1 FROM users, events; /* PASSWORD '***' */ SELECT 2",
      modes: ["ACCESS SHARE"],
      keepsWaiting: ["ACCESS EXCLUSIVE"],
    });
    assertEquals([since, transactionSince].every((time) => /^\d{4}-\d\d-\d\dT[\d:]{8}Z$/.test(time ?? "")), true);
    assertEquals([typeof host, transactionMs !== null && transactionMs < 60_000], ["string", true]);
    const posts = found['public."My Posts"']!;
    assertEquals([posts.bytes, posts.holders.map(({ modes }) => modes)], [null, [["ACCESS EXCLUSIVE"]]]);
    // A comment goes beside readers.
    assertEquals(found["public.events"]!.holders, []);
  } finally {
    await Promise.all([reader.unsafe("ROLLBACK"), owner.unsafe("ROLLBACK")]);
    reader.release();
    owner.release();
    await client.end();
  }
});

onServers("readLiveObjects() sees a prepared transaction, which has no session", async ({ database, query }) => {
  const migration = await trace("ALTER TABLE users ADD x int;");
  const id = crypto.randomUUID();
  await query(TABLES);
  await query(`BEGIN; INSERT INTO users VALUES (1); PREPARE TRANSACTION '${id}'`);
  try {
    const [holder] = (await look(database, migration))["public.users"]!.holders;
    assertEquals([holder!.pid, holder!.query, holder!.transactionMs, holder!.modes], [null, null, null, [
      "ROW EXCLUSIVE",
    ]]);
  } finally {
    await query(`ROLLBACK PREPARED '${id}'`);
  }
});
