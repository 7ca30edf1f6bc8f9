import { assertEquals, assertMatch, assertNotMatch, assertStringIncludes } from "@std/assert";
import { tmpdir } from "node:os";
import { query, withDatabase } from "../support/databases.ts";
import { type Call, project, steady } from "./project.ts";

const env = { METAPG_CACHE: `${tmpdir()}/metapg-tests` };

const FILES: Readonly<Record<string, string>> = {
  "migrations/default/001_users.sql": "CREATE TABLE users (id int, email text);\n-- ROLLBACK\nDROP TABLE users;\n",
  "migrations/default/002_index.sql":
    "-- Depends: 001_users\nCREATE INDEX users_email ON users (email);\nALTER TABLE users ADD c int;\n-- ROLLBACK\nALTER TABLE users DROP c;\n",
  "migrations/default/003_more.sql": "ALTER TABLE users ADD d int;\n-- ROLLBACK\nALTER TABLE users DROP nope;\n",
  "migrations/default/004_keep.sql": "DELETE FROM users;\n",
};

const REPORT = `✓ 001_users  T ms  reversible; rolling back drops table users
✗ 002_index  T ms  rollback differs; rolling back drops column users.c
    After the rollback the schema differs from the one before:
    + index public.users_email
✗ 003_more  T ms  rollback fails; rolling back drops column users.nope
    column "nope" of relation "users" does not exist (42703)
    migrations/default/003_more.sql:3:1
      1 │ ALTER TABLE users ADD d int;
      2 │ -- ROLLBACK
    > 3 │ ALTER TABLE users DROP nope;
        │ ^
- 004_keep  T ms  irreversible; applying deletes from users

Rehearsed 4 migrations on PGlite (PostgreSQL 18) in T ms: 1 reversible, 1 irreversible, 1 with a rollback that differs, 1 with a rollback that fails
`;

function told({ out }: Call): string {
  return steady(out).replace(/ +T ms {2}/g, "  T ms  ").replace(/in +T ms/, "in T ms").replace(
    /(PostgreSQL \d+)[.\d]*/g,
    "$1",
  );
}

Deno.test("main() rehearse proves rollbacks, reads no variable of a database, and exits with 1 if one is wrong", async () => {
  const { runWith } = await project(FILES);
  const setup = { env: { ...env, DATABASE_URL: "postgres://nobody@127.0.0.1:1/none" } };
  const call = await runWith(setup, "rehearse");
  assertEquals([call.code, told(call), call.err], [1, REPORT, ""]);
});

Deno.test("main() rehearse --json holds every proof, and test is another name for it", async () => {
  const { runWith, files } = await project(FILES);
  delete files["migrations/default/003_more.sql"];
  const { code, out } = await runWith({ env }, "test", "--json");
  const [{ ok, migrations, engine, rebuilt }] = JSON.parse(out).databases;
  assertEquals([code, ok, engine, rebuilt, JSON.parse(out).command], [1, false, "pglite", [], "rehearse"]);
  const [first, second, third] = migrations;
  assertEquals([first.verdict, second.verdict, third.verdict], ["reversible", "rollback-differs", "irreversible"]);
  assertEquals([first.error, second.error, third.error], [null, null, null]);
  assertEquals(Object.values(first.durations).map((value) => typeof value), ["number", "number", "number"]);
  assertEquals(second.durations.againMs, null);
  assertEquals(second.differences, [
    { change: "added", kind: "index", identity: "public.users_email", attributes: [] },
  ]);
  assertEquals(third.losses, [{ section: "up", action: "delete", object: "users", line: 1 }]);
});

Deno.test("main() rehearse --pending tries what the database lacks, on top of what it has", async () => {
  const { runWith, run, files, query } = await project(FILES);
  await run("up", "1");
  files["migrations/default/001_users.sql"] += "-- a comment more\n";
  files["migrations/default/002_index.sql"] =
    "CREATE INDEX ON users (email);\n-- ROLLBACK\nDROP INDEX users_email_idx;\n";
  const before = await query("SELECT count(*)::int AS n FROM metapg_migrations_log");
  const call = await runWith({ env }, "rehearse", "--pending");
  assertMatch(told(call), /^✓ 002_index {2}T ms {2}reversible\n✗ 003_more [^]*- 004_keep/);
  assertStringIncludes(told(call), "Rehearsed 3 migrations after 1 applied one on PGlite");
  assertEquals(await query("SELECT count(*)::int AS n FROM metapg_migrations_log"), before);
  files["migrations/default/001_users.sql"] = "SELECT 1;\n";
  assertEquals((await runWith({ env }, "rehearse", "--pending")).code, 7);
});

for (const major of [14, 18] as const) {
  Deno.test(`main() rehearse --pending --shadow-url runs on the very server of PostgreSQL ${major} whose roles it names`, () =>
    withDatabase(async (url) => {
      const { runWith, files } = await project({
        "migrations/default/001_role.sql":
          "CREATE ROLE metapg_pending_old;\nCREATE TABLE t (id int);\nGRANT SELECT ON t TO metapg_pending_old;\n-- ROLLBACK\nDROP TABLE t;\nDROP ROLE metapg_pending_old;\n",
      });
      await query(url, "DROP ROLE IF EXISTS metapg_pending_old");
      assertEquals((await runWith({}, "up", "--url", url)).code, 0);
      files["migrations/default/002_more.sql"] =
        "GRANT INSERT ON t TO metapg_pending_old;\n-- ROLLBACK\nREVOKE INSERT ON t FROM metapg_pending_old;\n";
      files["migrations/default/003_role.sql"] = "CREATE ROLE metapg_pending_old;\n";
      const call = await runWith({ env }, "rehearse", "--pending", "--url", url, "--shadow-url", url);
      assertMatch(
        told(call),
        /^✓ 002_more {2}T ms {2}reversible\n\? 003_role {2,}not run\n {4}CREATE ROLE metapg_pending_old would fail: the server has that role already\n/,
      );
      assertMatch(
        call.err,
        /001_role\.sql:1:1: Left out, for it would change the server for others, too: CREATE ROLE metapg_pending_old/,
      );
      const left = await query(url, "SELECT rolname FROM pg_roles WHERE rolname ~ '^metapg_pending'");
      assertEquals(left, [{ rolname: "metapg_pending_old" }]);
      await query(url, "DROP OWNED BY metapg_pending_old; DROP ROLE metapg_pending_old");
    }, { major }));
}

Deno.test("main() rehearse refuses a URL that it has no use for", async () => {
  const { run } = await project(FILES);
  for (const [command, ...args] of [["rehearse", "-u", "postgres://a@b/c"], ["ci", "-u", "postgres://a@b/c"]]) {
    const { code, err } = await run(command!, ...args);
    assertEquals(code, 2);
    assertStringIncludes(err, "Name a server to rehearse on with --shadow-url");
  }
  const embedded = await run("rehearse", "--shadow-url", "pglite:");
  assertEquals([embedded.code, embedded.err], [
    2,
    "Error: Cannot rehearse on this URL: it names no server. Leave it out to rehearse on an embedded database\n",
  ]);
  assertEquals((await run("rehearse", "--shadow-url", "")).code, 2);
});

Deno.test("main() rehearse --shadow-url tells of a server that cannot be had, without its password", async () => {
  const { run } = await project(FILES);
  const { code, err } = await run("rehearse", "--shadow-url", "postgres://me:secret@127.0.0.1:1/x");
  assertEquals([code, err.includes("secret")], [3, false]);
});

Deno.test("main() drift compares a database with its history, also without files", () =>
  withDatabase(async (url) => {
    const { runWith } = await project({
      "migrations/default/001_users.sql": "CREATE TABLE users (id int, email text DEFAULT 'x');\n",
    });
    assertEquals((await runWith({}, "up", "--url", url)).code, 0);
    const drift = (...args: string[]) => runWith({ env }, "drift", "--url", url, "--root", "elsewhere", ...args);
    assertEquals(await drift(), { code: 0, out: "default: no drift from 1 applied migration\n", err: "" });
    const { files, runWith: other } = await project({});
    files["migrations/default/001_by_hand.sql"] =
      "CREATE INDEX by_hand ON users (id);\nALTER TABLE users ALTER email DROP DEFAULT;\n";
    await other({}, "up", "--url", url, "--table", "other_history");
    const { code, out, err } = await drift();
    assertEquals([code, out, err], [
      1,
      `default: 2 differences between 1 applied migration (-) and the database (+)
  ~ column public.users.email
      default: 'x'::text → (none)
  + index public.by_hand
`,
      "Next: Undo it in the database; or keep it, and write it into a new migration that also runs where it is there " +
      "already (IF EXISTS, IF NOT EXISTS), then metapg-migration up --root elsewhere\n",
    ]);
  }));

Deno.test("main() drift says what to do about owners, a part-way migration, and a history that says nothing", () =>
  withDatabase(async (url) => {
    const { runWith } = await project({
      "migrations/default/001_users.sql": "CREATE TABLE users (id int);\n",
      "migrations/default/002_call.sql":
        "-- Transaction: none\nCREATE TABLE t (id int);\nDO 'BEGIN COMMIT; SELEKT; END';\n",
    });
    const drift = (...args: string[]) => runWith({ env }, "drift", "--url", url, ...args);
    assertEquals((await drift()).out, "default: no drift: nothing is applied, and the database is empty\n");
    assertEquals((await runWith({}, "up", "--url", url)).code, 5);
    assertEquals(await drift(), {
      code: 0,
      out: "default: no drift from 1 applied migration and 1 part-way\n",
      err: "Part-way: of 002_call 1 of 2 units count as done, and what unit 2 does may be there or not; " +
        "metapg-migration up goes on\n",
    });
    await query(url, "CREATE ROLE metapg_cli_owner; ALTER TABLE users OWNER TO metapg_cli_owner");
    const owners = /^Objects are expected to belong to who applied .* name it with --role$/m;
    assertMatch((await drift()).err, owners);
    assertNotMatch((await drift("--role", "metapg_cli_owner")).err, owners);
    await query(
      url,
      "DROP TABLE users; DROP ROLE metapg_cli_owner; DROP TABLE metapg_migrations, metapg_migrations_log",
    );
    assertMatch(
      (await drift()).err,
      /^Next: See that it is the right database: its history holds nothing\. .* recorded by metapg-migration baseline --to NAME;/,
    );
  }));

Deno.test("main() drift says what to do where what is applied cannot be rehearsed", () =>
  withDatabase(async (url) => {
    const { runWith } = await project({ "migrations/default/001_legacy.sql": "ALTER TABLE legacy ADD name text;\n" });
    await query(url, "CREATE TABLE legacy (id int)");
    assertEquals((await runWith({}, "up", "--url", url)).code, 0);
    const { code, err } = await runWith({ env }, "drift", "--url", url);
    assertEquals([code, err], [
      2,
      'Error: Cannot rehearse what is applied: 001_legacy.sql:1:1: relation "legacy" does not exist (42P01). ' +
      "It ran after what the history holds, and nothing else, and on an embedded PostgreSQL; on a server it runs with " +
      "--shadow-url. If it needs what was made by hand, write that into the file of 001_legacy or of one before it, then " +
      "run metapg-migration repair, which puts the file into the history\n",
    ]);
  }));

Deno.test("main() ci reports what it found, also where a migration cannot be run", async () => {
  const { runWith } = await project({
    "migrations/default/001_map.sql": "CREATE EXTENSION postgis;\n",
    "migrations/default/_schema.sql": "",
  });
  const { code, out } = await runWith({ env }, "ci");
  assertEquals(code, 1);
  assertMatch(out, /It needs the extension "postgis"[^]*\n- dump --check\n {2}Not all migrations can be applied\n/);
});

Deno.test("main() ci joins validate, lint, rehearse and dump --check", async () => {
  const { runWith, files } = await project({
    "migrations/default/001_users.sql": "CREATE TABLE users (id int);\n-- ROLLBACK\nDROP TABLE users;\n",
  });
  const first = await runWith({ env }, "ci");
  assertEquals(first.code, 0);
  assertMatch(
    told(first),
    /^✓ validate\n[^]*\n✓ lint\n[^]*\n✓ rehearse\n {2}✓ 001_users[^]*\n- dump --check\n {2}There is no migrations\/default\/_schema\.sql; metapg-migration dump --file writes it\n\ndefault: passed; not run: dump --check\n$/,
  );
  assertEquals((await runWith({ env }, "dump", "--file")).code, 0);
  files["migrations/default/002_index.sql"] = "CREATE INDEX once ON users (id);\n-- ROLLBACK\n";
  const { code, out } = await runWith({ env }, "ci", "--json");
  const [{ ok, steps }] = JSON.parse(out).databases;
  assertEquals([code, ok], [1, false]);
  assertEquals(
    steps.map(({ name, state }: { name: string; state: string }) => `${name}: ${state}`),
    ["validate: ok", "lint: findings", "rehearse: findings", "dump --check: findings"],
  );
  assertEquals(steps[2].migrations[1].verdict, "rollback-differs");
  files["migrations/default/003_bad.sql"] = "BEGIN;\n";
  const invalid = await runWith({ env }, "ci");
  assertEquals(invalid.code, 1);
  assertMatch(invalid.out, /\ndefault: findings of validate, lint; not run: rehearse, dump --check\n$/);
});
