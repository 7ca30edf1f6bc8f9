// Runs where nothing is installed but the files of the package: whatever it loads needs no driver.

import assert from "node:assert/strict";
import { memoryReader, MigrationRunner } from "@metapg/migration";
import { Migration, parseFile } from "@metapg/migration/core";
import { pgDatabase } from "@metapg/migration/pg";
import { pgliteDatabase } from "@metapg/migration/pglite";
import { postgresDatabase } from "@metapg/migration/postgres";

assert.equal((await parseFile("001_users.sql", "CREATE TABLE users (id int);")).problems.length, 0);
assert.equal((await Migration.parse("001_users.sql", "SELECT 1;")).version, 1);
for (const adapter of [pgDatabase, pgliteDatabase, postgresDatabase]) {
  assert.match(adapter({}).engine, /^(postgres|pglite)$/);
}

const reader = memoryReader({ "migrations/default/001_users.sql": "SELECT 1;" });
await assert.rejects(new MigrationRunner({ database: "pglite:", reader }).getStatus(), {
  code: "CONFIG",
  message: 'Cannot open a PGlite database: the package "@electric-sql/pglite" cannot be loaded',
  hint: "Install it: npm install @electric-sql/pglite",
});
