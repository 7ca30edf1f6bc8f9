import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { sqlFiles } from "../core/_oracle.ts";
import { parseFile } from "../../src/core/parse.ts";
import { DEFAULT_CONFIG } from "../../src/lint/lint_config.ts";
import { lint } from "../../src/lint/lint.ts";
import { ALL_RULES, grammar, lintBlock } from "./linted.ts";

/** What rules find in a block as they are by default, with line and column. */
async function places(sql: string): Promise<readonly string[]> {
  const { findings } = await lintBlock(sql, DEFAULT_CONFIG.levels);
  return findings.map(({ line, column, rule }) => `${line}:${column} ${rule}`);
}

Deno.test("lint() takes an excuse before a statement, in it, behind it, and for several rules", async () => {
  const excused = [
    "-- lint: ignore drop-table nobody reads it\nDROP TABLE a;",
    "-- Lint: Ignore drop-table: nobody reads it\n\n-- another comment\n\nDROP TABLE a;",
    "DROP TABLE -- lint: ignore drop-table nobody reads it\n  a;",
    "DROP TABLE /* lint: ignore drop-table nobody reads it */ a;",
    "DROP TABLE a; -- lint: ignore drop-table nobody reads it\nSELECT 1;",
    "SELECT 1;\n-- lint: ignore drop-cascade, drop-table — nobody reads it\nDROP TABLE a CASCADE;",
  ];
  for (const sql of excused) {
    const { findings, ignored } = await lintBlock(sql, DEFAULT_CONFIG.levels);
    assertEquals([findings, ignored], [[], sql.includes("CASCADE") ? 2 : 1], sql);
  }
});

Deno.test("lint() takes an excuse for one statement and no other, and none without a reason", async () => {
  assertEquals(await places("-- lint: ignore drop-table unused\nDROP TABLE a;\nDROP TABLE b;"), ["3:1 drop-table"]);
  assertEquals(await places("DROP TABLE a;\n-- lint: ignore drop-table unused"), [
    "1:1 drop-table",
    "2:1 unused-ignore",
  ]);
  assertEquals(await places("-- lint: ignore drop-table\nDROP TABLE a;"), ["1:1 invalid-ignore", "2:1 drop-table"]);
  assertEquals(await places("-- lint: ignore\nDROP TABLE a;"), ["1:1 invalid-ignore", "2:1 drop-table"]);
  assertEquals(await places("SELECT '-- lint: ignore drop-table x';\nDROP TABLE a;"), ["2:1 drop-table"]);
});

Deno.test("lint() takes an excuse in the header for the file as a whole", async () => {
  const file = (comment: string) =>
    `${comment}\nCREATE TABLE a (id int);\nCREATE TABLE b (id int);\n-- ROLLBACK\nDROP TABLE b;`;
  assertEquals(await places(file("--")), ["5:1 incomplete-rollback"]);
  assertEquals(await places(file("-- lint: ignore incomplete-rollback a is kept for the next try")), []);
});

Deno.test("lint() tells schemas apart, by name and by search_path", async () => {
  const create = "CREATE TABLE app.users (id int);\n";
  assertEquals(await places(`${create}CREATE INDEX ON app.users (id);`), []);
  assertEquals(await places(`${create}CREATE INDEX ON users (id);`), ["2:1 index-not-concurrent"]);
  assertEquals(await places(`SET LOCAL search_path TO app, public;\n${create}CREATE INDEX ON users (id);`), []);
  assertEquals(await places("CREATE TABLE users (id int);\nCREATE INDEX ON public.users (id);"), []);
  assertEquals(await places("CREATE SCHEMA app CREATE TABLE t (id int);\nCREATE INDEX ON app.t (id);"), []);
});

Deno.test("lint() follows a table under its new name", async () => {
  const before = "CREATE TABLE new (id int);\nALTER TABLE new RENAME TO users;\n";
  assertEquals(await places(`${before}CREATE INDEX ON users (id);`), []);
  assertEquals(await places(`${before}CREATE INDEX ON new (id);`), ["3:1 index-not-concurrent"]);
});

Deno.test("lint() follows the indexes of a table, and an index under its new name", async () => {
  const create = "-- 001_a.sql\nCREATE TABLE logs (id int) PARTITION BY LIST (id);\nCREATE INDEX i ON logs (id);\n";
  const drop = (name: string) => `-- 002_b.sql\n-- Transaction: none\nDROP INDEX CONCURRENTLY ${name};\n`;
  for (
    const [renames, name] of [
      ["ALTER TABLE logs RENAME TO old_logs;\n", "i"],
      ["ALTER INDEX i RENAME TO j;\n", "j"],
      ["ALTER INDEX i RENAME TO j;\nALTER TABLE logs RENAME TO old_logs;\n", "j"],
    ] as const
  ) {
    const { findings } = await lintBlock(`${create}${renames}${drop(name)}`);
    assertEquals(findings.filter(({ rule }) => rule === "concurrently-refused").length, 1, renames);
  }
  const { findings } = await lintBlock(`${create}ALTER INDEX i RENAME TO j;\n${drop("i")}`);
  assertEquals(findings.filter(({ rule }) => rule === "concurrently-refused").length, 0);
});

Deno.test("lint() takes temporary tables and those of SELECT INTO for the file's own", async () => {
  for (const create of ["CREATE TEMP TABLE t (id int)", "CREATE TABLE t AS SELECT 1 AS id", "SELECT 1 AS id INTO t"]) {
    assertEquals(
      await places(`${create};\nUPDATE t SET id = 2;\nALTER TABLE t ALTER COLUMN id SET NOT NULL;`),
      [],
      create,
    );
  }
});

Deno.test("lint() advises on the key of a partitioned table what the oldest server takes", async () => {
  const logs = "-- 001_logs.sql\nCREATE TABLE logs (a int) PARTITION BY LIST (a);\n";
  const key = `${logs}-- 002_key.sql\nALTER TABLE logs ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES days;\n`;
  const advice = async (text: string) => {
    const { findings } = await lintBlock(text);
    return findings.find(({ rule }) => rule === "validating-foreign-key")?.hint;
  };
  assertStringIncludes(await advice(key) ?? "", "add it to each partition NOT VALID");
  assertStringIncludes(await advice(`-- oldest server: 18\n${key}`) ?? "", "Add it NOT VALID, and VALIDATE it in");
});

Deno.test("lint() sees what a rollback leaves behind, and nothing else", async () => {
  const left = async (up: string, rollback: string) => {
    const { findings } = await lintBlock(`${up}\n-- ROLLBACK\n${rollback}`);
    return findings.filter(({ rule }) => rule === "incomplete-rollback").map(({ message }) => message.split(": ")[1]);
  };
  const trigger = "CREATE TRIGGER touch BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch();";
  assertEquals(await left(trigger, "SELECT 1;"), ['trigger "touch"']);
  assertEquals(await left(trigger, "DROP TABLE users;"), []);
  assertEquals(await left("CREATE INDEX ON users (a);", "SELECT 1;"), ['index of "users"']);
  assertEquals(await left("CREATE INDEX ON users (a);", "DROP INDEX users_a_idx;"), []);
  assertEquals(await left("CREATE FUNCTION f() RETURNS int LANGUAGE sql RETURN 1;", "-- DROP FUNCTION f();"), [
    'routine "f"',
  ]);
  assertEquals(await left("CREATE TABLE a (id int);", "DO $$ BEGIN EXECUTE 'DROP TABLE a'; END $$;"), []);
  assertEquals(await left('CREATE TABLE "A b" (id int);', 'DROP TABLE "A b";'), []);
  assertEquals(await left("CREATE TYPE app.mood AS ENUM ('ok');", "DROP SCHEMA app CASCADE;"), []);
  assertEquals(
    await left(
      "ALTER TABLE users ADD COLUMN a int, ADD CONSTRAINT c CHECK (a > 0);",
      "ALTER TABLE users DROP COLUMN a;",
    ),
    [],
  );
});

Deno.test("lint() sees which file a migration needs, through views, types, columns and keys", async () => {
  const files = (last: string) =>
    `-- 001_base.sql
CREATE TABLE users (id int PRIMARY KEY);
CREATE TYPE mood AS ENUM ('ok');
-- 002_view.sql
-- Depends: 001_base
CREATE VIEW names AS SELECT id FROM users;
ALTER TABLE users ADD COLUMN nick text;
-- 003_last.sql
-- Depends: (none)
${last}
`;
  const needs = async (last: string) => {
    const { findings } = await lintBlock(files(last), DEFAULT_CONFIG.levels);
    return findings.filter(({ rule }) => rule === "undeclared-dependency").map(({ message }) => message.split(", ")[0]);
  };
  assertEquals(await needs("CREATE TABLE p (u int REFERENCES users (id));"), ['This uses "users"']);
  assertEquals(await needs("CREATE TABLE p (m mood[]);"), ['This uses "mood"']);
  assertEquals(await needs("GRANT SELECT ON names TO app;"), ['This uses "names"']);
  assertEquals(await needs("COMMENT ON TABLE users IS 'x';"), ['This uses "users"']);
  assertEquals(await needs("CREATE INDEX i ON users (nick);"), ['This uses "users"', 'This uses "users.nick"']);
  assertEquals(await needs("CREATE TABLE users2 (nick text);"), []);
});

Deno.test("lint() looks into no statement of more than a million characters, and says so", async () => {
  const { findings } = await lintBlock(`INSERT INTO a VALUES ('${"x".repeat(1_000_000)}');`, DEFAULT_CONFIG.levels);
  assertEquals(findings.map(({ rule, severity }) => [rule, severity]), [["unread-statement", "note"]]);
  assertStringIncludes(findings[0]!.message, "1000025 characters");
});

Deno.test("lint() has an answer to every SQL file of this project", async () => {
  const texts = [...sqlFiles("tests"), ...sqlFiles("migrations")];
  let seen = 0;
  for (const { path, text } of texts) {
    const { migration } = await parseFile(path.replace(/[^/]*$/, "001_x.sql"), text);
    if (migration === undefined) continue;
    seen++;
    const { findings } = lint({ migrations: [migration], config: { levels: ALL_RULES, server: undefined }, grammar });
    for (const { line, column, endLine } of findings) {
      assertEquals([line >= 1, column >= 1, endLine >= line], [true, true, true]);
    }
  }
  assert(seen > 20, `only ${seen} files could be read`);
});
