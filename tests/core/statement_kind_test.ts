import { assertEquals } from "@std/assert";
import type { AloneStatement } from "../../src/core/alone_statement.ts";
import { classifyStatement, type StatementKind } from "../../src/core/statement_kind.ts";

const KINDS: Readonly<Record<Exclude<StatementKind, "alone">, readonly string[]>> = {
  "begin": ["BEGIN", "begin work", "BEGIN ISOLATION LEVEL SERIALIZABLE", "START TRANSACTION", "/* x */ BEGIN"],
  "commit": ["COMMIT", "COMMIT WORK", "END", "end transaction", "COMMIT AND CHAIN"],
  "rollback": ["ROLLBACK", "ABORT", "ROLLBACK WORK", "ROLLBACK TRANSACTION AND CHAIN"],
  "savepoint": ["SAVEPOINT a", "RELEASE a", "RELEASE SAVEPOINT a", "ROLLBACK TO a", "ROLLBACK WORK TO SAVEPOINT a"],
  "set-transaction": [
    "SET TRANSACTION READ ONLY",
    "SET LOCAL TRANSACTION READ WRITE",
    "SET SESSION TRANSACTION READ WRITE",
  ],
  "set-characteristics": [
    "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
    "SET LOCAL SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
    "SET SESSION SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
  ],
  "prepare-transaction": ["PREPARE TRANSACTION 'x'", "PREPARE TRANSACTION $$x$$"],
  "plain": [
    "",
    "SELECT 1",
    "START",
    "PREPARE transaction AS SELECT 1",
    "PREPARE begin AS SELECT 1",
    "SET transaction TO 'x'",
    "SET transaction = 1",
    "SET transaction_isolation = 'serializable'",
    "SET SESSION AUTHORIZATION a",
    "SET LOCAL search_path TO begin",
    '"begin"',
    "CREATE INDEX i ON t (a)",
    'CREATE INDEX "concurrently" ON t (a)',
    "CREATE UNIQUE INDEX i ON t (a)",
    "CREATE TABLE database (a int)",
    "CREATE INDEX CONCURRENTLY",
    "CREATE DATABASE",
    "DROP INDEX i",
    "DROP INDEX CONCURRENTLY",
    "DROP TABLE IF EXISTS database",
    "DISCARD PLANS",
    "ALTER TABLE t DETACH PARTITION p",
    "ALTER TABLE t DETACH PARTITION p FINALIZE",
    "ALTER TABLE t DETACH PARTITION",
    "ALTER TABLE",
    "ALTER TABLE t ADD COLUMN concurrently int",
    "ALTER DATABASE d SET tablespace = x",
    "ALTER DATABASE d SET tablespace TO x",
    "ALTER DATABASE d WITH CONNECTION LIMIT 1",
    "ALTER DATABASE d RENAME TO e",
    "ALTER SUBSCRIPTION s DISABLE",
    "ALTER SUBSCRIPTION s SET (slot_name = NONE)",
    "ALTER SUBSCRIPTION s ADD PUBLICATION p WITH (copy_data = false, refresh = false)",
    "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p WITH (create_slot = 'OFF')",
    "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p WITH (enabled = false, connect = 0)",
    "REINDEX",
    "COMMENT ON TABLE t IS 'VACUUM'",
    "ALTER TYPE e ADD VALUE 'x'",
  ],
};

for (const [kind, statements] of Object.entries(KINDS)) {
  for (const sql of statements) {
    Deno.test(`classifyStatement() takes ${JSON.stringify(sql)} for ${kind}`, () => {
      assertEquals(classifyStatement(sql), { kind: kind as StatementKind, alone: undefined });
    });
  }
}

/** Statements that are sent alone, and what is read out of them. */
const ALONE: readonly (readonly [sql: string, alone: Partial<AloneStatement>])[] = [
  ["CREATE INDEX CONCURRENTLY i ON t (a)", {
    type: "create-index-concurrently",
    unique: false,
    ifNotExists: false,
    name: "i",
    schema: undefined,
    table: "t",
    inTransaction: "refused",
  }],
  ['create unique /* x */ index concurrently if not exists "I" on only App."T" using btree (a)', {
    type: "create-index-concurrently",
    title: "CREATE UNIQUE INDEX CONCURRENTLY",
    unique: true,
    ifNotExists: true,
    name: "I",
    schema: "app",
    table: "T",
  }],
  ["CREATE INDEX CONCURRENTLY ON db.s.t (a)", { name: undefined, schema: "s", table: "t" }],
  ["DROP INDEX CONCURRENTLY IF EXISTS s.I", {
    type: "drop-index-concurrently",
    ifExists: true,
    schema: "s",
    name: "i",
  }],
  ["DROP INDEX CONCURRENTLY i CASCADE", { ifExists: false, schema: undefined, name: "i" }],
  ["REINDEX INDEX CONCURRENTLY s.i", {
    target: "index",
    concurrently: true,
    schema: "s",
    name: "i",
    inTransaction: "refused",
  }],
  ["REINDEX (VERBOSE, CONCURRENTLY) TABLE t", { target: "table", concurrently: true, inTransaction: "refused" }],
  ["REINDEX (CONCURRENTLY off, TABLESPACE x) TABLE t", { concurrently: false, inTransaction: "accepted" }],
  ["REINDEX TABLE t", { type: "reindex", target: "table", concurrently: false, name: "t", inTransaction: "accepted" }],
  ["REINDEX SCHEMA s", { target: "schema", name: "s", inTransaction: "refused" }],
  ["REINDEX SYSTEM", { target: "system", name: undefined, inTransaction: "refused" }],
  ["REINDEX DATABASE CONCURRENTLY d", { target: "database", concurrently: true, name: "d" }],
  ["VACUUM", { type: "vacuum", inTransaction: "refused" }],
  ["VACUUM (FULL) t", { type: "vacuum" }],
  ["CLUSTER", { type: "cluster", inTransaction: "refused" }],
  ["CLUSTER VERBOSE", { inTransaction: "refused" }],
  ["CLUSTER (VERBOSE)", { inTransaction: "refused" }],
  ["CLUSTER (VERBOSE) t USING i", { inTransaction: "accepted" }],
  ["ALTER SYSTEM RESET ALL", { type: "alter-system" }],
  ["ALTER TABLE IF EXISTS ONLY s.t * DETACH PARTITION u.p CONCURRENTLY", {
    type: "detach-partition-concurrently",
    table: { schema: "s", name: "t" },
    partition: { schema: "u", name: "p" },
  }],
  ["CREATE DATABASE d OWNER x", { type: "create-database", name: "d" }],
  ["DROP DATABASE IF EXISTS d WITH (FORCE)", { type: "drop-database", name: "d" }],
  ["ALTER DATABASE d SET TABLESPACE x", { type: "alter-database-tablespace", name: "d" }],
  ["DROP DATABASE if", { type: "drop-database", name: "if" }],
  ["DROP INDEX CONCURRENTLY if", { type: "drop-index-concurrently", name: "if", ifExists: false }],
  ["CREATE INDEX CONCURRENTLY if ON t (a)", { type: "create-index-concurrently", name: "if", ifNotExists: false }],
  ["ALTER TABLE if DETACH PARTITION p CONCURRENTLY", { table: { schema: undefined, name: "if" } }],
  ["ALTER DATABASE d TABLESPACE x", { type: "alter-database-tablespace", name: "d" }],
  ["ALTER DATABASE d WITH TABLESPACE = x", { type: "alter-database-tablespace", name: "d" }],
  ["CREATE TABLESPACE x LOCATION '/x'", { type: "create-tablespace", name: "x" }],
  ["DROP TABLESPACE IF EXISTS x", { type: "drop-tablespace", name: "x" }],
  ["CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p", { type: "create-subscription", name: "s" }],
  ["CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p WITH (create_slot, enabled = false)", { name: "s" }],
  ["DROP SUBSCRIPTION IF EXISTS s", { type: "drop-subscription", name: "s" }],
  ["ALTER SUBSCRIPTION s REFRESH PUBLICATION WITH (copy_data = false)", { type: "alter-subscription", name: "s" }],
  ["ALTER SUBSCRIPTION s ADD PUBLICATION p", { type: "alter-subscription" }],
  ["ALTER SUBSCRIPTION s DROP PUBLICATION p WITH (refresh = true)", { type: "alter-subscription" }],
  ["ALTER SUBSCRIPTION s SET (streaming = on, two_phase = true)", { type: "alter-subscription" }],
  ["DISCARD ALL", { type: "discard-all", inTransaction: "refused" }],
  ["COMMIT PREPARED 'x'", { type: "commit-prepared", inTransaction: "refused" }],
  ["ROLLBACK PREPARED 'x'", { type: "rollback-prepared", inTransaction: "refused" }],
  ["DO $$ BEGIN END $$", { type: "do", inTransaction: "accepted" }],
  ["CALL p(1)", { type: "call", inTransaction: "accepted" }],
];

for (const [sql, wanted] of ALONE) {
  Deno.test(`classifyStatement() knows that ${JSON.stringify(sql)} is sent alone`, () => {
    const { kind, alone } = classifyStatement(sql);
    assertEquals(kind, "alone");
    assertEquals({ ...alone, ...wanted }, alone);
  });
}

Deno.test("classifyStatement() looks only at the part that it is given", () => {
  assertEquals(classifyStatement("SELECT 1; VACUUM; SELECT 2", 10, 16).kind, "alone");
  assertEquals(classifyStatement("COMMIT PREPARED 'x'", 0, 6).kind, "commit");
});
