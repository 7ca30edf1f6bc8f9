import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { project, SHOP, steady } from "./project.ts";

Deno.test("main() up applies what is pending, and then nothing", async () => {
  const { run, query } = await project();
  const first = await run("up");
  assertEquals([first.code, steady(first.out)], [0, "Applied 3 migrations in  T ms\n"]);
  assertEquals(steady(first.err), "✓ 001_roles  T ms\n✓ 002_users  T ms\n✓ 003_posts  T ms\n");
  assertEquals(await query("SELECT count(*)::int AS n FROM metapg_migrations"), [{ n: 3 }]);
  assertEquals(await run("up"), { code: 0, out: "Nothing to do: no migration is pending\n", err: "" });
  assertEquals((await run("up", "--to", "001_roles")).out, "Nothing to do: everything up to 001_roles is applied\n");
});

Deno.test("main() up says that a folder holds no migration, and where some are", async () => {
  const { run, files } = await project({ "migrations/default/_notes.sql": "" });
  const empty = 'Nothing to do: there is no migration in "migrations/default"\n';
  assertEquals(await run("up"), { code: 0, out: empty, err: "" });
  files["migrations/001_users.sql"] = "CREATE TABLE users (id int);\n";
  const warning = (what: string, them: string) =>
    `! ${what} to no database, and nothing runs ${them} (warning)\n` +
    `  Move ${them} to "migrations/default", or give --dir migrations\n`;
  const one = warning('"001_users.sql" in "migrations" belongs', "it");
  assertEquals(await run("up"), { code: 0, out: empty, err: one });
  files["migrations/default/002_a.sql"] = "SELECT 1;\n";
  files["migrations/notes.txt"] = files["migrations/_003_draft.sql"] = "";
  for (const args of [["up"], ["status"], ["validate"], ["check"], ["up", "--all-dbs"]]) {
    const { code, err } = await run(...args);
    assertEquals([code, err.endsWith(one)], [0, true], args.join(" "));
  }
  files["migrations/004_b.sql"] = "";
  assertStringIncludes((await run("status")).err, warning('"001_users.sql" and 1 more in "migrations" belong', "them"));
  assertEquals((await run("status", "--dir", "migrations/default")).err, "");
});

Deno.test("main() up stops after a number or a name", async () => {
  const { json } = await project();
  const names = (document: { databases: { done: { name: string }[] }[] }) =>
    document.databases[0]!.done.map(({ name }) => name);
  assertEquals(names(await json("up", "1")), ["001_roles"]);
  assertEquals(names(await json("up", "--to", "002_users")), ["002_users"]);
  assertEquals(names(await json("migrate")), ["003_posts"]);
});

Deno.test("main() up --dry-run and plan print the SQL in order and write nothing", async () => {
  const { files, run, json, query } = await project({
    "migrations/default/001_role.sql": "CREATE ROLE app PASSWORD 'hunter2';\n",
    "migrations/default/002_x.sql": "SELECT 1;\n",
  });
  const printed = `-- default: 2 steps

-- ==== 1/2 apply 001_role (one transaction) ==== migrations/default/001_role.sql
CREATE ROLE app PASSWORD '***';

-- ==== 2/2 apply 002_x (one transaction) ==== migrations/default/002_x.sql
SELECT 1;
`;
  assertEquals(await run("plan"), { code: 0, out: printed, err: "" });
  assertEquals(await run("up", "--dry-run"), { code: 0, out: printed, err: "" });
  const document = await json("up", "--dry-run", "1");
  assertEquals(document.databases[0].done, []);
  assertEquals(document.databases[0].steps.map(({ name, direction }: Record<string, string>) => [name, direction]), [
    ["001_role", "up"],
  ]);
  assertEquals(JSON.stringify(document).includes("hunter2"), false);
  assertEquals(await query("SELECT to_regclass('metapg_migrations') AS t"), [{ t: null }]);
  delete files["migrations/default/001_role.sql"];
  assertEquals((await json("plan")).databases[0].steps.length, 1);
});

Deno.test("main() down rolls back the last one, and nothing where nothing is applied", async () => {
  const { run } = await project();
  await run("up", "2");
  const result = await run("down");
  assertEquals([result.code, steady(result.out)], [0, "Rolled back 1 migration in  T ms\n"]);
  assertEquals(steady(result.err), "Rolling back 002_users\n✓ 002_users  rolled back,  T ms\n");
  assertEquals((await run("rollback", "001_roles")).code, 0);
  assertEquals(await run("down"), { code: 0, out: "Nothing to roll back\n", err: "" });
});

Deno.test("main() down takes a number, a name with what depends on it, or a place to go back to", async () => {
  const { json } = await project();
  const down = async (...args: string[]) => {
    const document = await json("down", "-y", ...args);
    return document.databases[0].done.map(({ name }: { name: string }) => name);
  };
  await json("up", "2");
  assertEquals(await down("2"), ["002_users", "001_roles"]);
  await json("up", "2");
  assertEquals(await down("001_roles", "--cascade"), ["002_users", "001_roles"]);
  await json("up", "2");
  assertEquals(await down("--to", "001_roles"), ["002_users"]);
  assertEquals(await down("--to", "0"), ["001_roles"]);
});

Deno.test("main() down --dry-run prints the SQL and writes nothing", async () => {
  const { run, json } = await project();
  await run("up", "1");
  const { code, out } = await run("down", "--dry-run");
  assertEquals([code, out], [
    0,
    "-- default: 1 step\n\n-- ==== 1/1 roll back 001_roles (one transaction) ==== as it was applied\nDROP TABLE roles;\n",
  ]);
  assertEquals((await json("down", "--dry-run")).databases[0].done, []);
  assertEquals((await json("status")).databases[0].applied.length, 1);
});

Deno.test("main() redo rolls back and applies the file as it is", async () => {
  const { files, run, json, query } = await project();
  assertEquals((await run("redo")).out, "Nothing to do: nothing is applied\n");
  await run("up", "1");
  files["migrations/default/001_roles.sql"] =
    "CREATE TABLE roles (id int, name text);\n-- ROLLBACK\nDROP TABLE roles;\n";
  assertEquals((await run("redo")).out, "Rolled back and applied 1 migration\n");
  assertEquals(await query("SELECT name FROM roles"), []);
  assertEquals((await json("redo")).databases[0].done.map(({ direction }: { direction: string }) => direction), [
    "down",
    "up",
  ]);
});

Deno.test("main() sync shows what it would do, asks, and brings the database to what the folder holds", async () => {
  const { files, run, json } = await project();
  files["migrations/default/003_posts.sql"] += "-- ROLLBACK\nDROP TABLE posts;\n";
  await run("up");
  const [first, ...others] = Object.keys(files).filter((path) => path.startsWith("migrations/default/")).toSorted();
  for (const path of others) delete files[path];
  files["migrations/default/009_more.sql"] = "CREATE TABLE more (id int);\n";
  const planned = (await json("plan", "--sync")).databases[0].steps;
  const steps = planned.map(({ direction, name }: { direction: string; name: string }) => `${direction} ${name}`);
  assertEquals(steps.at(-1), "up 009_more");
  assertEquals(steps.length, others.length + 1);
  const refused = await run("sync");
  assertEquals(refused.code, 2);
  assertStringIncludes(refused.err, "--yes");
  const synced = await run("sync", "--yes");
  assertEquals([synced.code, synced.out], [0, `Rolled back ${others.length} migrations, applied 1\n`]);
  assertEquals((await run("sync")).out, "Nothing to do: the database holds what the folder holds\n");
  assertEquals((await json("status")).databases[0].applied.map(({ name }: { name: string }) => name), [
    first!.replace(/^.*\/|\.sql$/g, ""),
    "009_more",
  ]);
});

Deno.test("main() down needs no folder", async () => {
  const { files, run } = await project();
  await run("up", "2");
  for (const path of Object.keys(files)) delete files[path];
  assertEquals((await run("down")).code, 0);
});

Deno.test("main() up prints its warnings in the document, too", async () => {
  const { files, json, run } = await project();
  await run("up");
  files["migrations/default/000_late.sql"] = "CREATE TABLE late (id int);\n";
  const [{ done, warnings }] = (await json("up")).databases;
  assertEquals([done.length, warnings.map(({ code }: { code: string }) => code)], [1, ["late"]]);
});

Deno.test("main() status shows a table and the next step", async () => {
  const { run } = await project();
  const fresh = await run("status");
  assertEquals(fresh, {
    code: 0,
    out: `default: 0 applied, 3 pending

STATE    VERSION  NAME
pending      001  001_roles
pending      002  002_users
pending      003  003_posts
`,
    err: "Next: metapg-migration up\n",
  });
  await run("up");
  const { out, err } = await run("list");
  assertMatch(
    out,
    /^default: 3 applied, 0 pending\n\nSTATE +VERSION +NAME +APPLIED AT +TIME\napplied +001 +001_roles +20/,
  );
  assertEquals(err, "");
});

Deno.test("main() status --exit-code is 1 if anything is pending", async () => {
  const { run, json } = await project();
  assertEquals((await run("status", "--exit-code")).code, 1);
  const document = await json("status", "--exit-code");
  assertEquals([document.exitCode, document.databases[0].ok], [1, false]);
  await run("up");
  assertEquals((await run("status", "--exit-code")).code, 0);
});

Deno.test("main() status --json has every list", async () => {
  const { files, run, json } = await project({ ...SHOP, "migrations/default/004_bad.sql": "SELECT nope;\n" });
  await run("up");
  files["migrations/default/001_roles.sql"] = "CREATE TABLE roles (id bigint);\n";
  files["migrations/default/002_users.sql"] += "-- more\n";
  delete files["migrations/default/003_posts.sql"];
  files["migrations/default/000_early.sql"] = "SELECT 1;\n";
  const [status] = (await json("status")).databases;
  const names = (list: { name: string }[]) => list.map(({ name }) => name);
  assertEquals(names(status.applied), ["001_roles", "002_users", "003_posts"]);
  assertEquals(names(status.pending), ["000_early", "004_bad"]);
  assertEquals(names(status.failed), ["004_bad"]);
  assertEquals(names(status.missing), ["003_posts"]);
  assertEquals(names(status.changed), ["001_roles"]);
  assertEquals(names(status.reformatted), ["002_users"]);
  assertEquals(names(status.late), ["000_early"]);
  assertEquals([status.renamed, status.totalFiles, status.isUpToDate], [[], 4, false]);
  const { out, err } = await run("status");
  assertStringIncludes(out, "3 applied (1 changed, 1 reformatted, 1 missing), 1 pending (1 late), 1 failed");
  assertEquals(err, "Next: Restore what was edited, or accept it with metapg-migration repair\n");
});

Deno.test("main() new creates the next file", async () => {
  const { files, run, json } = await project();
  const result = await run("new", "Add", "Größe", "--depends", "001_roles, 003_posts");
  assertEquals(result, {
    code: 0,
    out: "migrations/default/004_add_grosse.sql\n",
    err: "Next: Write its SQL, then run metapg-migration up\n",
  });
  assertStringIncludes(
    files["migrations/default/004_add_grosse.sql"]!,
    "-- Description: Add Größe\n-- Depends: 001_roles, 003_posts\n",
  );
  const document = await json("create", "more", "--db", "fresh");
  assertEquals(document.databases, [{
    db: "fresh",
    ok: true,
    name: "001_more",
    path: "migrations/fresh/001_more.sql",
  }]);
  const stamped = await run("new", "x", "--timestamp");
  assertMatch(stamped.out, /^migrations\/default\/20\d{12}_x\.sql\n$/);
  assertMatch((await run("new", "after it")).out, /^migrations\/default\/20\d{12}_after_it\.sql\n$/);
});

Deno.test("main() new refuses what it cannot create", async () => {
  const { files, run } = await project();
  const before = Object.keys(files);
  assertEquals((await run("new", "x", "--depends", "002_user")).code, 2);
  assertStringIncludes((await run("new", "x", "--depends", "002_user")).err, 'Did you mean "002_users"?');
  assertEquals((await run("new", "日本")).code, 2);
  assertEquals((await run("new", "x", "--db", "a", "--db", "b")).code, 2);
  assertEquals(Object.keys(files), before);
});

Deno.test("main() validate needs neither URL nor database", async () => {
  const { files, runWith } = await project();
  const setup = { env: { DATABASE_URL: "" } };
  assertEquals(await runWith(setup, "validate"), { code: 0, out: "migrations/default: no problems\n", err: "" });
  files["migrations/default/004_bad.sql"] = "-- a comment\nBEGIN;\n";
  files["migrations/default/005_bad.sql"] = "-- Depends: 009_x\nSELECT 1;\n";
  files["migrations/default/Bad.sql"] = "";
  const { code, out } = await runWith(setup, "validate");
  assertEquals(code, 1);
  assertMatch(out, /^migrations\/default\/005_bad\.sql:1:13: Unknown dependency "009_x"$/m);
  assertMatch(out, /^migrations\/default\/004_bad\.sql:2:1: /m);
  assertMatch(out, /^migrations\/default\/Bad\.sql: /m);
  assertMatch(out, /^migrations\/default: 3 errors$/m);
});

Deno.test("main() validate says that there are no migrations", async () => {
  const { run } = await project({ "migrations/default/README.md": "", "migrations/app/notes.txt": "" });
  assertEquals(await run("validate"), {
    code: 0,
    out: "migrations/default: no migrations\n",
    err: 'Next: metapg-migration new "first tables"\n',
  });
  assertEquals((await run("validate", "--db", "app")).err, 'Next: metapg-migration new "first tables" --db app\n');
});

Deno.test("main() validate is 0 for warnings alone", async () => {
  const { json, run } = await project({ "migrations/default/002_x.sql": "-- Depends: 001_old\nSELECT 1;\n" });
  const document = await json("validate");
  assertEquals([document.exitCode, document.databases[0].ok], [0, true]);
  assertEquals(document.databases[0].problems.map(({ code, severity }: Record<string, string>) => [code, severity]), [
    ["dependency", "warning"],
  ]);
  assertStringIncludes((await run("validate")).out, "(warning)");
});

Deno.test("main() check compares files with the database", async () => {
  const { files, run, json } = await project();
  await run("up");
  assertEquals(await run("check"), { code: 0, out: "default: no problems\n", err: "" });
  files["migrations/default/001_roles.sql"] = "CREATE TABLE roles (id bigint);\n";
  const { code, out } = await run("check");
  assertEquals(code, 1);
  assertStringIncludes(out, "default: 1 error\n");
  delete files["migrations/default/001_roles.sql"];
  files["migrations/default/001_roles.sql"] = SHOP["migrations/default/001_roles.sql"]!;
  delete files["migrations/default/003_posts.sql"];
  assertEquals((await json("check")).exitCode, 0);
  assertEquals((await json("check", "--strict")).exitCode, 1);
});

Deno.test("main() history lists what happened", async () => {
  const { run, json } = await project();
  assertEquals(await run("history"), { code: 0, out: "default: nothing happened yet\n", err: "" });
  await run("up", "1");
  await run("down");
  const { out } = await run("history");
  assertMatch(out, /^default\n\nAT +ACTION +NAME/);
  assertMatch(out, /applied +001_roles/);
  assertMatch(out, /rolled back +001_roles/);
  const entries = (await json("history")).databases[0].history;
  assertEquals(entries.map(({ action }: { action: string }) => action), ["applied", "rolled_back"]);
  assertMatch(entries[0].at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});

Deno.test("main() show prints what was applied, or the file of what is not", async () => {
  const { files, run, json } = await project();
  const source = files["migrations/default/001_roles.sql"]!;
  assertEquals(await run("show", "001_roles"), {
    code: 0,
    out: source,
    err: "001_roles is not applied: this is the file\n",
  });
  await run("up", "1");
  delete files["migrations/default/001_roles.sql"];
  assertEquals(await run("show", "001_roles"), { code: 0, out: source, err: "" });
  const [shown] = (await json("show", "001_roles")).databases;
  assertEquals([shown.from, shown.source, shown.name], ["history", source, "001_roles"]);
  const unknown = await run("show", "002_user");
  assertEquals([unknown.code, unknown.err], [2, 'Error: Unknown migration "002_user". Did you mean "002_users"?\n']);
});

Deno.test("main() baseline records without running", async () => {
  const { run, json, query } = await project();
  const document = await json("baseline", "--to", "002_users", "-y");
  assertEquals([document.exitCode, document.databases[0].recorded], [0, ["001_roles", "002_users"]]);
  assertEquals(await query("SELECT to_regclass('roles') AS t"), [{ t: null }]);
  assertEquals((await run("baseline", "--to", "002_users", "-y")).code, 7);
  assertEquals((await run("baseline", "--to", "009_x", "-y")).code === 0, false);
  assertEquals((await run("baseline")).code, 2);
});

Deno.test("main() repair takes edited and renamed files as they are", async () => {
  const { files, run, json } = await project();
  await run("up");
  assertEquals(await run("repair"), { code: 0, out: "Nothing to repair\n", err: "" });
  files["migrations/default/001_roles.sql"] = "CREATE TABLE roles (id bigint);\n";
  files["migrations/default/003_articles.sql"] = files["migrations/default/003_posts.sql"]!;
  delete files["migrations/default/003_posts.sql"];
  assertEquals((await run("up")).code, 7);
  const { code, out } = await run("repair", "-y");
  assertEquals(code, 0);
  assertMatch(out, /^accept 001_roles as its file is: checksum .{12} becomes .{12}$/m);
  assertMatch(out, /^rename 003_posts to 003_articles$/m);
  assertMatch(out, /^Made 2 changes$/m);
  assertEquals((await run("check")).code, 0);
  delete files["migrations/default/003_articles.sql"];
  const document = await json("repair", "--forget", "003_articles", "-y");
  assertEquals(document.databases[0].actions.map(({ type }: { type: string }) => type), ["forget"]);
  assertEquals((await run("repair", "--forget", "009_x", "-y")).code, 2);
});

Deno.test("main() graph draws without URL and database", async () => {
  const { runWith, json } = await project();
  const setup = { env: { DATABASE_URL: "" } };
  assertEquals(await runWith(setup, "graph"), {
    code: 0,
    out: "001_roles\n002_users  after 001_roles\n003_posts\n",
    err: "",
  });
  assertMatch((await runWith(setup, "graph", "--format", "mermaid")).out, /^graph TD\n/);
  assertMatch((await runWith(setup, "graph", "--format", "dot")).out, /^digraph migrations \{\n/);
  assertEquals((await json("graph")).databases[0].graph[1], { name: "002_users", depends: ["001_roles"] });
});

Deno.test("main() wait answers as soon as the database does", async () => {
  const { run, json } = await project();
  const result = await run("wait");
  assertEquals([result.code, steady(result.out)], [0, "Ready after  T ms\n"]);
  assertMatch((await json("wait")).databases[0].version, /PostgreSQL|^\d+/);
});

Deno.test("main() wait gives up after its time-out", async () => {
  const { run } = await project();
  const result = await run("wait", "--timeout", "2s", "-u", "postgres://u:sekret@127.0.0.1:1/x");
  assertEquals([result.code, result.out], [3, ""]);
  assertMatch(result.err, /^Waiting: Cannot connect to 127\.0\.0\.1:1.+\nError: No answer within 2\.0 s\n$/);
  for (const flag of ["-q", "--json"]) {
    const { err } = await run("wait", "--timeout", "2s", flag, "-u", "postgres://u:sekret@127.0.0.1:1/x");
    assertMatch(err, /^Error: No answer within 2\.0 s: Cannot connect to 127\.0\.0\.1:1.+\n$/);
  }
  assertEquals(result.err.includes("sekret"), false);
});

Deno.test("main() lock status and lock release say so where the lock is free", async () => {
  const { run, json } = await project();
  assertEquals(await run("lock", "status"), { code: 0, out: "The lock is free\n", err: "" });
  assertEquals((await json("lock", "status")).databases[0].lock.holder, null);
  assertEquals(await run("lock", "release"), { code: 0, out: "Nothing to release: the lock is free\n", err: "" });
  const { out } = await run("lock", "release", "--json");
  const [{ released, holder }] = JSON.parse(out).databases;
  assertEquals([released, holder], [false, null]);
});

Deno.test("main() completions prints a script for each shell", async () => {
  const { run, json } = await project();
  const bash = await run("completions", "bash");
  assertEquals([bash.code, bash.err], [0, ""]);
  assertMatch(bash.out, /\ncomplete -F _metapg_migration metapg-migration\n$/);
  assertMatch((await run("completions", "zsh")).out, /^#compdef metapg-migration\n/);
  assertMatch((await run("completions", "fish")).out, /^# fish completion/);
  assertEquals(`${(await json("completions", "bash")).script}`, bash.out);
});
