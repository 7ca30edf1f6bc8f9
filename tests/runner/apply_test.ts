import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { MigrationError } from "../../src/core/error.ts";
import { Migration } from "../../src/core/migration.ts";
import { onEveryEngine, onServers, type Project } from "./project.ts";

const USERS = "CREATE TABLE users (id int);\n-- ROLLBACK\nDROP TABLE users;\n";
const POSTS =
  "-- Description: Add posts\n-- Depends: 001_users\nCREATE TABLE posts (id int);\n-- ROLLBACK\nDROP TABLE posts;\n";

async function tables({ query }: Project): Promise<string[]> {
  const rows = await query(
    "SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname",
  );
  return rows.map((row) => String(row.name));
}

async function failure(call: Promise<unknown>): Promise<MigrationError> {
  return await assertRejects(() => call, MigrationError) as MigrationError;
}

onEveryEngine("applyPending() applies in order and records each", async (project) => {
  Object.assign(project.files, { "002_posts.sql": POSTS, "001_users.sql": USERS });
  assertEquals(await project.runner().applyPending(), ["001_users", "002_posts"]);
  assertEquals(await tables(project), ["metapg_migrations", "metapg_migrations_log", "posts", "users"]);
  const file = await Migration.parse("002_posts.sql", POSTS);
  const [row] = await project.query(
    `SELECT to_json(h)::text AS value FROM metapg_migrations h WHERE name = '002_posts'`,
  );
  const { applied_at, duration_ms, applied_by, ...rest } = JSON.parse(String(row!.value));
  assertEquals(rest, {
    name: "002_posts",
    version: 2,
    seq: 2,
    description: "Add posts",
    checksum: file.checksum,
    token_checksum: file.tokenChecksum,
    depends: ["001_users"],
    source: POSTS,
    error: null,
    partial: null,
    units_done: null,
    unit_state: null,
  });
  assert(Math.abs(Date.parse(applied_at) - Date.now()) < 60_000);
  assert(duration_ms > 0 && duration_ms < 60_000);
  assertEquals(applied_by, "postgres");
  const log = await project.runner().history();
  assertEquals(log.map((entry) => [entry.action, entry.name]), [["applied", "001_users"], ["applied", "002_posts"]]);
  assertEquals(new Set(log.map((entry) => entry.runId)).size, 1);
  assertEquals(log[0]?.dbUser, "postgres");
  const told = project.events.flatMap((event) => event.type === "migration:done" ? [event.durationMs] : []);
  assertEquals(log.map((entry) => entry.durationMs), told);
  assertEquals((await project.runner().getAppliedMigrations()).map((record) => record.durationMs), told);
});

onEveryEngine("applyPending() finds nothing to do the second time", async (project) => {
  project.files["001_users.sql"] = USERS;
  await project.runner().applyPending();
  project.events.length = 0;
  assertEquals(await project.runner().applyPending(), []);
  assertEquals(project.events.map((event) => event.type), ["run:start", "run:done"]);
  assertEquals((await project.runner().getStatus()).isUpToDate, true);
});

onEveryEngine("applyPending() stops at a target", async (project) => {
  Object.assign(project.files, { "001_users.sql": USERS, "002_posts.sql": POSTS });
  assertEquals(await project.runner().applyPending({ target: "001_users" }), ["001_users"]);
  assertEquals(await project.runner().applyPending({ count: 1 }), ["002_posts"]);
  assertEquals((await failure(project.runner().applyPending({ target: "003_x" }))).code, "UNKNOWN_MIGRATION");
});

onEveryEngine("applyPending() leaves a failed migration as if it had never run", async (project) => {
  Object.assign(project.files, {
    "001_users.sql": USERS,
    "002_broken.sql": "CREATE TABLE half (id int);\nINSERT INTO nowhere VALUES (1);\n",
    "003_more.sql": "CREATE TABLE more (id int);",
  });
  const error = await failure(project.runner().applyPending());
  assertEquals([error.code, error.applied], ["SQL_FAILED", ["001_users"]]);
  assertEquals(error.message, 'migrations/main/002_broken.sql:2:13: relation "nowhere" does not exist (42P01)');
  assertEquals(await tables(project), ["metapg_migrations", "metapg_migrations_log", "users"]);
  const status = await project.runner().getStatus();
  assertEquals(status.failed.map((record) => [record.name, record.error]), [["002_broken", error.message]]);
  assertEquals(status.pending.map((migration) => migration.name), ["002_broken", "003_more"]);
  project.files["002_broken.sql"] = "CREATE TABLE half (id int);\n";
  assertEquals(await project.runner().applyPending(), ["002_broken", "003_more"]);
  assertEquals((await project.runner().getStatus()).failed, []);
  const log = await project.runner().history();
  assertEquals(log.map((entry) => entry.action), ["applied", "failed", "applied", "applied"]);
  assertEquals((log[1]?.details as Record<string, unknown>).line, 2);
});

onEveryEngine("applyPending() lets another file take the version of a failed one", async (project) => {
  project.files["001_users.sql"] = "SELECT nothing;";
  await failure(project.runner().applyPending());
  delete project.files["001_users.sql"];
  project.files["001_people.sql"] = USERS;
  assertEquals(await project.runner().applyPending(), ["001_people"]);
  assertEquals((await project.query("SELECT name FROM metapg_migrations")).map((row) => row.name), ["001_people"]);
});

onEveryEngine("applyPending() refuses edited and renamed files and runs nothing", async (project) => {
  Object.assign(project.files, { "001_users.sql": USERS, "002_posts.sql": POSTS });
  await project.runner().applyPending();
  project.files["003_more.sql"] = "CREATE TABLE more (id int);";
  project.files["001_users.sql"] = USERS.replace("id int", "id bigint");
  const changed = await failure(project.runner().applyPending());
  assertEquals([changed.code, changed.problems.map((problem) => problem.name)], ["CHANGED", ["001_users"]]);
  project.files["001_users.sql"] = USERS;
  delete project.files["002_posts.sql"];
  project.files["002_articles.sql"] = POSTS;
  assertEquals((await failure(project.runner().applyPending())).code, "RENAMED");
  assert(!(await tables(project)).includes("more"));
});

onEveryEngine(
  "applyPending() warns of reformatted, missing and late files, and refuses the last two when strict",
  async (project) => {
    Object.assign(project.files, {
      "002_posts.sql": "CREATE TABLE posts ();",
      "004_tags.sql": "CREATE TABLE tags ();",
    });
    await project.runner().applyPending();
    delete project.files["004_tags.sql"];
    project.files["002_posts.sql"] = "-- why\nCREATE TABLE posts ();";
    project.files["001_users.sql"] = USERS;
    project.events.length = 0;
    assertEquals((await failure(project.runner({ strict: true }).applyPending())).code, "MISSING");
    assertEquals(await project.runner().applyPending(), ["001_users"]);
    const warnings = project.events.flatMap((event) => event.type === "warning" ? [event.problem.code] : []);
    assertEquals(warnings, ["missing", "late", "reformatted"]);
  },
);

onEveryEngine("applyPending() reports all problems of all files at once and writes nothing", async (project) => {
  Object.assign(project.files, {
    "001_users.sql": "BEGIN;\nCREATE TABLE users ();\nCOMMIT;",
    "1_short.sql": "SELECT 1;",
    "002_b.sql": "SELECT 'open",
  });
  const error = await failure(project.runner().applyPending());
  assertEquals(error.code, "FILES_INVALID");
  assertEquals(new Set(error.problems.map((problem) => problem.path)).size, 3);
  assertEquals(await tables(project), []);
});

onEveryEngine("applyMigration() applies one, once, and only when its dependencies are", async (project) => {
  const users = await Migration.parse("001_users.sql", USERS);
  const posts = await Migration.parse("002_posts.sql", POSTS);
  const runner = project.runner();
  const early = await failure(runner.applyMigration(posts));
  assertEquals(early.code, "DEPENDENCY_NOT_APPLIED");
  assertMatch(early.message, /"001_users"/);
  assertEquals(await runner.applyMigration(users), ["001_users"]);
  assertEquals(await runner.applyMigration(users), []);
  assertEquals(await runner.applyMigration(posts), ["002_posts"]);
  const edited = await Migration.parse("001_users.sql", USERS.replace("id int", "id bigint"));
  assertEquals((await failure(runner.applyMigration(edited))).code, "CHANGED");
  const copy = await Migration.parse("003_copy.sql", "SELECT 1;");
  const twin = await Migration.parse("004_twin.sql", "SELECT 1;");
  assertEquals([await runner.applyMigration(copy), await runner.applyMigration(twin)], [["003_copy"], ["004_twin"]]);
  const same = await Migration.parse("002_other.sql", "SELECT 1;");
  assertEquals((await failure(runner.applyMigration(same))).code, "RENAMED");
});

onEveryEngine("getStatus(), plan(), check() and history() never write", async (project) => {
  project.files["001_users.sql"] = USERS;
  const runner = project.runner();
  assertEquals((await runner.getStatus()).pending.length, 1);
  assertEquals((await runner.plan({ type: "up" })).steps.map((step) => step.sql), ["CREATE TABLE users (id int);\n"]);
  assertEquals(await runner.check(), []);
  assertEquals(await runner.history(), []);
  assertEquals(await runner.getAppliedMigrations(), []);
  assertEquals(await tables(project), []);
});

onEveryEngine("the history can live in a schema of its own, which is created", async (project) => {
  project.files["001_users.sql"] = USERS;
  const runner = project.runner({ table: 'ops."My History"' });
  await runner.applyPending();
  assertEquals((await runner.getStatus()).applied.length, 1);
  assertEquals(await tables(project), ["users"]);
  const [row] = await project.query(`SELECT count(*)::int AS n FROM ops."My History_log"`);
  assertEquals(row?.n, 1);
  assertEquals(await runner.rollbackMigration("001_users"), ["001_users"]);
});

onEveryEngine("every column of the history has a comment, and the table names its layout", async (project) => {
  project.files["001_users.sql"] = USERS;
  await project.runner().applyPending();
  const [row] = await project.query(`SELECT obj_description('metapg_migrations'::regclass) AS layout,
    (SELECT count(*)::int FROM pg_attribute WHERE attnum > 0 AND attrelid IN ('metapg_migrations'::regclass,
      'metapg_migrations_log'::regclass) AND col_description(attrelid, attnum) IS NULL) AS bare`);
  assertEquals(row, { layout: "@metapg/migration layout 1", bare: 0 });
});

onEveryEngine("a table that is not ours is refused", async (project) => {
  project.files["001_users.sql"] = USERS;
  await project.query("CREATE TABLE metapg_migrations (id int)");
  assertEquals((await failure(project.runner().applyPending())).code, "HISTORY_FOREIGN");
  await project.query("DROP TABLE metapg_migrations; CREATE VIEW metapg_migrations AS SELECT 1");
  assertEquals((await failure(project.runner().getStatus())).code, "HISTORY_FOREIGN");
});

onEveryEngine("a history of a newer layout is refused", async (project) => {
  project.files["001_users.sql"] = USERS;
  await project.runner().applyPending();
  await project.query("COMMENT ON TABLE metapg_migrations IS '@metapg/migration layout 2'");
  assertEquals((await failure(project.runner().getStatus())).code, "HISTORY_NEWER");
  await project.query("COMMENT ON TABLE metapg_migrations IS '@metapg/migration layout x'");
  assertEquals((await failure(project.runner().getStatus())).code, "HISTORY_FOREIGN");
});

onEveryEngine("a log that is not ours is refused before anything is written", async (project) => {
  project.files["001_users.sql"] = USERS;
  await project.query("CREATE TABLE metapg_migrations_log (id int)");
  assertEquals((await failure(project.runner().getStatus())).code, "HISTORY_FOREIGN");
});

onEveryEngine("a log without its history is no beginning, and the error says what to do", async (project) => {
  project.files["001_users.sql"] = USERS;
  await project.runner().applyPending();
  await project.query("DROP TABLE metapg_migrations");
  const error = await failure(project.runner().applyPending());
  assertEquals(
    [error.code, error.message],
    [
      "HISTORY_FOREIGN",
      'The history "public"."metapg_migrations" is gone, and its log "public"."metapg_migrations_log" is still there',
    ],
  );
  await project.query(/DROP TABLE [^,]*/.exec(error.hint ?? "")![0]);
  await project.query("DROP TABLE users");
  assertEquals(await project.runner().applyPending(), ["001_users"]);
});

onEveryEngine("token checksums of another release's kind are computed anew", async (project) => {
  project.files["001_users.sql"] = USERS;
  await project.runner().applyPending();
  await project.query("UPDATE metapg_migrations SET token_checksum = '0:abc'");
  assertEquals((await project.runner().getStatus()).changed, []);
});

onEveryEngine("texts reach the history as they are", async (project) => {
  const odd = "-- Description: it's \\ odd '); DROP TABLE users; --\nSELECT 'a''b\\', E'\\n', $$x$$; -- 🐘\n";
  project.files["001_odd.sql"] = odd;
  await project.runner().applyPending();
  const { record, source } = await project.runner().show("001_odd");
  assertEquals([record.description, source], ["it's \\ odd '); DROP TABLE users; --", odd]);
});

onServers("nothing depends on standard_conforming_strings", async (project) => {
  await project.query(
    `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET standard_conforming_strings = off', current_database()); END $$`,
  );
  project.files["001_odd.sql"] = "-- Description: back\\slash'\nCREATE TABLE t AS SELECT 'a\\'::text AS a;\n";
  await project.runner().applyPending();
  assertEquals((await project.query("SELECT a FROM t"))[0]?.a, "a\\");
  assertEquals((await project.runner().show("001_odd")).record.description, "back\\slash'");
});

onServers("any number of runners apply each migration once", async (project) => {
  for (let version = 1; version <= 5; version++) {
    project.files[`00${version}_t.sql`] = `CREATE TABLE t${version} (id int); SELECT pg_sleep(0.02);`;
  }
  const runs = await Promise.all(Array.from({ length: 4 }, () => project.runner().applyPending()));
  assertEquals(runs.flat().toSorted(), ["001_t", "002_t", "003_t", "004_t", "005_t"]);
  assertEquals((await project.runner().history()).length, 5);
});
