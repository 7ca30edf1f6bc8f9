import { assert, assertEquals, assertRejects } from "@std/assert";
import { MigrationError } from "../../src/core/error.ts";
import { Migration, type MigrationClass } from "../../src/core/migration.ts";
import { type FileReader, memoryReader } from "../../src/core/reader.ts";

const TEXT = `-- Add user authentication
-- Description: Add users
-- Depends: 001_roles, 002_tenants
-- Statement-Timeout: 5m

CREATE TABLE users (id bigint);

-- ROLLBACK (optional)
DROP TABLE users;
`;

Deno.test("Migration.parse() reads everything out of a file", async () => {
  const migration = await Migration.parse("migrations/main/003_add_users.sql", TEXT);
  assertEquals(migration.name, "003_add_users");
  assertEquals(migration.version, 3);
  assertEquals(migration.description, "Add users");
  assertEquals(migration.path, "migrations/main/003_add_users.sql");
  assertEquals(migration.text, TEXT);
  assertEquals(migration.dependencies, ["001_roles", "002_tenants"]);
  assertEquals(migration.transaction, "single");
  assertEquals(migration.lockTimeoutMs, undefined);
  assertEquals(migration.statementTimeoutMs, 300_000);
  assertEquals(migration.upSql, TEXT.slice(0, TEXT.indexOf("-- ROLLBACK")));
  assertEquals(migration.rollbackSql, "DROP TABLE users;\n");
  assertEquals(migration.up.start, 0);
  assertEquals(TEXT.slice(migration.rollback!.start), migration.rollback!.sql);
  assertEquals(migration.warnings, []);
});

Deno.test("Migration.parse() takes the description from the name if the header has none", async () => {
  assertEquals((await Migration.parse("003_add_users.sql", "SELECT 1")).description, "add users");
  assertEquals((await Migration.parse("003_add_users.sql", "-- Description:\nSELECT 1")).description, "add users");
});

Deno.test("Migration has no rollback section without a marker, and an empty one with nothing behind it", async () => {
  assertEquals((await Migration.parse("001_a.sql", "SELECT 1;")).rollbackSql, undefined);
  for (const end of ["-- ROLLBACK", "-- ROLLBACK\n"]) {
    assertEquals((await Migration.parse("001_a.sql", `SELECT 1;\n${end}`)).rollbackSql, "");
  }
});

Deno.test("Migration is plain data that prints as JSON", async () => {
  const migration = await Migration.parse("003_add_users.sql", TEXT);
  assertEquals(new Migration(migration), migration);
  assertEquals(JSON.parse(JSON.stringify(migration)).up.sql, migration.upSql);
});

Deno.test("Migration.parse() rejects with the one problem as its message", async () => {
  const error: MigrationError = await assertRejects(
    () => Migration.parse("001_a.sql", "SELECT 1;\nVACUUM;"),
    MigrationError,
  );
  assertEquals(error.code, "FILES_INVALID");
  assertEquals(error.message, "001_a.sql:2:1: PostgreSQL refuses VACUUM in a transaction");
  assert(error.hint?.includes("-- Transaction: none"));
  assertEquals(error.problems.length, 1);
});

Deno.test("Migration.parse() rejects with all problems and warnings of the file", async () => {
  const text = "-- Depends: 001_a, 001_a\nBEGIN;\nCOMMIT;";
  const error: MigrationError = await assertRejects(() => Migration.parse("a/002_b.sql", text), MigrationError);
  assertEquals(error.message, 'Cannot use "a/002_b.sql": it has 2 problems');
  assertEquals(error.hint, undefined);
  assertEquals(error.problems.map(({ severity }) => severity), ["warning", "error", "error"]);
});

Deno.test("Migration.fromFile() reads by the reader that it is given", async () => {
  const reader = memoryReader({ "main/001_a.sql": new TextEncoder().encode("SELECT 1;") });
  assertEquals((await Migration.fromFile("main/001_a.sql", { reader })).upSql, "SELECT 1;");
  const missing: MigrationError = await assertRejects(
    () => Migration.fromFile("main/002_b.sql", { reader }),
    MigrationError,
  );
  assertEquals(missing.code, "FILES_INVALID");
});

Deno.test("Migration.fromFile() says which file its reader could not read", async () => {
  const cause = new Error("EACCES");
  const reader: FileReader = { list: () => Promise.resolve([]), read: () => Promise.reject(cause) };
  const error: MigrationError = await assertRejects(
    () => Migration.fromFile("main/001_a.sql", { reader }),
    MigrationError,
  );
  assertEquals(error.code, "FILES_INVALID");
  assertEquals(error.message, 'Cannot read "main/001_a.sql"');
  assertEquals(error.cause, cause);
  assertEquals(error.problems.map(({ code }) => code), ["file-unreadable"]);
});

class Named extends Migration {
  readonly label: string = `${this.version}: ${this.description}`;

  static override fromFile<T extends Migration>(
    this: MigrationClass<T>,
    path: string,
    options: { readonly reader?: FileReader } = {},
  ): Promise<T> {
    const reader = options.reader ?? memoryReader({ "001_a.sql": "SELECT 1;" });
    return super.fromFile.call(this, path, { reader }) as Promise<T>;
  }
}

Deno.test("Migration gives derived classes from all of its constructors", async () => {
  const parsed: Named = await Named.parse("001_a.sql", "SELECT 1;");
  assertEquals(parsed.label, "1: a");
  const read: Named = await Named.fromFile("001_a.sql");
  assert(read instanceof Named);
});
