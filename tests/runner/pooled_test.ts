import { assertEquals, assertRejects } from "@std/assert";
import postgres from "postgres";
import { MigrationError } from "../../src/core/error.ts";
import { memoryReader } from "../../src/core/reader.ts";
import { postgresDatabase } from "../../src/database/postgres.ts";
import { MigrationRunner } from "../../mod.ts";
import { query, withDatabase } from "../support/databases.ts";
import { POOLER, startPooler } from "../support/pooler.ts";

/** Runs a test behind a pooler with one session of the server for all clients. */
function behindPooler(name: string, body: (pooled: string, direct: string) => Promise<void>): void {
  for (const major of [14, 18] as const) {
    Deno.test({
      name: `${name} on PostgreSQL ${major}`,
      ignore: POOLER === undefined,
      fn: () =>
        withDatabase(async (direct, server) => {
          const pooler = await startPooler(server, 1);
          try {
            await body(pooler.through(direct), direct);
          } finally {
            await pooler.stop();
          }
        }, { major }),
    });
  }
}

/** What the next client of the same session of the server finds. */
const STATE = `SELECT pg_backend_pid() AS pid, session_user::text, current_user::text,
  (SELECT json_object_agg(name, setting ORDER BY name)::text FROM pg_settings
    WHERE name NOT IN ('application_name', 'transaction_isolation', 'in_hot_standby')) AS settings,
  (SELECT count(*)::int FROM pg_cursors WHERE name <> '') AS cursors,
  (SELECT count(*)::int FROM pg_class WHERE relpersistence = 't') AS temporary,
  (SELECT count(*)::int FROM pg_listening_channels()) AS channels,
  (SELECT count(*)::int FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) AS locks`;

const SETS = `SET search_path = pg_catalog;
SET ROLE someone;
RESET ROLE;
SET SESSION AUTHORIZATION someone;
SET statement_timeout = '1h';
SET lock_timeout = '1h';
SET default_transaction_read_only = on;
SET client_encoding = 'LATIN1';
SET client_min_messages = 'error';
SET TimeZone = 'Asia/Tokyo';
SET DateStyle = 'German';
SET IntervalStyle = 'iso_8601';
SET bytea_output = 'escape';
SET row_security = off;
SET check_function_bodies = off;
SET default_transaction_isolation = 'serializable';
SET application_name = 'a migration';
SELECT set_config('search_path', '', false);
LISTEN news;
DECLARE rows CURSOR WITH HOLD FOR SELECT 1;
CREATE TEMPORARY TABLE scratch (id int);
`;

behindPooler("what a migration sets does not reach the next client of its session", async (pooled, direct) => {
  const role = `someone_${crypto.randomUUID().slice(0, 8)}`;
  await query(direct, `CREATE ROLE ${role}`);
  try {
    const [before] = await query(pooled, STATE);
    const sets = SETS.replaceAll("someone", role);
    const block = `BEGIN;\n${sets.replace(/SET SESSION AUTHORIZATION .*;\n/, "")}COMMIT;\n`;
    const runner = new MigrationRunner({
      dbName: "main",
      database: pooled,
      session: ["SET search_path = public", "SET work_mem = '5MB'"],
      statementTimeoutMs: 60_000,
      reader: memoryReader({
        "migrations/main/001_a.sql": `${sets}-- ROLLBACK\n${sets}`,
        "migrations/main/002_b.sql": `-- Transaction: none\nCREATE TABLE b (id int);\n${block}-- ROLLBACK\n${block}`,
        "migrations/main/003_c.sql": "-- Description: é 🐘\nCREATE TABLE c (id int);\n-- ROLLBACK\nDROP TABLE c;",
      }),
    });
    assertEquals((await runner.applyPending()).length, 3);
    assertEquals(await query(pooled, STATE), [before]);
    const rows = await query(direct, "SELECT description, applied_by FROM metapg_migrations WHERE version = 3");
    assertEquals(rows, [{ description: "é 🐘", applied_by: "postgres" }]);
    const names = await query(direct, "SELECT DISTINCT application, db_user FROM metapg_migrations_log");
    assertEquals(names, [{ application: "metapg-migration", db_user: "postgres" }]);
    assertEquals((await runner.run({ type: "down", to: "0" })).done.length, 3);
    assertEquals(await query(pooled, STATE), [before]);
  } finally {
    await query(direct, `DROP ROLE ${role}`);
  }
});

behindPooler("a migration that fails leaves its session as it was", async (pooled) => {
  const [before] = await query(pooled, STATE);
  const runner = new MigrationRunner({
    dbName: "main",
    database: pooled,
    reader: memoryReader({
      "migrations/main/001_a.sql": "SET search_path = pg_catalog;\nSET statement_timeout = 1;\nSELECT 1 / 0;",
    }),
  });
  await assertRejects(() => runner.applyPending(), MigrationError, "division by zero");
  assertEquals(await query(pooled, STATE), [before]);
});

behindPooler("a client that was passed in and is behind a pooler works, and nothing of it changes", async (pooled) => {
  const client = postgres(pooled, { max: 3, fetch_types: false, onnotice: () => {} });
  try {
    const [before] = await query(pooled, STATE);
    const runner = new MigrationRunner({
      dbName: "main",
      database: postgresDatabase(client),
      reader: memoryReader({
        "migrations/main/001_a.sql": "SET search_path = pg_catalog;\nCREATE TABLE public.a (id int);",
        "migrations/main/002_b.sql": "-- Transaction: none\nCREATE INDEX CONCURRENTLY a_id ON a (id);\nVACUUM a;",
      }),
    });
    assertEquals((await runner.applyPending()).length, 2);
    assertEquals(await query(pooled, STATE), [before]);
    assertEquals((await query(pooled, "SELECT fence::int AS fence FROM metapg_migrations_lease"))[0]?.fence, 1);
  } finally {
    await client.end({ timeout: 1 });
  }
});
