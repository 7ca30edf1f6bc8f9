import { assertEquals, assertStringIncludes } from "@std/assert";
import { tmpdir } from "node:os";
import { type Project, project as plainProject } from "./project.ts";

const FILES: Readonly<Record<string, string>> = {
  "migrations/default/001_users.sql":
    "CREATE TABLE users (id int PRIMARY KEY, name text);\n-- ROLLBACK\nDROP TABLE users;\n",
  "migrations/default/002_index.sql": "-- Transaction: none\nCREATE INDEX CONCURRENTLY users_name ON users (name);\n",
};

/** A project whose embedded databases begin with a template that an earlier run of the tests left. */
async function project(...of: Parameters<typeof plainProject>): Promise<Project> {
  const made = await plainProject(...of);
  const setup = { env: { METAPG_CACHE: `${tmpdir()}/metapg-tests` } };
  return {
    ...made,
    run: (...args) => made.runWith(setup, ...args),
    json: async (...args) => JSON.parse((await made.runWith(setup, ...args, "--json")).out),
  };
}

Deno.test("dump prints the schema that the files make, without a database", async () => {
  const { run } = await project(FILES, []);
  const { code, out, err } = await run("dump");
  assertEquals(err, "");
  assertEquals(code, 0);
  const statements = out.split("\n\n").slice(1, -1);
  assertEquals(statements, [
    "CREATE TABLE public.users (\n  id integer NOT NULL,\n  name text,\n  CONSTRAINT users_pkey PRIMARY KEY (id)\n);",
    "CREATE INDEX users_name ON public.users USING btree (name);",
  ]);
});

Deno.test("dump --file writes the file once, and dump --check tells when it is out of date", async () => {
  const { run, json, files } = await project(FILES, []);
  const missing = await run("dump", "--check");
  assertEquals(missing.code, 1);
  assertEquals(missing.out, "migrations/default/_schema.sql: there is no such file\n");
  assertEquals(missing.err, "Next: Write it with metapg-migration dump --file, and commit it\n");

  assertEquals((await run("dump", "--file")).out, "migrations/default/_schema.sql: written\n");
  assertEquals((await run("dump", "--file")).out, "migrations/default/_schema.sql: up to date\n");
  files["migrations/default/_schema.sql"] = files["migrations/default/_schema.sql"]!.replaceAll("\n", "\r\n");
  assertEquals((await run("dump", "--check")).code, 0);

  files["migrations/default/003_age.sql"] = "ALTER TABLE users ADD COLUMN age int;\n";
  const old = await run("dump", "--check");
  assertEquals(old.code, 1);
  assertStringIncludes(old.out, "migrations/default/_schema.sql: out of date (- the file, + the migrations)\n");
  assertEquals(
    old.err,
    "Next: If that is what the migrations are to make, write it with metapg-migration dump --file, and commit it; " +
      "a change by hand belongs into a new migration, not into this file\n",
  );
  assertStringIncludes(
    old.out,
    "\n+   age integer,\n",
  );
  const document = await json("dump", "--check");
  assertEquals(document, {
    format: 1,
    command: "dump",
    exitCode: 1,
    databases: [{ db: "default", ok: false, path: "migrations/default/_schema.sql", isUpToDate: false }],
  });
});

Deno.test("dump --url prints the schema of a database, without the history", async () => {
  const { run, query } = await project({ "migrations/default/001_users.sql": "CREATE TABLE users (id int);\n" });
  assertEquals((await run("up")).code, 0);
  await query("CREATE VIEW ids AS SELECT id FROM users");
  const { out } = await run("dump", "--url", "test:default");
  assertStringIncludes(out, "CREATE VIEW public.ids AS\n SELECT id\n   FROM public.users;");
  assertEquals(out.includes("metapg"), false);
  const { out: differs, err } = await run("dump", "--url", "test:default", "--check", "--file", "other.sql");
  assertEquals(differs, "other.sql: there is no such file\n");
  assertEquals(err, "Next: Write it with metapg-migration dump --file other.sql and the same --url, and commit it\n");
});

Deno.test("dump of several databases puts the name before each, and takes no path for all of them", async () => {
  const { run } = await project({
    "migrations/a/001_one.sql": "CREATE TABLE one (id int);\n",
    "migrations/b/001_two.sql": "CREATE TABLE two (id int);\n",
  }, []);
  const { out } = await run("dump", "--all-dbs");
  assertEquals(out.split("\n").filter((line) => /^-- [ab]$|^CREATE/.test(line)), [
    "-- a",
    "CREATE TABLE public.one (",
    "-- b",
    "CREATE TABLE public.two (",
  ]);
  const refused = await run("dump", "--all-dbs", "--file", "x.sql");
  assertEquals(refused.code, 2);
  assertStringIncludes(refused.err, "Give --file a path for one database only");
});

for (const header of ["", "-- Transaction: none\nCREATE TABLE fine (id int);\n"]) {
  Deno.test(`dump tells which migration fails, and that nothing is left of it${header === "" ? "" : " outside a transaction"}`, async () => {
    const { run } = await project(
      { "migrations/default/001_bad.sql": `${header}CREATE TABLE bad (id nothing);\n` },
      [],
    );
    const { code, err } = await run("dump", "--check");
    assertEquals(code, 4);
    assertStringIncludes(err, `001_bad.sql:${header === "" ? 1 : 3}:22`);
    assertStringIncludes(
      err,
      "Next: Mend 001_bad, so that all files run on an empty database, then run the same command again. " +
        "It ran in an embedded PostgreSQL, not in your database: what only a server can do runs with --shadow-url\n",
    );
  });
}

Deno.test("dump --url says what cannot be connected to", async () => {
  const { run } = await project({}, []);
  const { code, err } = await run("dump", "--url", "postgres://me@127.0.0.1:1/none");
  assertEquals(code, 3);
  assertStringIncludes(err, "Cannot connect");
});
