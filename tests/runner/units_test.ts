import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { MigrationError } from "../../src/core/error.ts";
import { onEveryEngine, onServers, type Project } from "./project.ts";

async function failure(call: Promise<unknown>): Promise<MigrationError> {
  return await assertRejects(() => call, MigrationError) as MigrationError;
}

async function row({ query }: Project, name: string): Promise<Record<string, unknown> | undefined> {
  const [found] = await query(
    `SELECT partial, units_done, unit_state, applied_at IS NOT NULL AS applied, error FROM metapg_migrations WHERE name = '${name}'`,
  );
  return found;
}

const INDEXES = `-- Transaction: none
CREATE INDEX CONCURRENTLY users_name ON users (name);
CREATE INDEX CONCURRENTLY users_id ON users (id);
-- ROLLBACK
DROP INDEX CONCURRENTLY users_id;
DROP INDEX CONCURRENTLY users_name;
`;

const USERS = "CREATE TABLE users (id int, name text);\n-- ROLLBACK\nDROP TABLE users;\n";

onEveryEngine("a migration without a transaction runs unit by unit, up and down", async (project) => {
  Object.assign(project.files, { "001_users.sql": USERS, "002_indexes.sql": INDEXES });
  assertEquals(await project.runner().applyPending(), ["001_users", "002_indexes"]);
  assertEquals(await row(project, "002_indexes"), {
    partial: null,
    units_done: null,
    unit_state: null,
    applied: true,
    error: null,
  });
  const units = project.events.flatMap((event) => event.type === "unit:done" ? [`${event.unit}/${event.units}`] : []);
  assertEquals(units, ["1/2", "2/2"]);
  const [valid] = await project.query(
    "SELECT count(*)::int AS n FROM pg_index WHERE indisvalid AND indrelid = 'users'::regclass",
  );
  assertEquals(valid?.n, 2);
  assertEquals(await project.runner().rollbackMigration("002_indexes"), ["002_indexes"]);
  assertEquals(await row(project, "002_indexes"), undefined);
  assertEquals((await project.runner().history()).map((entry) => entry.action), ["applied", "applied", "rolled_back"]);
});

onEveryEngine("a failed unit leaves the migration part-way, and up resumes there", async (project) => {
  project.files["001_work.sql"] =
    "-- Transaction: none\nCREATE TABLE a (id int);\nCREATE TABLE b (id int);\nINSERT INTO later VALUES (1);\nCREATE TABLE c (id int);\n";
  const error = await failure(project.runner().applyPending());
  assertEquals(error.code, "PARTIAL");
  assertMatch(error.message, /001_work\.sql:4:13: relation "later" does not exist/);
  assertEquals(await row(project, "001_work"), {
    partial: "up",
    units_done: 2,
    unit_state: "failed",
    applied: false,
    error: error.message,
  });
  const status = await project.runner().getStatus();
  assertEquals([status.pending.length, status.failed.length, status.applied.length], [1, 1, 0]);
  await project.query("CREATE TABLE later (id int)");
  assertEquals(await project.runner().applyPending(), ["001_work"]);
  assertEquals((await row(project, "001_work"))?.applied, true);
  assertEquals((await project.query("SELECT count(*)::int AS n FROM later"))[0]?.n, 1);
});

onEveryEngine("a first unit that fails in a transaction leaves nothing", async (project) => {
  project.files["001_work.sql"] = "-- Transaction: none\nCREATE TABLE a (id nothing);\nVACUUM;\n";
  const error = await failure(project.runner().applyPending());
  assertEquals(error.code, "SQL_FAILED");
  assertEquals((await row(project, "001_work"))?.partial, null);
});

onEveryEngine("a block commits as one unit", async (project) => {
  project.files["001_work.sql"] =
    "-- Transaction: none\nCREATE TABLE a (id int);\nBEGIN;\nINSERT INTO a VALUES (1);\nINSERT INTO a VALUES ('x');\nCOMMIT;\n";
  assertEquals((await failure(project.runner().applyPending())).code, "PARTIAL");
  assertEquals((await project.query("SELECT count(*)::int AS n FROM a"))[0]?.n, 0);
  assertEquals((await row(project, "001_work"))?.units_done, 1);
});

onEveryEngine("a part-way rollback refuses up and is resumed by down", async (project) => {
  project.files["001_work.sql"] =
    "-- Transaction: none\nCREATE TABLE a (id int);\n-- ROLLBACK\nDROP TABLE a;\nDROP TABLE gone;\n";
  await project.runner().applyPending();
  assertEquals((await failure(project.runner().rollbackMigration("001_work"))).code, "PARTIAL");
  assertEquals((await row(project, "001_work"))?.partial, "down");
  assertEquals((await failure(project.runner().applyPending())).code, "PARTIAL");
  await project.query("CREATE TABLE gone (id int)");
  assertEquals(await project.runner().rollbackMigration("001_work"), ["001_work"]);
  assertEquals(await row(project, "001_work"), undefined);
});

onEveryEngine("a unit whose end is unknown is left to a person", async (project) => {
  project.files["001_work.sql"] =
    "-- Transaction: none\nCREATE TABLE a (id int);\nDO $$ BEGIN INSERT INTO a VALUES (1); END $$;\n";
  const startAgain =
    `UPDATE metapg_migrations SET applied_at = NULL, partial = 'up', units_done = 1, unit_state = 'started'`;
  await project.runner().applyPending();
  await project.query(startAgain);
  const error = await failure(project.runner().applyPending());
  assertEquals(error.code, "PARTIAL");
  assertMatch(error.hint ?? "", /repair --done 001_work:2 or repair --again 001_work:2/);
  assertEquals((await failure(project.runner().repair({ done: { name: "001_work", unit: 1 } }))).code, "USAGE");
  await project.runner().repair({ again: { name: "001_work", unit: 2 } });
  assertEquals(await project.runner().applyPending(), ["001_work"]);
  await project.query(startAgain);
  await project.runner().repair({ done: { name: "001_work", unit: 2 } });
  assertEquals(await project.runner().applyPending(), ["001_work"]);
  assertEquals((await project.query("SELECT count(*)::int AS n FROM a"))[0]?.n, 2);
});

onEveryEngine("a part-way migration cannot be rolled back before it is finished", async (project) => {
  project.files["001_work.sql"] =
    "-- Transaction: none\nCREATE TABLE a (id int);\nDROP TABLE gone;\n-- ROLLBACK\nDROP TABLE a;\n";
  await failure(project.runner().applyPending());
  assertEquals((await failure(project.runner().rollbackMigration("001_work"))).code, "NOT_APPLIED");
  assertEquals((await failure(project.runner().run({ type: "down", count: 1 }))).code, "NOT_APPLIED");
  delete project.files["001_work.sql"];
  project.files["002_more.sql"] = "CREATE TABLE more (id int);";
  const gone = await failure(project.runner().applyPending());
  assertEquals([gone.code, gone.problems.map((problem) => problem.name)], ["PARTIAL", ["001_work"]]);
});

onEveryEngine(
  "a file that was edited while part-way is refused unless its finished units are the same",
  async (project) => {
    const text = "-- Transaction: none\nCREATE TABLE a (id int);\nDROP TABLE gone;\n";
    project.files["001_work.sql"] = text;
    await failure(project.runner().applyPending());
    project.files["001_work.sql"] = text.replace("id int", "id bigint");
    assertEquals((await failure(project.runner().applyPending())).code, "CHANGED");
    project.files["001_work.sql"] = text.replace("DROP TABLE gone", "DROP TABLE IF EXISTS gone").replace(
      "CREATE",
      "-- a\nCREATE",
    );
    assertEquals(await project.runner().applyPending(), ["001_work"]);
    assertMatch((await project.runner().show("001_work")).source, /IF EXISTS/);
  },
);

onServers("what a unit sets holds for the next one, and not for the history or the next migration", async (project) => {
  await project.query(
    "DROP ROLE IF EXISTS metapg_test_owner; CREATE ROLE metapg_test_owner; CREATE SCHEMA app AUTHORIZATION metapg_test_owner",
  );
  project.files["001_work.sql"] =
    "-- Transaction: none\nSET ROLE metapg_test_owner;\nSET search_path = app;\nCREATE TABLE a (id int);\nDO $$ BEGIN CREATE TABLE b (id int); END $$;\n";
  project.files["002_after.sql"] = "CREATE TABLE c (id int);";
  await project.runner().applyPending();
  const rows = await project.query(
    "SELECT c.oid::regclass::text AS name, pg_get_userbyid(relowner) AS owner FROM pg_class c WHERE relname IN ('a', 'b', 'c') ORDER BY 1",
  );
  assertEquals(rows.map((one) => [one.name, one.owner]), [
    ["app.a", "metapg_test_owner"],
    ["app.b", "metapg_test_owner"],
    ["c", "postgres"],
  ]);
  const [by] = await project.query("SELECT string_agg(DISTINCT applied_by, ',') AS by FROM metapg_migrations");
  assertEquals(by?.by, "postgres");
  await project.query("DROP OWNED BY metapg_test_owner CASCADE; DROP ROLE metapg_test_owner");
});

onServers("a cut connection inside a unit leaves its journal saying started", async (project) => {
  project.files["001_work.sql"] =
    "-- Transaction: none\nCREATE TABLE a (id int);\nDO $$ BEGIN PERFORM pg_sleep(30); END $$;\n";
  const run = project.runner().applyPending();
  const caught = failure(run);
  for (;;) {
    const rows = await project.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'DO %pg_sleep(30)%' AND state = 'active' AND datname = current_database()",
    );
    if (rows.length > 0) break;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const error = await caught;
  assert(["OUTCOME_UNKNOWN", "CONNECTION_LOST"].includes(error.code));
  assertEquals(await row(project, "001_work"), {
    partial: "up",
    units_done: 1,
    unit_state: "started",
    applied: false,
    error: null,
  });
  assertEquals((await failure(project.runner().applyPending())).code, "PARTIAL");
});
