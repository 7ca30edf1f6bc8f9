import { assertEquals } from "@std/assert";
import { draftMigration, slugify } from "../../src/cli/migration_draft.ts";
import { Migration } from "../../src/core/migration.ts";

Deno.test("slugify() makes words of a file name from any text", () => {
  assertEquals(slugify("Add  Users & Posts!"), "add_users_posts");
  assertEquals(slugify("Größe über Straße"), "grosse_uber_strasse");
  assertEquals(slugify("add_users.sql"), "add_users");
  assertEquals(slugify("日本"), "");
});

Deno.test("slugify() ends a long name with a whole word", () => {
  assertEquals(slugify(`${"word ".repeat(30)}`), Array(12).fill("word").join("_"));
  assertEquals(slugify("x".repeat(80)), "x".repeat(60));
});

Deno.test("draftMigration() is valid as soon as it has a statement", async () => {
  const fill = (draft: string): string => draft.replace("\n\n\n-- ROLLBACK", "\nSELECT 1;\n\n-- ROLLBACK");
  const migration = await Migration.parse("002_x.sql", fill(draftMigration("add\nthe -- users", ["001_a", "001_b"])));
  assertEquals(migration.description, "Add the -- users");
  assertEquals(migration.dependencies, ["001_a", "001_b"]);
  assertEquals(migration.rollback !== undefined, true);
  assertEquals((await Migration.parse("001_x.sql", fill(draftMigration("x", [])))).dependencies, []);
});
