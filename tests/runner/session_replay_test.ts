import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { MigrationError } from "../../src/core/error.ts";
import { onServers, type Project } from "./project.ts";

async function failure(call: Promise<unknown>): Promise<MigrationError> {
  return await assertRejects(() => call, MigrationError) as MigrationError;
}

async function withOwner(project: Project): Promise<void> {
  await project.query(`DO $$ BEGIN CREATE ROLE metapg_replay; EXCEPTION WHEN duplicate_object THEN END $$;
    CREATE SCHEMA app AUTHORIZATION metapg_replay; CREATE TABLE public.t (id int)`);
}

async function tables({ query }: Project): Promise<string[]> {
  const rows = await query(
    `SELECT c.oid::regclass || ' of ' || pg_get_userbyid(relowner) AS line FROM pg_class c
     WHERE relkind = 'r' AND relnamespace IN ('public'::regnamespace, 'app'::regnamespace) AND relname NOT LIKE 'metapg%' ORDER BY 1`,
  );
  return rows.map((row) => String(row.line));
}

/** Ways in which the first units set the session. */
const SETTINGS: Readonly<Record<string, string>> = {
  "SET": "SET search_path = app;\nSET ROLE metapg_replay;",
  "set_config()":
    "SELECT set_config('search_path', 'app', false), set_config('role', 'metapg_replay', false);\nSELECT 1;",
  "a block":
    "BEGIN;\nSET search_path = app;\nSET LOCAL work_mem = '1MB';\nCOMMIT;\nSET SESSION AUTHORIZATION metapg_replay;",
};

for (const [what, settings] of Object.entries(SETTINGS)) {
  onServers(`what finished units set by ${what} holds for units that another run resumes at`, async (project) => {
    await withOwner(project);
    project.files["001_work.sql"] =
      `-- Transaction: none\n${settings}\nINSERT INTO missing VALUES (1);\nCREATE TABLE t (id int);\nCREATE INDEX CONCURRENTLY ON t (id);\nDO $$ BEGIN CREATE TABLE d (id int); END $$;\n` +
      `-- ROLLBACK\n${settings}\nDROP TABLE d;\nDROP TABLE gone;\nDROP TABLE t;\nDROP TABLE missing;\n`;
    project.files["002_after.sql"] = "CREATE TABLE after (id int);\n-- ROLLBACK\nDROP TABLE after;\n";
    assertEquals((await failure(project.runner().applyPending())).code, "PARTIAL");
    await project.query("CREATE TABLE app.missing (id int); ALTER TABLE app.missing OWNER TO metapg_replay");
    assertEquals(await project.runner().applyPending(), ["001_work", "002_after"]);
    assertEquals(await tables(project), [
      "after of postgres",
      "app.d of metapg_replay",
      "app.missing of metapg_replay",
      "app.t of metapg_replay",
      "t of postgres",
    ]);
    const [by] = await project.query(
      "SELECT (SELECT string_agg(DISTINCT applied_by, ',') FROM metapg_migrations) AS rows, (SELECT string_agg(DISTINCT db_user, ',') FROM metapg_migrations_log) AS log",
    );
    assertEquals(by, { rows: "postgres", log: "postgres" });

    assertEquals((await failure(project.runner().rollbackMigration("001_work"))).code, "PARTIAL");
    await project.query("CREATE TABLE app.gone (id int); ALTER TABLE app.gone OWNER TO metapg_replay");
    assertEquals(await project.runner().rollbackMigration("001_work"), ["001_work"]);
    assertEquals(await tables(project), ["after of postgres", "t of postgres"]);
  });
}

onServers("a setting that cannot be set again is shown where the file sets it", async (project) => {
  await withOwner(project);
  await project.query("CREATE ROLE metapg_replay_gone SUPERUSER");
  project.files["001_work.sql"] =
    "-- Transaction: none\nSELECT 1;\nSET ROLE metapg_replay_gone;\nINSERT INTO missing VALUES (1);\n";
  await failure(project.runner().applyPending());
  await project.query("DROP ROLE metapg_replay_gone; CREATE TABLE missing (id int)");
  const error = await failure(project.runner().applyPending());
  assertEquals(error.code, "PARTIAL");
  assertMatch(error.message, /001_work\.sql:3:1: role "metapg_replay_gone" does not exist/);
  assertMatch(error.hint ?? "", /set again before the next one runs/);
  const [row] = await project.query("SELECT units_done AS done, unit_state AS state FROM metapg_migrations");
  assertEquals(row, { done: 2, state: "failed" });
});

onServers("a role that was dropped after it was reset is not missed", async (project) => {
  await project.query("CREATE ROLE metapg_replay_short");
  project.files["001_work.sql"] =
    "-- Transaction: none\nSET ROLE metapg_replay_short;\nRESET ROLE;\nDROP ROLE metapg_replay_short;\nINSERT INTO missing VALUES (1);\n";
  await failure(project.runner().applyPending());
  await project.query("CREATE TABLE missing (id int)");
  assertEquals(await project.runner().applyPending(), ["001_work"]);
});

onServers("a role that holds for one block does not hold for the next unit", async (project) => {
  await withOwner(project);
  project.files["001_work.sql"] =
    "-- Transaction: none\nBEGIN;\nSET LOCAL ROLE metapg_replay;\nCREATE TABLE app.a (id int);\nCOMMIT;\nCREATE TABLE b (id int);\n" +
    "BEGIN;\nSELECT set_config('role', 'metapg_replay', true);\nCREATE TABLE app.c (id int);\nCOMMIT;\nDO $$ BEGIN CREATE TABLE d (id int); END $$;\n";
  assertEquals(await project.runner().applyPending(), ["001_work"]);
  assertEquals(await tables(project), [
    "app.a of metapg_replay",
    "app.c of metapg_replay",
    "b of postgres",
    "d of postgres",
    "t of postgres",
  ]);
});
