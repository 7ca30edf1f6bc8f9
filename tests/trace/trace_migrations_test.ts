import { assertEquals, assertRejects } from "@std/assert";
import { SqlError } from "../../src/core/sql_error.ts";
import { findWorst } from "../../src/trace/danger.ts";
import { locksOf, traced } from "./traced.ts";

const USERS = "CREATE TABLE users (id int PRIMARY KEY, email text, age int); CREATE INDEX users_age ON users (age);";

Deno.test("traceMigrations() tells what each statement adds, and what is still held from those before", async () => {
  const { statements, ...rest } = await traced(
    `${USERS} CREATE TABLE posts (user_id int);`,
    "\nALTER TABLE users ADD COLUMN note text;\nALTER TABLE posts ADD FOREIGN KEY (user_id) REFERENCES users;\nSELECT 1;\n",
  );
  assertEquals(rest, {
    name: "002_traced",
    direction: "up",
    transaction: "single",
    path: "migrations/default/002_traced.sql",
  });
  const [add, key, none] = statements;
  assertEquals([add!.line, add!.column, add!.sql], [2, 1, "ALTER TABLE users ADD COLUMN note text"]);
  assertEquals([locksOf(add!), add!.held, add!.work, add!.duration, add!.danger], [
    ["public.users ACCESS EXCLUSIVE"],
    [],
    [],
    "instant",
    "medium",
  ]);
  assertEquals(locksOf(key!), ["public.posts SHARE ROW EXCLUSIVE"]);
  assertEquals(key!.held.map(({ object, mode, line }) => [object, mode, line]), [[
    "public.users",
    "ACCESS EXCLUSIVE",
    2,
  ]]);
  assertEquals(key!.work, [{
    type: "foreign-key",
    table: "public.posts",
    references: "public.users",
    constraint: "posts_user_id_fkey",
  }]);
  assertEquals([key!.duration, key!.danger], ["size", "high"]);
  assertEquals(none!.held.map(({ object, line }) => [object, line]), [["public.users", 2], ["public.posts", 3]]);
  assertEquals([locksOf(none!), none!.duration, none!.danger], [[], "rows", "medium"]);
});

Deno.test("traceMigrations() tells a stronger lock on the same table, and whose line it is", async () => {
  const { statements } = await traced(
    USERS,
    "CREATE INDEX i ON users (email);\nUPDATE users SET age = 1;\nDROP INDEX i;",
  );
  assertEquals(statements.map(locksOf), [["public.users SHARE"], [], ["public.users ACCESS EXCLUSIVE"]]);
  assertEquals(statements[0]!.locks[0]!.blocks, ["writes", "maintenance", "schema changes"]);
  // A plain index build no longer gets in beside the changed rows.
  assertEquals(statements[1]!.held[0]!.blocks, ["writes", "maintenance", "index builds", "schema changes"]);
  assertEquals(statements[2]!.locks[0]!.line, 3);
});

Deno.test("traceMigrations() exempts what the migration makes itself, under any name", async () => {
  const { statements } = await traced(
    USERS,
    `CREATE SCHEMA app; CREATE TABLE app.posts (id serial PRIMARY KEY, user_id int REFERENCES users);
     ALTER TABLE app.posts RENAME TO articles; CREATE INDEX ON app.articles (user_id); DROP TABLE app.articles;`,
  );
  assertEquals(statements.map(locksOf), [[], ["public.users SHARE ROW EXCLUSIVE"], [], [], [
    "public.users ACCESS EXCLUSIVE",
  ]]);
  assertEquals(statements[1]!.exempt, ["app.posts", "app.posts_id_seq"]);
  assertEquals(statements.map(({ work }) => work), [[], [], [], [], []]);
});

Deno.test("traceMigrations() names a table as it is called where the migration will run", async () => {
  const { statements } = await traced('CREATE TABLE "My Users" (id int)', 'ALTER TABLE "My Users" RENAME TO users;');
  assertEquals(locksOf(statements[0]!), ['public."My Users" ACCESS EXCLUSIVE']);
});

Deno.test("traceMigrations() tells rewriting, emptying, rebuilding and filling apart", async () => {
  const work = async (sql: string) => {
    const { statements } = await traced(`${USERS} CREATE MATERIALIZED VIEW ages AS SELECT 1 AS age;`, sql);
    return statements.map(({ work, truncated, duration }) => [...work.map(({ type }) => type), ...truncated, duration]);
  };
  assertEquals(await work("ALTER TABLE users ALTER age TYPE bigint"), [["rewrite", "size"]]);
  assertEquals(await work("TRUNCATE users"), [["public.users", "instant"]]);
  assertEquals(await work("REINDEX TABLE users"), [["index-rebuild", "index-rebuild", "size"]]);
  assertEquals(await work("REINDEX INDEX users_age"), [["index-rebuild", "size"]]);
  assertEquals(await work("REFRESH MATERIALIZED VIEW ages"), [["refresh", "size"]]);
  assertEquals(await work("ALTER TABLE users ALTER age TYPE bigint; TRUNCATE users"), [
    ["rewrite", "size"],
    ["public.users", "instant"],
  ]);
  assertEquals(await work("DO 'BEGIN ALTER TABLE users ALTER age TYPE bigint; END'"), [["rewrite", "size"]]);
});

Deno.test("traceMigrations() sees where SET NOT NULL needs no look at the rows, and what is not checked", async () => {
  const { statements } = await traced(
    USERS,
    `ALTER TABLE users ADD CONSTRAINT age_there CHECK (age IS NOT NULL) NOT VALID;
     ALTER TABLE users VALIDATE CONSTRAINT age_there;
     ALTER TABLE users ALTER age SET NOT NULL;
     ALTER TABLE users ALTER email SET NOT NULL;`,
  );
  assertEquals(statements.map(({ work }) => work.map(({ type }) => type)), [[], ["scan"], [], ["scan"]]);
  assertEquals(statements.map(({ unchecked }) => unchecked), [["age_there"], [], [], []]);
});

Deno.test("traceMigrations() follows a statement to partitions, to heirs and through triggers", async () => {
  const { statements } = await traced(
    `CREATE TABLE events (day int) PARTITION BY LIST (day); CREATE TABLE events_1 PARTITION OF events FOR VALUES IN (1);
     CREATE TABLE parent (id int); CREATE TABLE heir () INHERITS (parent); CREATE TABLE audit (id int);
     CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO audit VALUES (1); RETURN NEW; END';
     CREATE TRIGGER t AFTER INSERT ON parent FOR EACH ROW EXECUTE FUNCTION note();`,
    "CREATE INDEX ON events (day); ALTER TABLE parent ADD COLUMN x int; INSERT INTO parent VALUES (1);",
  );
  assertEquals(statements.map(locksOf), [
    ["public.events SHARE", "public.events_1 SHARE"],
    ["public.heir ACCESS EXCLUSIVE", "public.parent ACCESS EXCLUSIVE"],
    ["public.audit ROW EXCLUSIVE"],
  ]);
  assertEquals(statements[0]!.work, [
    { type: "index-build", table: "public.events_1", index: "public.events_1_day_idx" },
  ]);
  assertEquals(statements[2]!.work, [{ type: "rows", tables: ["public.audit", "public.parent"], reads: [] }]);
});

Deno.test("traceMigrations() tells of types, functions and schemas what only schema changes wait for", async () => {
  const { statements } = await traced(
    "CREATE TYPE mood AS ENUM ('ok'); CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';",
    "ALTER TYPE mood ADD VALUE 'sad'; DROP FUNCTION f;",
  );
  assertEquals(statements.map(({ locks }) => locks.map(({ object, kind, blocks }) => [object, kind, blocks])), [
    [["public.mood", "type", ["schema changes"]]],
    [["public.f(a integer)", "function", ["schema changes"]]],
  ]);
});

Deno.test("traceMigrations() traces a rollback, masks secrets and leaves nothing in the session", async () => {
  const sql = `SET search_path = app; CREATE ROLE traced_role PASSWORD 'hunter2';
-- ROLLBACK
DROP ROLE traced_role;
ALTER TABLE users DROP COLUMN age;`;
  const { statements, direction } = await traced(USERS, sql, "down");
  assertEquals(direction, "down");
  assertEquals(statements.map((one) => [one.line, ...locksOf(one)]), [
    [3],
    [4, "public.users ACCESS EXCLUSIVE", "public.users_age ACCESS EXCLUSIVE"],
  ]);
  const up = await traced(USERS, sql);
  assertEquals(JSON.stringify(up).includes("hunter2"), false);
  await traced(USERS, "DROP ROLE traced_role;");
});

Deno.test("traceMigrations() names the place of a statement that fails, and of a COMMIT", async () => {
  const error = await assertRejects(() => traced(USERS, "SELECT 1;\nALTER TABLE userz ADD COLUMN x int;"), SqlError);
  assertEquals([error.place, error.sqlstate, error.hint], [
    "migrations/default/002_traced.sql:2:1",
    "42P01",
    "This ran in a database of its own, which holds only what the migrations make",
  ]);
  const late = await assertRejects(
    () => traced("CREATE TABLE t (a int UNIQUE DEFERRABLE INITIALLY DEFERRED)", "INSERT INTO t VALUES (1), (1);"),
    SqlError,
  );
  assertEquals([late.place, late.sqlstate], ["migrations/default/002_traced.sql at commit", "23505"]);
  const before = await assertRejects(() => traced("SELECT 1;\nSELECT nothing;", "SELECT 1"), SqlError);
  const open = await assertRejects(() => traced(USERS, "SELECT 1 FROM;"), SqlError);
  assertEquals([open.line, open.column, open.sqlstate], [1, 14, "42601"]);
  assertEquals(before.place, "migrations/default/001_before.sql:2:8");
});

Deno.test("traceMigrations() makes roles that nobody made, and begins again", async () => {
  const grants = "GRANT SELECT ON users TO made_reader;\nALTER TABLE users OWNER TO made_owner;\n";
  const drops = "DROP OWNED BY made_reader, made_owner; DROP ROLE made_reader, made_owner;";
  const { statements } = await traced(USERS, grants);
  assertEquals(statements.map((one) => locksOf(one)[0]), [
    "public.users ACCESS SHARE",
    "public.users ACCESS EXCLUSIVE",
  ]);
  await traced(drops, "SELECT 1");
  const none = await traced(USERS, `-- Transaction: none\n${grants}`);
  assertEquals(none.statements.map(({ line }) => line), [2, 3]);
  await traced(drops, "SELECT 1");
  assertEquals((await traced(`${USERS} ${grants}`, "SELECT 1")).statements.length, 1);
  await traced(drops, "SELECT 1");
});

Deno.test("findWorst() prefers what blocks reads for as long as a table is written", async () => {
  const trace = await traced(
    USERS,
    "CREATE INDEX a ON users (email);\nALTER TABLE users ADD CHECK (age > 0);\nALTER TABLE users ALTER age TYPE bigint;\n",
  );
  const worst = findWorst([trace])!;
  assertEquals([worst.line, worst.danger, worst.lock.object], [3, "high", "public.users"]);
  assertEquals(findWorst([trace], new Set()), undefined);
  const harmless = await traced(USERS, "COMMENT ON TABLE users IS 'x';");
  assertEquals(findWorst([harmless])!.danger, "low");
});

Deno.test("traceMigrations() shows a lock again where a later statement works under it, also one that lets others write", async () => {
  const { statements } = await traced(
    "CREATE TABLE users (a int); ALTER TABLE users ADD CONSTRAINT b CHECK (a > 0) NOT VALID, ADD CONSTRAINT c CHECK (a < 9) NOT VALID;",
    "ALTER TABLE users VALIDATE CONSTRAINT b;\nALTER TABLE users VALIDATE CONSTRAINT c;\nUPDATE users SET a = 1;\nDELETE FROM users;\n",
  );
  const held = statements.map((statement) =>
    statement.held.map(({ object, mode, line }) => `${object} ${mode} ${line}`)
  );
  const lock = ["public.users SHARE UPDATE EXCLUSIVE 1"];
  assertEquals(held, [[], lock, lock, lock]);
});

Deno.test("traceMigrations() tells what the query of a view reads, also where nothing is there to be read", async () => {
  const { statements } = await traced(
    `${USERS} CREATE TABLE posts (user_id int); CREATE VIEW active AS SELECT id FROM users;
     CREATE MATERIALIZED VIEW v AS SELECT id FROM active JOIN posts ON user_id = id; CREATE UNIQUE INDEX ON v (id);
     CREATE MATERIALIZED VIEW w AS SELECT id FROM v;`,
    `REFRESH MATERIALIZED VIEW v; REFRESH MATERIALIZED VIEW CONCURRENTLY v; REFRESH MATERIALIZED VIEW w;
     REFRESH MATERIALIZED VIEW w WITH NO DATA;`,
  );
  const refresh = { type: "refresh", table: "public.v", reads: ["public.posts", "public.users"] };
  assertEquals(statements.map(({ work, duration }) => [work, duration]), [
    [[refresh], "size"],
    [[refresh], "size"],
    [[{ type: "refresh", table: "public.w", reads: ["public.v"] }], "size"],
    [[], "instant"],
  ]);
  assertEquals(statements[3]!.truncated, ["public.w"]);
});

Deno.test("traceMigrations() tells what fills a new table, what is sampled, and what stays locked meanwhile", async () => {
  const { statements } = await traced(
    `${USERS} CREATE TABLE posts (user_id int);`,
    `ALTER TABLE users ADD COLUMN x int;
CREATE TABLE copies (id) AS SELECT id FROM users JOIN posts ON user_id = id;
CREATE MATERIALIZED VIEW seen AS (SELECT user_id FROM posts);
ANALYZE users;
INSERT INTO posts SELECT id FROM users;`,
  );
  const held = statements.map(({ held }) => held.map(({ object, line }) => `${object} ${line}`));
  assertEquals(statements.map(({ work, duration }) => [work, duration]), [
    [[], "instant"],
    [[{ type: "fill", reads: ["public.posts", "public.users"] }], "size"],
    [[{ type: "fill", reads: ["public.posts"] }], "size"],
    [[{ type: "sample", table: "public.users" }], "rows"],
    [[{ type: "rows", tables: ["public.posts"], reads: ["public.users"] }], "rows"],
  ]);
  assertEquals(held, [[], ["public.users 1"], ["public.users 1"], ["public.users 1"], ["public.users 1"]]);
});

Deno.test("traceMigrations() tells the rows that stay locked: changed, selected, or referred to", async () => {
  const rows = async (sql: string) => {
    const { statements } = await traced(
      `${USERS} INSERT INTO users VALUES (1); CREATE TABLE posts (id int UNIQUE, user_id int REFERENCES users);`,
      sql,
    );
    return statements.map(({ rowLocks }) =>
      rowLocks.map(({ table, rows }) => `${table.replace("public.", "")} ${rows}`)
    );
  };
  assertEquals(await rows("UPDATE users SET age = 1; DELETE FROM users; DELETE FROM posts"), [
    ["users changed"],
    ["users changed"],
    ["posts changed"],
  ]);
  assertEquals(await rows("SELECT * FROM users FOR UPDATE; SELECT * FROM users"), [["users locked"], []]);
  assertEquals(await rows("INSERT INTO users VALUES (2)"), [[]]);
  assertEquals(await rows("INSERT INTO posts VALUES (1, 1)"), [["users referenced"]]);
  assertEquals(await rows("INSERT INTO posts SELECT id, id FROM users WHERE id > 9"), [["users referenced"]]);
  assertEquals(await rows("INSERT INTO users VALUES (1) ON CONFLICT (id) DO UPDATE SET age = 3"), [["users changed"]]);
  assertEquals(await rows("WITH gone AS (DELETE FROM posts RETURNING *) SELECT * FROM gone"), [["posts changed"]]);
  assertEquals(await rows("CREATE TABLE mine (id int); UPDATE mine SET id = 1; ALTER TABLE users ADD x int"), [
    [],
    [],
    [],
  ]);
});
