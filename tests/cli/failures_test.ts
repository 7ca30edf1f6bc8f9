import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { type CallSetup, project, SHOP, steady } from "./project.ts";

Deno.test("main() frames a failed statement, says what stands, and exits with 4", async () => {
  const { files, run, json } = await project({
    ...SHOP,
    "migrations/default/002_users.sql": "-- Users\nCREATE TABLE users (id int);\n\tINSERT INTO nope VALUES (1);\n",
  });
  const { code, out, err } = await run("up");
  assertEquals([code, out], [4, ""]);
  assertEquals(
    steady(err),
    `✓ 001_roles  T ms
✗ 002_users  failed
Error: "002_users" failed: relation "nope" does not exist (42P01)
  migrations/default/002_users.sql:3:14

    1 │ -- Users
    2 │ CREATE TABLE users (id int);
  > 3 │     INSERT INTO nope VALUES (1);
      │                 ^

Applied: 001_roles
Not applied: 002_users (nothing of it was kept), 003_posts
Next: Mend 002_users, then run metapg-migration up again
`,
  );
  const [entry] = (await json("up")).databases;
  assertEquals([entry.ok, entry.done, entry.error.code, entry.error.sqlstate, entry.error.line, entry.error.column], [
    false,
    [],
    "SQL_FAILED",
    "42P01",
    3,
    14,
  ]);
  const status = await run("status");
  assertMatch(status.out, /^failed +002 +002_users +.*relation "nope" does not exist/m);
  assertEquals(status.err, "Next: Mend 002_users, then run metapg-migration up\n");
  files["migrations/default/002_users.sql"] = SHOP["migrations/default/002_users.sql"]!;
  assertEquals((await run("up")).code, 0);
});

Deno.test("main() keeps what was done before a failure in --json", async () => {
  const { json } = await project({ ...SHOP, "migrations/default/004_bad.sql": "SELECT nope;\n" });
  const [entry] = (await json("up")).databases;
  assertEquals(entry.done.map(({ name }: { name: string }) => name), ["001_roles", "002_users", "003_posts"]);
  assertEquals(entry.error.applied, ["001_roles", "002_users", "003_posts"]);
});

Deno.test("main() exits with 5 for a migration that is part-way, and with 7 while its rollback is", async () => {
  const name = "migrations/default/001_units.sql";
  const { files, run, query } = await project({
    [name]: "-- Transaction: none\nCREATE TABLE a (id int);\nSELECT nope;\n-- ROLLBACK\nDROP TABLE a;\nSELECT nope;\n",
  });
  const { code, err } = await run("up");
  assertEquals(code, 5);
  assertStringIncludes(err, "Not applied: 001_units");
  assertMatch(err, /^Next: .+/m);
  assertMatch((await run("status")).out, /^part-way +001 +001_units +migration stopped after 1 unit/m);
  assertEquals((await run("status")).err, "Next: Mend 001_units, then run metapg-migration up\n");
  const advice = {
    "Cancelled": "again",
    "001_units.sql:3:8: canceling statement due to user request (57014)":
      "again, or give it more time (Statement-Timeout in its header, else --statement-timeout)",
    "001_units.sql:3:8: canceling statement due to lock timeout (55P03)":
      "again, or give it more time (Lock-Timeout in its header, else --lock-timeout)",
  };
  for (const [error, end] of Object.entries(advice)) {
    await query(`UPDATE metapg_migrations SET error = '${error}'`);
    assertEquals((await run("status")).err, `Next: Run metapg-migration up ${end}\n`, error);
  }
  await query("UPDATE metapg_migrations SET unit_state = 'started'");
  const end = "metapg-migration up goes on with 001_units, or says what a person has to decide";
  assertEquals(
    (await run("status")).err,
    `Next: See whether it still runs with metapg-migration lock status; if not, ${end}\n`,
  );
  await query("UPDATE metapg_migrations SET error = NULL, unit_state = NULL");
  assertEquals((await run("status")).err, "Next: Finish 001_units with metapg-migration up\n");
  files[name] = files[name]!.replace("SELECT nope;\n-- R", "SELECT 1;\n-- R");
  assertEquals((await run("up")).code, 0);
  assertEquals((await run("down")).code, 5);
  const refused = await run("up");
  assertEquals(refused.code, 7);
  assertStringIncludes(refused.err, "down 001_units");
});

Deno.test("main() exits with 7 before anything runs", async () => {
  const { files, run } = await project();
  await run("up", "2");
  assertEquals(
    (await run("down", "001_roles")).err,
    `Error: ${'Cannot roll back "001_roles": "002_users" depends on it'}. ${"Roll that back first, or use --cascade"}\n`,
  );
  assertEquals((await run("down", "003_posts")).code, 7);
  assertEquals((await run("down", "001_roles")).code, 7);
  await run("up");
  assertEquals((await run("down", "003_posts")).code, 7);
  files["migrations/default/001_roles.sql"] = "CREATE TABLE roles (id bigint);\n";
  const changed = await run("up");
  assertEquals(changed.code, 7);
  assertMatch(
    changed.err,
    /^Error: Cannot continue: applied migrations were edited\n {2}migrations\/default\/001_roles\.sql: /,
  );
  assertMatch(changed.err, /^Next: /m);
  files["migrations/default/001_roles.sql"] = "BEGIN;";
  assertEquals((await run("up")).code, 7);
});

Deno.test("main() exits with 7 for missing and late migrations only with --strict", async () => {
  const { files, run } = await project();
  await run("up");
  delete files["migrations/default/003_posts.sql"];
  const lenient = await run("up");
  assertEquals(lenient.code, 0);
  assertMatch(lenient.err, /^! .*003_posts.* \(warning\)$/m);
  assertEquals((await run("up", "--strict")).code, 7);
  files["migrations/default/003_posts.sql"] = SHOP["migrations/default/003_posts.sql"]!;
  files["migrations/default/000_early.sql"] = "SELECT 1;\n";
  assertEquals((await run("up", "--strict")).code, 7);
  assertEquals((await run("up")).code, 0);
});

Deno.test("main() exits with 2 for a target that nothing has", async () => {
  const { run } = await project();
  const { code, err } = await run("up", "--to", "002_user");
  assertEquals([code, err], [2, 'Error: Unknown migration "002_user". Did you mean "002_users"?\n']);
  assertEquals((await run("down", "--to", "009_nothing")).code, 2);
});

Deno.test("main() exits with 3 and one line, without the password, where nothing listens", async () => {
  const { run, json } = await project();
  for (const command of ["up", "status", "down", "check", "history", "repair"]) {
    const { code, out, err } = await run(command, "-u", "postgres://someone:sekret@127.0.0.1:1/shop");
    assertEquals([code, out], [3, ""]);
    assertMatch(err, /^Error: Cannot connect to .*127\.0\.0\.1.*\n$/);
    assertEquals(err.includes("sekret"), false);
  }
  const document = await json("up", "-u", "postgres://someone:sekret@127.0.0.1:1/shop");
  assertEquals([document.exitCode, document.databases[0].error.code], [3, "CONNECTION_FAILED"]);
  assertEquals(JSON.stringify(document).includes("sekret"), false);
});

Deno.test("main() refuses a history table that is not its own", async () => {
  const { run, query } = await project();
  await query("CREATE TABLE metapg_migrations (id int)");
  assertEquals((await run("status")).code, 7);
  assertEquals((await run("status", "--table", "app.history")).code, 0);
  assertEquals((await run("status", "--table", "a.b.c")).code, 2);
});

Deno.test("main() explains a fault of the program in one line, and where with --verbose", async () => {
  const { runWith } = await project();
  const setup = {
    onHost: (host: object) => Object.assign(host, { files: { list: () => Promise.reject(new TypeError("x is odd")) } }),
  };
  const short = await runWith(setup, "validate");
  assertEquals([short.code, short.err], [70, "Error: Unexpected fault: x is odd (--verbose shows where)\n"]);
  const long = await runWith(setup, "validate", "-v");
  assertMatch(long.err, /^Error: Unexpected fault: x is odd\n +at /);
});

Deno.test("main() wait ends on a signal", async () => {
  const { runWith } = await project();
  const setup: CallSetup = { onHost: (host) => void setTimeout(() => host.signal("SIGTERM"), 100) };
  const { code, err } = await runWith(setup, "wait", "-u", "postgres://u@127.0.0.1:1/x");
  assertEquals(code, 143);
  assertMatch(err, /^Waiting: .+\nCancelling \(SIGTERM\)\nError: Cancelled/);
});
