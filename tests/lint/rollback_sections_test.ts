import { assertEquals } from "@std/assert";
import { DEFAULT_CONFIG } from "../../src/lint/lint_config.ts";
import { lint } from "../../src/lint/lint.ts";
import { parseFile } from "../../src/core/parse.ts";
import { generateProject } from "../support/generated_project.ts";
import { grammar, lintBlock } from "./linted.ts";

/** What rules find in the rollback of a file. */
async function found(up: string, rollback: string, before = ""): Promise<readonly string[]> {
  const earlier = before === "" ? "" : `-- 001_before.sql\n${before}\n-- 002_it.sql\n-- Depends: 001_before\n`;
  const { findings } = await lintBlock(`${earlier}${up}\n-- ROLLBACK\n${rollback}`, DEFAULT_CONFIG.levels);
  const text = `-- Depends: 001_before\n${up}\n`;
  const first = (before === "" ? up : text).split("\n").length + (before === "" ? 1 : 0);
  return findings.filter(({ name, line }) => name !== "001_before" && line > first).map(({ rule }) => rule);
}

const USERS = "CREATE TABLE users (id bigint PRIMARY KEY, name varchar(20), age int NOT NULL);";

Deno.test("lint() finds in a rollback what locks, reads or writes the tables that were there before", async () => {
  const cases: readonly (readonly [up: string, rollback: string, rules: readonly string[]])[] = [
    ["-- Transaction: none\nCREATE INDEX CONCURRENTLY i ON users (age);", "DROP INDEX i;", [
      "drop-index-not-concurrent",
    ]],
    ["DROP VIEW v;", "CREATE INDEX i ON users (age);", ["index-not-concurrent"]],
    ["ALTER TABLE users ALTER age DROP NOT NULL;", "ALTER TABLE users ALTER age SET NOT NULL;", [
      "set-not-null-scans",
    ]],
    ["ALTER TABLE users ALTER name TYPE text;", "ALTER TABLE users ALTER name TYPE varchar(20);", [
      "type-change-rewrites",
    ]],
    ["ALTER TABLE users DROP CONSTRAINT c;", "ALTER TABLE users ADD CONSTRAINT c CHECK (age > 0);", [
      "validating-check",
    ]],
    ["SELECT 1;", "UPDATE users SET age = 0;", ["whole-table-write"]],
    ["SELECT 1;", "ALTER TABLE users ADD COLUMN mail text NOT NULL;", ["required-column-without-default"]],
    ["SELECT 1;", "SET lock_timeout = 0;\nALTER TABLE users DROP COLUMN age;", ["lock-timeout-off"]],
    ["SELECT 1;", "ALTER TABLE users ADD COLUMN x int;\nUPDATE users SET x = 1 WHERE id > 4;", ["work-under-lock"]],
    ["-- Transaction: none\nSELECT 1;", "ALTER TABLE users DROP COLUMN age;", ["lock-without-timeout"]],
    [
      "SELECT 1;",
      "ALTER TABLE users ADD CONSTRAINT c CHECK (age > 0) NOT VALID;\nALTER TABLE users VALIDATE CONSTRAINT c;",
      [
        "validate-in-same-transaction",
      ],
    ],
  ];
  for (const [up, rollback, rules] of cases) assertEquals(await found(up, rollback, USERS), rules, rollback);
});

Deno.test("lint() takes for used by the time of a rollback what the migration made, if the rollback keeps it", async () => {
  const up = "CREATE TABLE posts (id bigint, body text);\nCREATE INDEX posts_body ON posts (body);";
  assertEquals(
    await found(up, "DROP INDEX posts_body;\nDELETE FROM posts;\nALTER TABLE posts ALTER id SET NOT NULL;"),
    [
      "drop-index-not-concurrent",
      "whole-table-write",
      "set-not-null-scans",
    ],
  );
});

Deno.test("lint() is silent about a rollback that drops what the migration made, and about what it makes itself", async () => {
  const quiet: readonly (readonly [up: string, rollback: string])[] = [
    [
      "CREATE TABLE posts (id bigint, body text);\nCREATE INDEX posts_body ON posts (body);",
      "DELETE FROM posts;\nDROP INDEX posts_body;\nDROP TABLE posts;",
    ],
    ["CREATE TABLE posts (id bigint);\nCREATE INDEX ON posts (id);", "DROP INDEX posts_id_idx;\nDROP TABLE posts;"],
    ["CREATE TABLE posts (id bigint UNIQUE);", "ALTER TABLE posts DROP CONSTRAINT posts_id_key;\nDROP TABLE posts;"],
    [
      "CREATE SCHEMA app;\nCREATE TABLE app.posts (id bigint);",
      "UPDATE app.posts SET id = 1;\nDROP TABLE app.posts;\nDROP SCHEMA app;",
    ],
    ["CREATE SCHEMA app;\nCREATE TABLE app.posts (id bigint);", "TRUNCATE app.posts;\nDROP SCHEMA app CASCADE;"],
    [
      "SET search_path = app;\nCREATE TABLE posts (id bigint);",
      "SET search_path = app;\nUPDATE posts SET id = 1;\nDROP TABLE posts;",
    ],
    [
      "CREATE TABLE days (day date) PARTITION BY LIST (day);\nCREATE TABLE day_1 PARTITION OF days DEFAULT;",
      "ALTER TABLE days DETACH PARTITION day_1;\nUPDATE day_1 SET day = now();\nDROP TABLE days, day_1;",
    ],
    [
      "CREATE TABLE days (day date) PARTITION BY LIST (day);\nCREATE TABLE day_1 PARTITION OF days DEFAULT;",
      "UPDATE day_1 SET day = now();\nDROP TABLE days;",
    ],
    [
      "ALTER TABLE users ADD COLUMN mail text;\nCREATE TYPE mood AS ENUM ('ok');",
      "ALTER TABLE users DROP COLUMN mail;\nDROP TYPE mood;",
    ],
    [
      "DROP TABLE old;",
      "CREATE TABLE old (id int);\nCREATE INDEX ON old (id);\nALTER TABLE old ALTER id SET NOT NULL;",
    ],
    [
      "DROP MATERIALIZED VIEW sums;",
      "CREATE MATERIALIZED VIEW sums AS SELECT 1 AS n;\nCREATE INDEX ON sums (n);\nREFRESH MATERIALIZED VIEW sums;",
    ],
    ["SELECT 1;", "CREATE TEMP TABLE t (id int);\nUPDATE t SET id = 1;"],
    ["ALTER TABLE users ALTER age DROP NOT NULL;", "ALTER TABLE users ALTER name TYPE text;"],
    ["-- Transaction: none\nCREATE INDEX CONCURRENTLY i ON users (age);", "DROP INDEX CONCURRENTLY i;"],
    ["ALTER TABLE users RENAME age TO years;", "ALTER TABLE users RENAME years TO age;"],
  ];
  for (const [up, rollback] of quiet) {
    assertEquals(await found(up, rollback, USERS), [], rollback);
  }
});

Deno.test("lint() leaves to a rollback what breaks code or loses data in an up section", async () => {
  assertEquals(
    await found(
      "SELECT 1;",
      "ALTER TABLE users RENAME TO people;\nDROP TABLE a;\nTRUNCATE b;\nREVOKE SELECT ON c FROM d;\nDROP VIEW e CASCADE;",
    ),
    [],
  );
});

Deno.test("lint() knows after a rollback section what it knew before it", async () => {
  const { findings } = await lintBlock(
    `-- 001_a.sql
CREATE TABLE a (id int NOT NULL);
-- ROLLBACK
ALTER TABLE a ALTER id DROP NOT NULL;
DROP TABLE a;
-- 002_b.sql
-- Depends: 001_a
ALTER TABLE a ALTER id SET NOT NULL;
`,
    DEFAULT_CONFIG.levels,
  );
  assertEquals(findings, []);
});

Deno.test("lint() takes an excuse in a rollback section, and points to the rollbacks of other files", async () => {
  const sql = (comment: string) =>
    `ALTER TABLE users DROP CONSTRAINT c;\n-- ROLLBACK\n${comment}ALTER TABLE users ADD CONSTRAINT c CHECK (age > 0);`;
  const { findings } = await lintBlock(sql(""), DEFAULT_CONFIG.levels);
  assertEquals(findings.map(({ line, hint, fix }) => [line, hint, fix]), [[
    3,
    "Add it NOT VALID, and VALIDATE it in the rollback of an earlier file, which reads beside those who write",
    undefined,
  ]]);
  const excused = await lintBlock(sql("-- lint: ignore validating-check it is small\n"), DEFAULT_CONFIG.levels);
  assertEquals([excused.findings, excused.ignored], [[], 1]);
});

Deno.test("lint() finds nothing in the rollbacks of a project that was written with care", async () => {
  const files = await Promise.all(
    generateProject(60).map(({ name, text }) => parseFile(`migrations/default/${name}`, text)),
  );
  const migrations = files.flatMap(({ migration }) => migration ?? []);
  const { findings } = lint({ migrations, config: DEFAULT_CONFIG, grammar });
  const starts = new Map(
    migrations.map(({ name, text }) => [name, text.slice(0, text.lastIndexOf("-- ROLLBACK")).split("\n").length]),
  );
  assertEquals(
    findings.filter(({ name, line }) => line > starts.get(name)!).map(({ rule, path, line }) => [rule, path, line]),
    [],
  );
});
