import { assertEquals, assertThrows } from "@std/assert";
import { createHash } from "node:crypto";
import { MigrationError } from "../../src/core/error.ts";
import { createHistorySql, lockKey, parseHistoryTable, readLayout } from "../../src/runner/history_table.ts";

Deno.test("parseHistoryTable() quotes schema and name", () => {
  assertEquals(parseHistoryTable().sql, '"public"."metapg_migrations"');
  assertEquals(parseHistoryTable().logSql, '"public"."metapg_migrations_log"');
  assertEquals(parseHistoryTable("ops.history").sql, '"ops"."history"');
  assertEquals(parseHistoryTable('"O""ps; --".x').sql, '"O""ps; --"."x"');
});

Deno.test("parseHistoryTable() refuses what is no name", () => {
  for (const option of ["", "a.b.c", "Upper", "a b", "x; DROP TABLE y", '"open', "1st", "a.", `${"x".repeat(58)}`]) {
    const error = assertThrows(() => parseHistoryTable(option), MigrationError, "Invalid history table");
    assertEquals(error.code, "CONFIG");
  }
  assertEquals(parseHistoryTable("x".repeat(57)).name.length, 57);
});

Deno.test("lockKey() is the first 8 bytes of SHA-256, signed", async () => {
  for (const option of ["metapg_migrations", "ops.history", "a.b"]) {
    const { schema, name } = parseHistoryTable(option);
    const digest = createHash("sha256").update(`metapg:${schema}.${name}`).digest();
    assertEquals(await lockKey(parseHistoryTable(option)), digest.readBigInt64BE(0));
  }
});

Deno.test("lockKey() is fixed for all releases", async () => {
  assertEquals(await lockKey(parseHistoryTable()), 7352119427820702338n);
});

Deno.test("readLayout() reads the number of a comment of ours", () => {
  assertEquals(readLayout("@metapg/migration layout 12"), 12);
  for (const comment of [null, "", "layout 1", "@metapg/migration layout", "@metapg/migration layout x", "a 1"]) {
    assertEquals(readLayout(comment), "foreign");
  }
});

Deno.test("createHistorySql() creates the schema only where it is absent", () => {
  const table = parseHistoryTable("ops.history");
  assertEquals(createHistorySql(table, "absent").startsWith('CREATE SCHEMA "ops";'), true);
  assertEquals(createHistorySql(table, "exists").includes("CREATE SCHEMA"), false);
});
