import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { findSecret, maskSecrets } from "../../src/core/mask.ts";

/** SQL and what is shown of it. */
const MASKED: readonly (readonly [sql: string, shown: string])[] = [
  ["CREATE ROLE a PASSWORD 'x' LOGIN", "CREATE ROLE a PASSWORD '***' LOGIN"],
  [
    "ALTER USER a WITH ENCRYPTED password E'x\\'y'; SELECT 'z'",
    "ALTER USER a WITH ENCRYPTED password '***'; SELECT 'z'",
  ],
  ["ALTER ROLE a PASSWORD /* old */ $p$x$p$", "ALTER ROLE a PASSWORD /* old */ '***'"],
  ["ALTER ROLE a PASSWORD U&'x'", "ALTER ROLE a PASSWORD '***'"],
  ["ALTER ROLE a PASSWORD\n'x\ny'\n'z' VALID UNTIL 'x'", "ALTER ROLE a PASSWORD\n'***\n\n' VALID UNTIL 'x'"],
  [
    "CREATE SUBSCRIPTION s CONNECTION 'host=h password=x' PUBLICATION p",
    "CREATE SUBSCRIPTION s CONNECTION '***' PUBLICATION p",
  ],
  [
    "CREATE USER MAPPING FOR a SERVER s OPTIONS (user 'u', secret 'x'); SELECT 'x'",
    "CREATE USER MAPPING FOR a SERVER s OPTIONS (user '***', secret '***'); SELECT 'x'",
  ],
  [
    "ALTER USER MAPPING FOR a SERVER s OPTIONS (SET token 'x', DROP b)",
    "ALTER USER MAPPING FOR a SERVER s OPTIONS (SET token '***', DROP b)",
  ],
  ["CREATE SERVER s OPTIONS (host 'h', \"password\" 'x')", "CREATE SERVER s OPTIONS (host 'h', \"password\" '***')"],
  ["DO $$ BEGIN CREATE ROLE a PASSWORD 'x'; END $$", "DO $$ BEGIN CREATE ROLE a PASSWORD '***'; END $$"],
  ["DO 'BEGIN CREATE ROLE a PASSWORD ''x''; END'", "DO 'BEGIN CREATE ROLE a PASSWORD ''***''; END'"],
  [
    "DO $$ BEGIN EXECUTE 'ALTER ROLE a PASSWORD ''x'''; END $$",
    "DO $$ BEGIN EXECUTE 'ALTER ROLE a PASSWORD ''***'''; END $$",
  ],
  ["SELECT 1 -- ALTER ROLE a PASSWORD 'x'\n;", "SELECT 1 -- ALTER ROLE a PASSWORD '***'\n;"],
  ["/* ALTER ROLE a PASSWORD 'x' */ SELECT 1", "/* ALTER ROLE a PASSWORD '***' */ SELECT 1"],
  ["ALTER ROLE a PASSWORD 'x", "ALTER ROLE a PASSWORD '***'"],
  ["DO $$ ALTER ROLE a PASSWORD 'x", "DO $$ ALTER ROLE a PASSWORD '***'"],
  ["DO 'ALTER ROLE a PASSWORD ''x", "DO 'ALTER ROLE a PASSWORD ''***''"],
  ["/* ALTER ROLE a PASSWORD 'x", "/* ALTER ROLE a PASSWORD '***'"],
];

for (const [sql, shown] of MASKED) {
  Deno.test(`maskSecrets() hides the secret of ${JSON.stringify(sql)}`, () => {
    assertEquals(maskSecrets(sql), shown);
    assert(findSecret(sql) !== undefined);
  });
}

Deno.test("maskSecrets() leaves alone what is no secret", () => {
  for (
    const sql of [
      "",
      "SELECT 'x'",
      "CREATE TABLE users (password text DEFAULT 'x', connection text)",
      "ALTER ROLE a PASSWORD NULL VALID UNTIL 'x'",
      "SELECT 'password'",
      "COMMENT ON COLUMN users.password IS 'it''s hashed'",
      "CREATE USER a; SELECT mapping, options ('x') -- password",
      "CREATE USER MAPPING FOR a SERVER s; SELECT 'x'",
      "CREATE SERVER s OPTIONS (host 'h') -- no user mapping",
    ]
  ) {
    assertEquals(maskSecrets(sql), sql);
    assertEquals(findSecret(sql), undefined);
  }
});

Deno.test("maskSecrets() keeps the number of lines", () => {
  const pieces = fc.constantFrom("PASSWORD ", "'", "''", "\n", "$$", "--", "/*", "*/", "E'", "x", "CONNECTION", " ");
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 20 }), (parts) => {
      const sql = parts.join("");
      assertEquals(maskSecrets(sql).split("\n").length, sql.split("\n").length);
    }),
    { numRuns: 2000 },
  );
});

Deno.test("maskSecrets() hides what it has hidden no second time", () => {
  for (const [, shown] of MASKED) assertEquals(maskSecrets(shown), shown);
});

Deno.test("findSecret() finds the literal, or the body that holds it", () => {
  assertEquals(findSecret("ALTER ROLE a PASSWORD 'x'"), 22);
  assertEquals(findSecret("DO $$ ALTER ROLE a PASSWORD 'x' $$"), 3);
  assertEquals(findSecret("SELECT 1"), undefined);
});
