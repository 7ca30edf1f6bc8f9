import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { project, steady } from "./project.ts";

const FILES = {
  "migrations/app/001_a.sql": "CREATE TABLE a (id int);\n-- ROLLBACK\nDROP TABLE a;\n",
  "migrations/shop/001_a.sql": "CREATE TABLE a (id int);\n-- ROLLBACK\nDROP TABLE a;\n",
  "migrations/shop/002_b.sql": "CREATE TABLE b (id int);\n-- ROLLBACK\nDROP TABLE b;\n",
};

Deno.test("main() works on every database and prints in the order of names", async () => {
  const { run, json } = await project(FILES, ["app", "shop"]);
  const { code, out, err } = await run("up", "--all-dbs");
  assertEquals([code, steady(out)], [0, "app: Applied 1 migration in  T ms\nshop: Applied 2 migrations in  T ms\n"]);
  assertEquals(steady(err), "app: ✓ 001_a  T ms\nshop: ✓ 001_a  T ms\nshop: ✓ 002_b  T ms\n");
  const status = await run("status", "--db", "shop", "--db", "app");
  assertMatch(status.out, /^app: 1 applied, 0 pending\n[^]+\n\nshop: 2 applied, 0 pending\n/);
  const document = await json("status", "--all-dbs", "--jobs", "1");
  assertEquals(document.databases.map(({ db }: { db: string }) => db), ["app", "shop"]);
});

Deno.test("main() does not let one failing database hide the others", async () => {
  const { run, json } = await project({ ...FILES, "migrations/app/002_bad.sql": "SELECT nope;\n" }, ["app", "shop"]);
  const { code, out, err } = await run("up", "--all-dbs");
  assertEquals([code, steady(out)], [4, "shop: Applied 2 migrations in  T ms\n"]);
  assertMatch(err, /^app: Error: "002_bad" failed: column "nope" does not exist \(42703\)$/m);
  assertMatch(err, /^app: Applied: 001_a$/m);
  assertEquals(err.indexOf("shop: ✓") > err.indexOf("app: Next:"), true);
  const { databases, exitCode } = await json("up", "--all-dbs");
  assertEquals(exitCode, 4);
  assertEquals(databases.map(({ db, ok }: { db: string; ok: boolean }) => [db, ok]), [["app", false], ["shop", true]]);
});

Deno.test("main() exits with the code that matters most", async () => {
  const { files, run } = await project(FILES, ["app", "shop"]);
  await run("up", "--all-dbs");
  files["migrations/app/001_a.sql"] = "CREATE TABLE a (id bigint);\n";
  files["migrations/shop/003_bad.sql"] = "SELECT nope;\n";
  assertEquals((await run("up", "--all-dbs")).code, 4);
  delete files["migrations/shop/003_bad.sql"];
  assertEquals((await run("up", "--all-dbs")).code, 7);
});

Deno.test("main() touches no database while one is not configured", async () => {
  const { runWith, query } = await project(FILES, ["app", "shop"]);
  const { code, out, err } = await runWith({ env: { DATABASE_URL_SHOP: "" } }, "up", "--all-dbs");
  assertEquals([code, out], [2, ""]);
  assertStringIncludes(err, 'No URL for database "shop": DATABASE_URL_SHOP is empty');
  assertEquals(await query("SELECT to_regclass('a') AS t", "app"), [{ t: null }]);
});

Deno.test("main() asks once for all databases", async () => {
  const { run, runWith } = await project(FILES, ["app", "shop"]);
  await run("up", "--all-dbs");
  const { code, err, out } = await runWith(
    { terminal: true, answers: ["y"], env: { TERM: "dumb" } },
    "down",
    "--all-dbs",
  );
  assertEquals([code, steady(out)], [
    0,
    "app: Rolled back 1 migration in  T ms\nshop: Rolled back 1 migration in  T ms\n",
  ]);
  assertMatch(
    err,
    /^This would:\n {2}app: roll back 001_a\n {2}shop: roll back 002_b\nRoll back 2 migrations\? \[y\/N\] /,
  );
});
