import { assertEquals } from "@std/assert";
import { newerSyntax } from "../../src/lint/newer_syntax.ts";
import { grammar } from "./linted.ts";

/** What the first release is that understands a statement, by PostgreSQL's release notes. */
const SINCE: Readonly<Record<string, number | undefined>> = {
  "MERGE INTO t USING s ON t.id = s.id WHEN MATCHED THEN DELETE": 15,
  "MERGE INTO t USING s ON t.id = s.id WHEN MATCHED THEN DELETE RETURNING t.id": 17,
  "CREATE UNIQUE INDEX i ON t (a) NULLS NOT DISTINCT": 15,
  "CREATE TABLE t (a int, UNIQUE NULLS NOT DISTINCT (a))": 15,
  "ALTER TABLE t SET ACCESS METHOD heap": 15,
  "ALTER TABLE t ADD FOREIGN KEY (a, b) REFERENCES u ON DELETE SET NULL (b)": 15,
  "CREATE TABLE t (a text STORAGE external)": 16,
  "ALTER TABLE t ALTER COLUMN a SET EXPRESSION AS (b * 2)": 17,
  "SELECT * FROM JSON_TABLE('[]', '$[*]' COLUMNS (a int PATH '$'))": 17,
  "CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a) VIRTUAL)": 18,
  "ALTER TABLE t ADD CHECK (a > 0) NOT ENFORCED": 18,
  "CREATE TABLE t (id int, during tstzrange, PRIMARY KEY (id, during WITHOUT OVERLAPS))": 18,
  "ALTER TABLE t ADD FOREIGN KEY (id, PERIOD during) REFERENCES u (id, PERIOD during)": 18,
  "ALTER TABLE t ADD CONSTRAINT c NOT NULL a": 18,
  "CREATE TABLE t (a int CONSTRAINT there NOT NULL CHECK (a > 0) REFERENCES u, b int GENERATED ALWAYS AS (a) STORED)":
    undefined,
  "ALTER TABLE t ALTER COLUMN a SET STORAGE external": undefined,
  "INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING RETURNING a": undefined,
};

Deno.test("newerSyntax() knows what older releases do not understand", () => {
  const found = Object.keys(SINCE).map((sql) => {
    const parsed = grammar.parse(sql);
    if (parsed.type !== "tree") throw new Error(sql);
    const versions = newerSyntax(parsed.node).map(({ since }) => since);
    return [sql, versions.length === 0 ? undefined : Math.max(...versions)];
  });
  assertEquals(Object.fromEntries(found), SINCE);
});
