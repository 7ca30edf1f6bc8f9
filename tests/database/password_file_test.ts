import { assertEquals } from "@std/assert";
import { findPassword } from "../../src/database/password_file.ts";

const QUERY = { host: "db.example", port: 5432, database: "app", user: "me" };

Deno.test("findPassword() takes the first line that matches", () => {
  const text =
    "# comment:1:2:3:4\nother:5432:app:me:no\ndb.example:5433:app:me:no\r\n*:*:app:me:yes\ndb.example:5432:app:me:late\n";
  assertEquals(findPassword(text, QUERY), "yes");
});

Deno.test("findPassword() reads escapes, and colons in the password", () => {
  assertEquals(
    findPassword(String.raw`db.example:5432:a\:p\\p:me:x:\:\\y`, { ...QUERY, database: String.raw`a:p\p` }),
    String.raw`x::\y`,
  );
  assertEquals(findPassword(String.raw`db.example:5432:\*:me:x`, QUERY), undefined);
});

Deno.test("findPassword() looks a Unix socket up as localhost", () => {
  assertEquals(findPassword("localhost:*:*:me:x", { ...QUERY, host: "/run/pg" }), "x");
});

Deno.test("findPassword() finds nothing in an empty or broken file", () => {
  assertEquals(findPassword("", QUERY), undefined);
  assertEquals(findPassword("*:*:*:x", QUERY), undefined);
});
