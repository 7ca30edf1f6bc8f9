import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { tmpdir } from "node:os";
import { query, withDatabase } from "../support/databases.ts";
import { type Project, project } from "./project.ts";

const FILES = {
  "migrations/default/001_users.sql": "CREATE TABLE users (id int, age int);\n-- ROLLBACK\nDROP TABLE users;\n",
  "migrations/default/002_age.sql": "ALTER TABLE users ALTER age TYPE bigint;\nCREATE TABLE posts (id int);\n",
  "migrations/default/003_index.sql":
    "-- Transaction: none\nCREATE INDEX CONCURRENTLY users_age ON users (age);\nSET app.key = 'x PASSWORD ''hunter2''';\n",
};

/** A project whose embedded databases come from a template, as they do for people. */
async function shop(files: Readonly<Record<string, string>> = FILES, databases?: readonly string[]): Promise<Project> {
  const made = await project(files, databases);
  const runWith: Project["runWith"] = (setup, ...args) =>
    made.runWith({ ...setup, env: { METAPG_CACHE: `${tmpdir()}/metapg-tests`, ...setup.env } }, ...args);
  return {
    ...made,
    runWith,
    run: (...args) => runWith({}, ...args),
    json: async (...args) => JSON.parse((await runWith({}, ...args, "--json")).out),
  };
}

Deno.test("main() trace runs all files in a database of its own, without any URL", async () => {
  const { runWith } = await shop();
  const { code, out, err } = await runWith({ env: { DATABASE_URL: "" } }, "trace", "002_age");
  assertEquals([code, err], [0, ""]);
  assertEquals(
    out,
    `default: 1 migration traced

002_age (one transaction)

  migrations/default/002_age.sql:1  ALTER TABLE users ALTER age TYPE bigint
    OBJECT        LOCK              BLOCKS            FOR HOW LONG
    public.users  ACCESS EXCLUSIVE  reads and writes  while it is written anew: grows with its size

  migrations/default/002_age.sql:2  CREATE TABLE posts (id int)
    no further lock; those from before stay

Most dangerous: migrations/default/002_age.sql:1 blocks reads and writes of public.users while it is written anew: grows with its size
`,
  );
});

Deno.test("main() trace --json tells everything, and traces what is named", async () => {
  const { json, query } = await shop();
  const document = await json("trace");
  assertEquals([document.command, document.exitCode, document.databases[0].ok], ["trace", 0, true]);
  const [{ migrations, worst, objects }] = document.databases;
  assertEquals(migrations.map(({ name }: { name: string }) => name), ["001_users", "002_age", "003_index"]);
  assertEquals(worst, {
    name: "002_age",
    path: "migrations/default/002_age.sql",
    line: 1,
    danger: "high",
    object: "public.users",
    mode: "ACCESS EXCLUSIVE",
  });
  assertEquals(objects, undefined);
  assertEquals(migrations[1].statements[0], {
    line: 1,
    column: 1,
    sql: "ALTER TABLE users ALTER age TYPE bigint",
    source: "observed",
    locks: [{
      object: "public.users",
      kind: "table",
      table: null,
      mode: "ACCESS EXCLUSIVE",
      blocks: ["reads", "row locks", "writes", "maintenance", "index builds", "schema changes"],
      line: 1,
    }],
    held: [],
    rowLocks: [],
    duration: "size",
    danger: "high",
    exempt: [],
    work: [{ type: "rewrite", table: "public.users", indexes: [] }],
    truncated: [],
    unchecked: [],
    note: null,
  });
  assertEquals(JSON.stringify(document).includes("hunter2"), false);
  // The database of DATABASE_URL is left alone.
  assertEquals(await query("SELECT to_regclass('users') AS t"), [{ t: null }]);
});

Deno.test("main() trace --url traces what is pending there, after what was applied, and looks at the tables", async () => {
  const { files, run, json, query } = await shop();
  await run("up", "1");
  await query("INSERT INTO users SELECT g, g FROM generate_series(1, 3000) AS g; ANALYZE users");
  // What was applied counts, not what the file says by now.
  files["migrations/default/001_users.sql"] =
    "-- Edited\nCREATE TABLE users (id int, age int);\n-- ROLLBACK\nDROP TABLE users;\n";
  const [{ migrations, objects }] = (await json("trace", "--url", "test:default")).databases;
  assertEquals(migrations.map(({ name }: { name: string }) => name), ["002_age", "003_index"]);
  assertEquals(objects.map(({ object, rows, holders }: Record<string, unknown>) => [object, rows, holders]), [
    ["public.users", 3000, []],
  ]);
  assertMatch(
    (await run("trace", "002_age", "--url", "test:default")).out,
    /reads and writes {2}\d+ kB, ~3,000 rows {2}while/,
  );
  assertEquals(await query("SELECT count(*)::int AS n FROM metapg_migrations"), [{ n: 1 }]);
  await run("up");
  assertEquals((await run("trace", "--url", "test:default")).out, "default: nothing to trace\n");
});

Deno.test("main() plan --trace says beside the SQL what it locks", async () => {
  const { run, json } = await shop();
  await run("up", "1");
  const { code, out, err } = await run("plan", "--trace");
  assertEquals([code, out], [
    0,
    `-- default: 2 steps

-- ==== 1/2 apply 002_age (one transaction) ==== migrations/default/002_age.sql
-- trace: public.users (0 bytes, ~0 rows): ACCESS EXCLUSIVE, blocks reads and writes, while it is written anew: grows with its size
ALTER TABLE users ALTER age TYPE bigint;
-- trace: no further lock; those from before stay
CREATE TABLE posts (id int);

-- ==== 2/2 apply 003_index (outside a transaction) ==== migrations/default/003_index.sql
-- Transaction: none
-- trace: public.users (0 bytes, ~0 rows): SHARE UPDATE EXCLUSIVE, blocks VACUUM and schema changes, while index public.users_age is built: grows with its size
CREATE INDEX CONCURRENTLY users_age ON users (age);
-- trace: locks nothing that was there before
SET app.key = 'x PASSWORD '***'';
`.replace("'x PASSWORD '***''", "'x PASSWORD ''***'''"),
  ]);
  assertStringIncludes(err, "Most dangerous: migrations/default/002_age.sql:1 blocks reads and writes of public.users");
  const [entry] = (await json("plan", "--trace")).databases;
  assertEquals([entry.steps.length, entry.trace.migrations.length, entry.trace.worst.line], [2, 2, 1]);
  assertEquals((await run("plan", "--shadow-url", "postgres://localhost/x")).code, 2);
});

Deno.test("main() plan --sync --trace traces rollbacks as they were applied, and a plan of nothing", async () => {
  const { files, run } = await shop({
    "migrations/default/001_users.sql": FILES["migrations/default/001_users.sql"],
    "migrations/default/002_gone.sql":
      "ALTER TABLE users ADD COLUMN x int;\n-- ROLLBACK\n\nALTER TABLE users\n  DROP COLUMN x;\n",
  });
  await run("up");
  assertEquals((await run("plan", "--trace")).out, "-- default: nothing to do\n");
  delete files["migrations/default/002_gone.sql"];
  assertStringIncludes(
    (await run("plan", "--sync", "--trace")).out,
    `as it was applied
-- trace: public.users (0 bytes, ~0 rows): ACCESS EXCLUSIVE, blocks reads and writes, an instant, once it has the lock
ALTER TABLE users
  DROP COLUMN x;
`,
  );
});

Deno.test("main() trace says what it does not know, and what kept it from running", async () => {
  const { files, run, json } = await shop();
  const unknown = await run("trace", "004_none");
  assertEquals([unknown.code, unknown.out], [2, ""]);
  assertStringIncludes(unknown.err, '"004_none"');
  files["migrations/default/004_role.sql"] = "GRANT SELECT ON users TO nobody_here;\nDROP TABLE not_there;\n";
  const failed = await run("trace", "004_role");
  assertEquals([failed.code, failed.out], [4, ""]);
  assertStringIncludes(failed.err, "migrations/default/004_role.sql:2:1");
  assertStringIncludes(
    failed.err,
    "Next: This ran in a database of its own, which holds only what the migrations make",
  );
  const { error } = (await json("trace")).databases[0];
  assertEquals([error.code, error.line, error.sqlstate], ["SQL_FAILED", 2, "42P01"]);
  files["migrations/default/004_role.sql"] = "CREATE EXTENSION plpython3u;\n";
  const extension = await run("trace");
  assertEquals(extension.code, 2);
  assertStringIncludes(extension.err, 'It needs the extension "plpython3u", which the embedded database does not have');
  assertStringIncludes(extension.err, "--shadow-url");
});

Deno.test("main() trace --shadow-url runs the files in a database of a server, which is gone afterwards", () =>
  withDatabase(async (url) => {
    const { run } = await shop();
    const role = new URL(url).pathname.slice(1);
    await query(url, `CREATE ROLE ${role} LOGIN PASSWORD 'x' CREATEDB`);
    try {
      const shadowUrl = new URL(url);
      [shadowUrl.username, shadowUrl.password] = [role, "x"];
      const { code, out, err } = await run("trace", "--shadow-url", shadowUrl.href);
      assertEquals([code, err], [0, ""]);
      assertStringIncludes(
        out,
        "Most dangerous: migrations/default/002_age.sql:1 blocks reads and writes of public.users",
      );
      assertEquals(await query(url, `SELECT datname FROM pg_database WHERE datdba = '${role}'::regrole`), []);
    } finally {
      await query(url, `DROP ROLE ${role}`);
    }
  }));

Deno.test("main() trace --all-dbs traces each database by itself", async () => {
  const { run } = await shop({
    "migrations/a/001_a.sql": "CREATE TABLE a (id int);\n",
    "migrations/b/001_b.sql": "CREATE TABLE b (id int);\n",
  }, []);
  const { code, out } = await run("trace", "--all-dbs");
  assertEquals(code, 0);
  assertMatch(out, /^a: 1 migration traced[^]*\n\nb: 1 migration traced[^]*public\.b\n/);
});

Deno.test("main() trace and plan --trace print what was traced before a failure, and one document", async () => {
  const { files, run, json } = await shop();
  await run("up", "1");
  files["migrations/default/003_index.sql"] = "SELECT 1;\nDROP TABLE not_there;\n";
  const traced = await run("trace");
  assertEquals(traced.code, 4);
  assertMatch(
    traced.out,
    /^default: 2 migrations traced before one that failed\n[^]*public\.users {2}ACCESS EXCLUSIVE/,
  );
  assertMatch(traced.out, /\n\nMost dangerous: migrations\/default\/002_age\.sql:1 [^\n]*\n$/);
  assertStringIncludes(traced.err, "migrations/default/003_index.sql:2:1");
  const harmless = await run("trace", "001_users", "003_index");
  assertEquals([harmless.code, harmless.out.includes("No danger"), harmless.out.includes("001_users")], [
    4,
    false,
    true,
  ]);
  const document = await json("trace");
  const [entry] = document.databases;
  assertEquals([document.exitCode, entry.ok, entry.error.line], [4, false, 2]);
  assertEquals(entry.migrations.map(({ name }: { name: string }) => name), ["001_users", "002_age"]);
  assertEquals(entry.worst.name, "002_age");
  const plan = await run("plan", "--trace");
  assertEquals(plan.code, 4);
  assertStringIncludes(plan.out, "-- trace: public.users (0 bytes, ~0 rows): ACCESS EXCLUSIVE");
  assertStringIncludes(plan.out, "\nSELECT 1;\nDROP TABLE not_there;\n");
  assertStringIncludes(plan.err, "migrations/default/003_index.sql:2:1");
  const planned = (await json("plan", "--trace")).databases[0];
  assertEquals([planned.ok, planned.steps.length, planned.trace.migrations.length], [false, 2, 1]);
  assertEquals([planned.error.code, planned.trace.objects.length], ["SQL_FAILED", 1]);
});

Deno.test("main() trace says which rows stay locked, and where that is all", async () => {
  const { files, run } = await shop({
    "migrations/default/001_users.sql": FILES["migrations/default/001_users.sql"],
    "migrations/default/002_age.sql": "UPDATE users SET age = 1;\n",
  });
  const rows = "rows of public.users that it changes stay locked until COMMIT: " +
    "who writes or locks the same rows waits, and the more rows these are the longer";
  const { out } = await run("trace", "002_age");
  assertStringIncludes(out, `grows with how many\n    ${rows}\n`);
  assertMatch(
    out,
    /No danger seen: neither reads nor writes have to wait, but for rows that stay locked by migr[^ ]*:1\n$/,
  );
  await run("up", "1");
  assertStringIncludes((await run("plan", "--trace")).out, `-- trace: ${rows}\nUPDATE users`);
  files["migrations/default/002_age.sql"] = "SELECT * FROM users FOR UPDATE;\n";
  assertStringIncludes(
    (await run("trace", "002_age")).out,
    "rows of public.users that it selects stay locked until COMMIT",
  );
});
