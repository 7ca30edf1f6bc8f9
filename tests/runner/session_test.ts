import { assertEquals, assertRejects } from "@std/assert";
import postgres from "postgres";
import type { ConnectOptions } from "../../src/core/database.ts";
import { MigrationError } from "../../src/core/error.ts";
import { postgresDatabase } from "../../src/database/postgres.ts";
import { onEveryEngine, onServers } from "./project.ts";

async function failure(call: Promise<unknown>): Promise<MigrationError> {
  return await assertRejects(() => call, MigrationError) as MigrationError;
}

const HOSTILE = [
  "SELECT pg_catalog.set_config('search_path', '', false);",
  "SET search_path = nowhere;",
  "SET statement_timeout = '1ms'; SELECT pg_catalog.set_config('statement_timeout', '1h', true);",
  "SET default_transaction_read_only = on;",
  "SET DateStyle = 'German'; SET TimeZone = 'Asia/Tokyo';",
  "CREATE TEMPORARY TABLE users (id text); CREATE TEMPORARY TABLE metapg_migrations (id int);",
  "DECLARE c CURSOR WITH HOLD FOR SELECT 1;",
  "CREATE TEMP TABLE held AS SELECT generate_series(1, 3); DECLARE c CURSOR FOR SELECT * FROM held; FETCH 1 FROM c;",
  "LISTEN x;",
  "PREPARE p AS SELECT 1;",
  "SET client_min_messages = error; SET row_security = off;",
];

onEveryEngine("what a migration sets does not reach the next one or the history", async (project) => {
  HOSTILE.forEach((sql, index) => {
    project.files[`${String(index * 2 + 1).padStart(3, "0")}_set.sql`] = sql;
    project.files[`${String(index * 2 + 2).padStart(3, "0")}_use.sql`] = `CREATE TABLE public.t${index} AS SELECT
      current_schema() AS schema, current_setting('statement_timeout') AS timeout,
      current_setting('default_transaction_read_only') AS read_only, current_setting('DateStyle') AS style,
      (SELECT count(*) FROM pg_class WHERE relpersistence = 't' AND relnamespace = pg_my_temp_schema()) AS temporary,
      (SELECT count(*) FROM pg_cursors WHERE name = 'c') AS cursors,
      (SELECT count(*) FROM pg_listening_channels()) AS channels;`;
  });
  assertEquals((await project.runner().applyPending()).length, HOSTILE.length * 2);
  for (const index of HOSTILE.keys()) {
    const [row] = await project.query(`SELECT to_json(t)::text AS value FROM public.t${index} t`);
    const { style, timeout, ...rest } = JSON.parse(String(row?.value));
    assertEquals([timeout, String(style).startsWith("ISO")], ["0", true]);
    assertEquals(rest, { schema: "public", read_only: "off", temporary: 0, cursors: 0, channels: 0 });
  }
});

onServers("a migration that changes its role leaves the history to the user that connects", async (project) => {
  await project.query("DROP ROLE IF EXISTS metapg_test_low; CREATE ROLE metapg_test_low");
  project.files["001_role.sql"] = "SET ROLE metapg_test_low;";
  project.files["002_authorization.sql"] = "SET SESSION AUTHORIZATION metapg_test_low;";
  project.files["003_local.sql"] = "SET LOCAL ROLE metapg_test_low;";
  project.files["004_use.sql"] = "CREATE TABLE t AS SELECT session_user::text AS su, current_user::text AS cu;";
  await project.runner().applyPending();
  assertEquals((await project.query("SELECT su, cu FROM t"))[0], { su: "postgres", cu: "postgres" });
  await project.query("DROP ROLE metapg_test_low");
});

onServers("role and session apply at the start of every migration", async (project) => {
  await project.query(
    "DROP ROLE IF EXISTS metapg_test_boss; CREATE ROLE metapg_test_boss; CREATE SCHEMA app AUTHORIZATION metapg_test_boss",
  );
  project.files["001_a.sql"] =
    "CREATE TABLE a (id int); RESET ROLE; SET search_path = public;\n-- ROLLBACK\nDROP TABLE a;\n";
  project.files["002_b.sql"] =
    "-- Transaction: none\nCREATE TABLE b (id int);\nDO $$ BEGIN CREATE TABLE c (id int); END $$;";
  const runner = project.runner({ role: "metapg_test_boss", session: ["SET search_path = app", "SET a.b = '1';"] });
  await runner.applyPending();
  const rows = await project.query(
    "SELECT c.oid::regclass::text AS name, pg_get_userbyid(relowner) AS owner FROM pg_class c WHERE relname IN ('a', 'b', 'c') ORDER BY 1",
  );
  assertEquals(rows.map((row) => [row.name, row.owner]), [
    ["app.a", "metapg_test_boss"],
    ["app.b", "metapg_test_boss"],
    ["app.c", "metapg_test_boss"],
  ]);
  assertEquals((await runner.getAppliedMigrations()).map((record) => record.appliedBy), ["postgres", "postgres"]);
  assertEquals(await runner.rollbackMigration("001_a"), ["001_a"]);
  await project.query("DROP OWNED BY metapg_test_boss CASCADE; DROP ROLE metapg_test_boss");
});

onServers("a client that was passed in gets its role and settings back", async (project) => {
  await project.query(
    "DROP ROLE IF EXISTS metapg_test_me; CREATE ROLE metapg_test_me; CREATE SCHEMA app AUTHORIZATION metapg_test_me; GRANT CREATE ON SCHEMA public TO metapg_test_me",
  );
  const client = postgres(project.url, { max: 1, onnotice: () => {} });
  await client.unsafe(
    "SET SESSION AUTHORIZATION metapg_test_me; SET search_path = app; SET work_mem = '7MB'; SET standard_conforming_strings = off; LISTEN news",
  ).simple();
  project.files["001_a.sql"] =
    "CREATE TABLE a (id int); SET search_path = public; SET work_mem = '1MB'; RESET SESSION AUTHORIZATION;";
  project.files["002_b.sql"] = "CREATE TABLE b (id int);";
  await project.runner({ database: postgresDatabase(client) }).applyPending();
  const [state] = await client.unsafe(
    "SELECT session_user::text AS su, current_setting('search_path') AS path, current_setting('work_mem') AS mem, current_setting('standard_conforming_strings') AS scs, (SELECT string_agg(c, ',') FROM pg_listening_channels() c) AS channels",
  );
  assertEquals({ ...state }, { su: "metapg_test_me", path: "app", mem: "7MB", scs: "off", channels: "news" });
  const rows = await project.query(
    "SELECT schemaname || '.' || tablename AS name FROM pg_tables WHERE tablename IN ('a', 'b') ORDER BY 1",
  );
  assertEquals(rows.map((row) => row.name), ["app.a", "app.b"]);
  await client.end();
  await project.query("DROP OWNED BY metapg_test_me CASCADE; DROP ROLE metapg_test_me");
});

onEveryEngine("a session that is only read is left as it is", async (project) => {
  project.files["001_a.sql"] = "CREATE TABLE a (id int);";
  const log: string[] = [];
  const { database } = project;
  const spied = {
    ...database,
    connect: async (options: ConnectOptions) => {
      const connection = await database.connect(options);
      return {
        pid: connection.pid,
        query: (sql: string) => (log.push(sql), connection.query(sql)),
        cancel: () => connection.cancel(),
        close: () => connection.close(),
      };
    },
  };
  const runner = project.runner({ database: spied });
  await runner.getStatus();
  await runner.plan({ type: "up" });
  await runner.check();
  assertEquals(log.filter((sql) => !sql.startsWith("SELECT ")), []);
});

onEveryEngine("what a server says while it is connected to is told, too", async (project) => {
  const { database } = project;
  const talkative = {
    ...database,
    connect: (options: ConnectOptions) => {
      options.onNotice?.({ severity: "WARNING", sqlstate: "01000", message: "a collation changed" });
      return database.connect(options);
    },
  };
  await project.runner({ database: talkative }).getAppliedMigrations();
  assertEquals(project.events.map((event) => event.type === "notice" && [event.message, event.name]), [
    ["a collation changed", null],
  ]);
});

onServers("time-outs come from the header before the options, and hold for the migration alone", async (project) => {
  const settings = "SELECT current_setting('lock_timeout') AS lock, current_setting('statement_timeout') AS statement";
  project.files["001_default.sql"] = `CREATE TABLE t1 AS ${settings};`;
  project.files["002_header.sql"] = `-- Lock-Timeout: 10s\n-- Statement-Timeout: 5m\nCREATE TABLE t2 AS ${settings};`;
  project.files["003_units.sql"] = `-- Transaction: none\nCREATE TABLE t3 AS ${settings};`;
  await project.runner().applyPending();
  project.files["004_option.sql"] = `CREATE TABLE t4 AS ${settings};`;
  project.files["005_units.sql"] = `-- Transaction: none\nCREATE TABLE t5 AS ${settings};`;
  await project.runner({ lockTimeoutMs: 1500, statementTimeoutMs: 60_000 }).applyPending();
  const rows = await project.query(
    [1, 2, 3, 4, 5].map((n) => `SELECT ${n} AS n, * FROM t${n}`).join(" UNION ALL ") + " ORDER BY n",
  );
  assertEquals(rows.map((row) => [row.lock, row.statement]), [
    ["3s", "0"],
    ["10s", "5min"],
    ["0", "0"],
    ["1500ms", "1min"],
    ["1500ms", "1min"],
  ]);
});

onServers("a role that may only read can plan, and a role that may not create is told so", async (project) => {
  await project.query(
    "DROP ROLE IF EXISTS metapg_test_reader; CREATE ROLE metapg_test_reader LOGIN PASSWORD 'read-only'; REVOKE CREATE ON SCHEMA public FROM PUBLIC",
  );
  project.files["001_a.sql"] = "CREATE TABLE a (id int);";
  const client = postgres(project.url, {
    username: "metapg_test_reader",
    password: "read-only",
    max: 2,
    onnotice: () => {},
  });
  const reader = project.runner({ database: postgresDatabase(client) });
  try {
    assertEquals((await reader.plan({ type: "up" })).steps.length, 1);
    const error = await failure(reader.applyPending());
    assertEquals([error.code, error.message], [
      "CONFIG",
      "Cannot use the history: permission denied for schema public (42501)",
    ]);
    assertEquals(
      (await project.query("SELECT count(*)::int AS n FROM pg_tables WHERE schemaname = 'public'"))[0]?.n,
      0,
    );
    await project.runner().applyPending();
    const hidden = await failure(reader.getStatus());
    assertEquals(hidden.code, "CONFIG");
    await project.query("GRANT SELECT ON metapg_migrations, metapg_migrations_log TO metapg_test_reader");
    project.files["002_b.sql"] = "CREATE TABLE b (id int);";
    assertEquals((await reader.plan({ type: "up" })).steps.map((step) => step.name), ["002_b"]);
    assertEquals((await reader.history()).length, 1);
  } finally {
    await client.end();
    await project.query("DROP OWNED BY metapg_test_reader; DROP ROLE metapg_test_reader");
  }
});

onServers("a read-only server is refused before anything is written, and can be read", async (project) => {
  await project.query(
    `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', current_database()); END $$`,
  );
  project.files["001_a.sql"] = "CREATE TABLE a (id int);";
  assertEquals((await project.runner().getStatus()).pending.length, 1);
  assertEquals((await failure(project.runner().applyPending())).code, "READ_ONLY");
  assertEquals((await failure(project.runner().baseline("001_a"))).code, "READ_ONLY");
});
