import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { DatabaseError } from "../../src/core/database_error.ts";
import { MigrationError } from "../../src/core/error.ts";
import { Migration } from "../../src/core/migration.ts";
import { SqlError } from "../../src/core/sql_error.ts";
import { describeFailure } from "../../src/runner/failure.ts";
import { transactionMessage } from "../../src/runner/transaction.ts";
import { openDatabase } from "../../src/database/open.ts";
import { databasePlatform } from "../../src/runtime/platform.ts";
import { onEveryEngine, onServers, type Project } from "./project.ts";

/** Applies one migration of this text, which must fail. */
async function fail(project: Project, text: string): Promise<SqlError> {
  project.files["001_x.sql"] = text;
  return await assertRejects(() => project.runner().applyPending(), SqlError) as SqlError;
}

const BASE = "CREATE TABLE t (id int PRIMARY KEY, parent int REFERENCES t DEFERRABLE INITIALLY DEFERRED);\n";

onEveryEngine("an error after multi-byte comments has its line and column", async (project) => {
  const error = await fail(project, "-- 🐘🐘 größer\nSELECT '🐘', /* 🐘 */ nothing;\n");
  assertEquals([error.place, error.sqlstate], ["migrations/main/001_x.sql:2:21", "42703"]);
  assertEquals(error.excerpt.map((line) => line.line), [1, 2, 3]);
});

onEveryEngine("an error in the last statement without a semicolon has its line and column", async (project) => {
  const error = await fail(project, "SELECT 1;\n\n  SELECT nothing -- the end");
  assertEquals(error.place, "migrations/main/001_x.sql:3:10");
});

onEveryEngine("a syntax error has its line and column", async (project) => {
  const error = await fail(project, "CREATE TABLE a (id int);\nCREATE TABEL b (id int);\n");
  assertEquals([error.place, error.sqlstate], ["migrations/main/001_x.sql:2:8", "42601"]);
});

onEveryEngine("a division by zero, which has no position, is at the first token of its statement", async (project) => {
  const error = await fail(project, "SELECT 1;\n-- why\n  SELECT 1 / id FROM (VALUES (0)) AS v (id);\nSELECT 2;\n");
  assertEquals([error.place, error.sqlstate], ["migrations/main/001_x.sql:3:3", "22012"]);
});

onEveryEngine("an error inside a function names the inner statement and the call that ran it", async (project) => {
  const error = await fail(
    project,
    "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$\nBEGIN\n  INSERT INTO nowhere VALUES (1);\nEND $$;\n\nSELECT f();\n",
  );
  assertEquals(error.place, "migrations/main/001_x.sql:6:1");
  assertEquals(error.internalQuery, "INSERT INTO nowhere VALUES (1)");
  assertMatch(error.where ?? "", /function f\(\) line 3/);
});

onEveryEngine("a syntax error in a function body has its line in the file", async (project) => {
  const error = await fail(
    project,
    "SELECT 1;\nCREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$\nBEGIN\n  SELEKT 1;\nEND $$;\n",
  );
  assertEquals(error.place, "migrations/main/001_x.sql:4:3");
});

onEveryEngine("an error that a trigger raises is at the statement that fired it", async (project) => {
  const error = await fail(
    project,
    `${BASE}CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  RAISE EXCEPTION 'no more rows' USING DETAIL = 'the detail', HINT = 'the hint', ERRCODE = 'XX123';
END $$;
CREATE TRIGGER no BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION no();
INSERT INTO t VALUES (1);
`,
  );
  assertEquals([error.place, error.serverMessage, error.sqlstate], [
    "migrations/main/001_x.sql:6:1",
    "no more rows",
    "XX123",
  ]);
  assertEquals([error.detail, error.serverHint], ["the detail", "the hint"]);
});

onEveryEngine("a deferred constraint fails at commit", async (project) => {
  const error = await fail(project, `${BASE}INSERT INTO t VALUES (1, 2);\n`);
  assertEquals([error.at, error.place, error.line], ["commit", "migrations/main/001_x.sql at commit", undefined]);
  assertEquals(error.sqlstate, "23503");
  assertEquals((await project.query("SELECT to_regclass('t')::text AS t"))[0]?.t, null);
});

onEveryEngine("an error in a rollback section has its line in the whole file", async (project) => {
  project.files["001_x.sql"] = "SELECT 1;\n\n-- ROLLBACK\n\nDROP TABLE nothing;\n";
  await project.runner().applyPending();
  const error = await assertRejects(() => project.runner().rollbackMigration("001_x"), SqlError) as SqlError;
  assertEquals([error.direction, error.line, error.column], ["down", 5, 1]);
});

onEveryEngine("a last statement that is not finished fails where it ends", async (project) => {
  const tail = "SELECT '🐘' FROM -- and so on\n\n";
  for (const header of ["", "-- Transaction: none\n"]) {
    const error = await fail(project, `${header}SELECT 1;\n${tail}-- the end\n`);
    const line = header === "" ? 2 : 3;
    assertEquals([error.place, error.sqlstate], [`migrations/main/001_x.sql:${line}:16`, "42601"]);
    assertEquals(error.serverMessage, 'syntax error at or near ";"');
    if (header !== "") continue;
    project.files["001_x.sql"] = `SELECT 1;\n-- ROLLBACK\n${tail}`;
    await project.runner().applyPending();
    const down = await assertRejects(() => project.runner().rollbackMigration("001_x"), SqlError) as SqlError;
    assertEquals([down.place, down.sqlstate], ["migrations/main/001_x.sql:3:16", "42601"]);
    await project.query("DELETE FROM metapg_migrations");
  }
});

onEveryEngine(
  "a statement that is sent alone and is not finished fails where it ends, and is no riddle",
  async (project) => {
    const error = await fail(project, "-- Transaction: none\nCREATE TABLE a (id int);\nVACUUM a,;\n");
    assertEquals([error.code, error.place, error.sqlstate], ["PARTIAL", "migrations/main/001_x.sql:3:10", "42601"]);
    project.files["001_x.sql"] = "-- Transaction: none\nCREATE TABLE a (id int);\nVACUUM a;\n";
    assertEquals(await project.runner().applyPending(), ["001_x"]);
  },
);

onEveryEngine("an error in a unit without a transaction has its line", async (project) => {
  const error = await fail(project, "-- Transaction: none\nSELECT 1;\nSELECT 1 / id FROM (VALUES (0)) AS v (id);\n");
  assertEquals([error.place, error.code], ["migrations/main/001_x.sql:3:1", "PARTIAL"]);
});

onEveryEngine("secrets are masked in the excerpt and in what the server quotes", async (project) => {
  const error = await fail(
    project,
    "DO $$ BEGIN EXECUTE 'CREATE ROLE metapg_x PASSWORD ''hunter2'' NONSENSE'; END $$;\nCREATE ROLE y PASSWORD 'hunter2' NONSENSE;\n",
  );
  const [row] = await project.query("SELECT string_agg(to_json(l)::text, '') AS log FROM metapg_migrations_log l");
  const cause = error.cause as DatabaseError;
  const shown = [
    error.message,
    JSON.stringify(error),
    error.internalQuery,
    error.where,
    row?.log,
    JSON.stringify(cause),
  ];
  assert(!shown.join("\n").includes("hunter2"), shown.join("\n"));
});

onEveryEngine("secrets are masked in the context of a statement that a function runs", async (project) => {
  const error = await fail(
    project,
    "DO $$ BEGIN EXECUTE format('ALTER ROLE metapg_nobody PASSWORD %L', 'hunter2'); END $$;\n",
  );
  assertEquals(error.where?.split("\n")[0], `SQL statement "ALTER ROLE metapg_nobody PASSWORD '***'"`);
  assert(!JSON.stringify([error.where, error.internalQuery, error.cause]).includes("hunter2"));
});

onEveryEngine("a migration that takes the history away fails as a whole and is recorded", async (project) => {
  project.files["000_first.sql"] = "SELECT 1;";
  const error = await fail(project, "CREATE TABLE a (id int);\nALTER TABLE metapg_migrations RENAME TO gone;\n");
  assertEquals([error.code, error.applied, error.line], ["SQL_FAILED", ["000_first"], undefined]);
  assertMatch(
    error.message,
    /001_x\.sql: relation "public\.metapg_migrations" does not exist, when its history was written/,
  );
  assertEquals((await project.runner().getStatus()).failed.map((record) => record.name), ["001_x"]);
});

onEveryEngine("a role or a session statement that cannot be taken is told as such", async (project) => {
  project.files["001_x.sql"] = "SELECT 1;";
  for (const options of [{ role: "metapg_nobody" }, { session: ["SET nosuch = 1"] }]) {
    const error = await assertRejects(() => project.runner(options).applyPending(), MigrationError) as MigrationError;
    assertEquals(error.code, "CONFIG");
    assertMatch(error.message, /^Cannot set up the session of "001_x": /);
  }
});

onEveryEngine("what a message of several lines says stays on one line in the error", async (project) => {
  const error = await fail(project, "DO $$ BEGIN RAISE EXCEPTION E'one\\ntwo'; END $$;");
  assertEquals(error.message, "migrations/main/001_x.sql:1:1: one two (P0001)");
});

Deno.test("a statement of the tool that somebody stops before a migration is no fault of its settings", async () => {
  const migration = await Migration.parse("001_x.sql", "SELECT 1;");
  const message = transactionMessage({ before: ["SELECT 1;"], section: migration.up, records: "" });
  const describe = (sqlstate: string) =>
    describeFailure(new DatabaseError("server", "stopped", { sqlstate, completed: 1 }), {
      migration,
      direction: "up",
      message,
    }) as MigrationError;
  for (const sqlstate of ["57014", "55P03", "40001"]) {
    const { code, message } = describe(sqlstate);
    assertEquals([code, message], ["SQL_FAILED", `001_x.sql: stopped, before it began (${sqlstate})`]);
  }
  assertEquals(describe("42704").code, "CONFIG");
});

onServers("what the server says when it ends a session is told", async (project) => {
  const database = openDatabase(project.url, { platform: databasePlatform() });
  const [server] = await project.query("SELECT current_setting('server_version_num')::int AS version");
  const ends: Record<string, string> = {
    "SELECT pg_terminate_backend(pg_backend_pid()); SELECT pg_sleep(10);":
      "terminating connection due to administrator command",
    ...(Number(server?.version) < 170000 ? {} : {
      "SET LOCAL transaction_timeout = '50ms'; SELECT pg_sleep(10);":
        "terminating connection due to transaction timeout",
    }),
  };
  for (const header of ["", "-- Transaction: none\n"]) {
    for (const [sql, said] of Object.entries(ends)) {
      if (header !== "" && sql.startsWith("SET LOCAL")) continue;
      project.files["001_x.sql"] = `${header}${sql}`;
      const error = await assertRejects(
        () => project.runner({ database }).applyPending(),
        MigrationError,
      ) as MigrationError;
      assertMatch(error.message, new RegExp(`^Lost the connection to .*: ${said}`));
      await project.query("DROP TABLE metapg_migrations, metapg_migrations_log");
    }
  }
});
