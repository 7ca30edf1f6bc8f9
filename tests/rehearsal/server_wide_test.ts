import { assertEquals } from "@std/assert";
import { Migration } from "../../src/core/migration.ts";
import { findServerWide } from "../../src/rehearsal/server_wide.ts";

async function found(up: string, rollback?: string): Promise<string | undefined> {
  const section = rollback === undefined ? "" : `\n-- ROLLBACK\n${rollback}`;
  const migration = await Migration.parse("001_x.sql", `-- Transaction: none\n${up}${section}\n`);
  return findServerWide(migration, new Set(["ours"]));
}

Deno.test("findServerWide() finds what concerns more than a database", async () => {
  assertEquals(await found("ALTER SYSTEM SET work_mem = '8MB';"), "ALTER SYSTEM");
  assertEquals(await found("DROP DATABASE app;"), "DROP DATABASE");
  assertEquals(await found("ALTER DATABASE app SET work_mem = '8MB';"), "ALTER DATABASE");
  assertEquals(await found("ALTER ROLE app PASSWORD 'x';"), "ALTER ROLE app");
  assertEquals(await found("CREATE ROLE ours;", "DROP ROLE IF EXISTS ours, theirs;"), "DROP ROLE theirs");
});

Deno.test("findServerWide() lets be what does not, and roles that are made for it", async () => {
  assertEquals(await found("CREATE ROLE ours; ALTER USER ours LOGIN;", "DROP ROLE ours;"), undefined);
  assertEquals(await found("ALTER TABLE role ADD x int; DROP USER MAPPING FOR me SERVER s; VACUUM;"), undefined);
});
