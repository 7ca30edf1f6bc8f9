import { assertEquals, assertRejects } from "@std/assert";
import { MigrationError } from "../../src/core/error.ts";
import { memoryReader } from "../../src/core/reader.ts";

const reader = memoryReader({
  "./migrations/main/001_a.sql": "SELECT 1;",
  "migrations/main/sub/002_b.sql": "SELECT 2;",
  "migrations/main/.old/003_c.sql": "SELECT 3;",
  "migrations\\win\\001_w.sql": "SELECT 4;",
});

Deno.test("memoryReader() lists a directory at any depth, without hidden folders", async () => {
  assertEquals(await reader.list("migrations/main"), ["001_a.sql", "sub/002_b.sql"]);
  assertEquals(await reader.list("./migrations/main/"), ["001_a.sql", "sub/002_b.sql"]);
});

Deno.test("memoryReader() reads Windows paths", async () => {
  assertEquals(await reader.list("migrations/win"), ["001_w.sql"]);
  assertEquals(await reader.read("migrations\\win\\001_w.sql"), "SELECT 4;");
});

Deno.test("memoryReader() refuses what it does not have", async () => {
  const missing = await assertRejects(
    () => reader.list("migrations/other"),
    MigrationError,
    'no directory "migrations/other"',
  );
  assertEquals(missing.code, "CONFIG");
  await assertRejects(() => reader.read("migrations/main/009_z.sql"), MigrationError, "no such file");
});
