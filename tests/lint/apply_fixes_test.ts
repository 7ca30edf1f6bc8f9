import { assertEquals } from "@std/assert";
import { parseFile } from "../../src/core/parse.ts";
import { applyFixes, type FixedFile } from "../../src/lint/apply_fixes.ts";
import { lintBlock, readBlock } from "./linted.ts";

/** Rewrites a file by whatever rules find in it. */
async function fix(text: string): Promise<FixedFile | undefined> {
  const [migration] = (await readBlock(text)).migrations;
  const { findings } = await lintBlock(text);
  return await applyFixes(migration!, findings.flatMap((finding) => finding.fix ?? []));
}

Deno.test("applyFixes() makes the indexes of a file CONCURRENTLY, and takes the transaction away", async () => {
  const fixed = await fix(`-- Orders are looked up by customer.
-- Description: Index orders
-- Depends: 001_orders

CREATE INDEX orders_customer ON orders (customer_id);
create unique index on orders (number); -- a comment

-- ROLLBACK
DROP INDEX orders_customer;
DROP INDEX IF EXISTS orders_number_idx;
`);
  assertEquals(
    fixed?.text,
    `-- Orders are looked up by customer.
-- Description: Index orders
-- Depends: 001_orders
-- Transaction: none

CREATE INDEX CONCURRENTLY orders_customer ON orders (customer_id);
create unique index concurrently on orders (number); -- a comment

-- ROLLBACK
DROP INDEX CONCURRENTLY orders_customer;
DROP INDEX CONCURRENTLY IF EXISTS orders_number_idx;
`,
  );
  assertEquals(fixed?.followUp, undefined);
  const { findings } = await lintBlock(fixed!.text);
  assertEquals(findings.filter(({ rule }) => /concurrent/.test(rule)), []);
});

Deno.test("applyFixes() finds a place for the key in every header", async () => {
  const index = "CREATE INDEX i ON orders (a);\n";
  const after = "CREATE INDEX CONCURRENTLY i ON orders (a);\n";
  const cases = {
    [index]: `-- Transaction: none\n\n${after}`,
    [`\n\n${index}`]: `-- Transaction: none\n\n${after}`,
    [`-- words\n\n${index}`]: `-- Transaction: none\n-- words\n\n${after}`,
    [`/* -- Depends: x */\n${index}`]: `-- Transaction: none\n\n/* -- Depends: x */\n${after}`,
    [`-- Lock-Timeout: 1s\n${index}`]: `-- Lock-Timeout: 1s\n-- Transaction: none\n${after}`,
  };
  for (const [before, expected] of Object.entries(cases)) assertEquals((await fix(before))?.text, expected, before);
});

Deno.test("applyFixes() leaves a file alone that does more than make indexes", async () => {
  for (
    const text of [
      "CREATE INDEX i ON orders (a);\nALTER TABLE orders ADD COLUMN b int;\n",
      "CREATE INDEX i ON orders (a);\n-- ROLLBACK\nDROP TABLE orders;\n",
      "DROP INDEX a CASCADE;\n",
      "-- 001_orders.sql\nCREATE TABLE orders (a int) PARTITION BY LIST (a);\n-- 002_i.sql\nCREATE INDEX i ON orders (a);\n",
    ]
  ) {
    const { findings } = await lintBlock(text);
    assertEquals(findings.some(({ rule }) => /index-not-concurrent/.test(rule)), true, text);
    assertEquals(findings.flatMap((finding) => finding.fix ?? []), [], text);
  }
});

Deno.test("applyFixes() gives every index that is dropped a statement of its own, because CONCURRENTLY takes one", async () => {
  const fixed = await fix(`CREATE INDEX users_a ON users (a);
CREATE INDEX users_b ON users (b);

-- ROLLBACK
DROP INDEX users_a, users_b;
drop index if exists app."c, d",  -- the third
  e restrict
`);
  assertEquals(
    fixed?.text,
    `-- Transaction: none

CREATE INDEX CONCURRENTLY users_a ON users (a);
CREATE INDEX CONCURRENTLY users_b ON users (b);

-- ROLLBACK
DROP INDEX CONCURRENTLY users_a;
DROP INDEX CONCURRENTLY users_b;
drop index concurrently if exists app."c, d";
drop index concurrently if exists -- the third
  e restrict
`,
  );
  const { findings } = await lintBlock(fixed!.text);
  assertEquals(findings.filter(({ rule }) => /concurrent/.test(rule)), []);
});

Deno.test("lint() says why it leaves to a person what others like it are mended by", async () => {
  const logs = "-- 001_logs.sql\nCREATE TABLE logs (a int) PARTITION BY LIST (a);\n-- 002_i.sql\n";
  const reasons = {
    "CREATE INDEX i ON orders (a);\n\nALTER TABLE orders ADD COLUMN b int;\n":
      "line 3 does more than make or drop an index",
    "CREATE INDEX i ON orders (a);\n-- ROLLBACK\nDROP INDEX i CASCADE;\n":
      "line 3 has CASCADE, which PostgreSQL refuses with CONCURRENTLY",
    "CREATE /* new */ INDEX i ON orders (a);\n": "line 1 has a comment between its first words",
    [`${logs}CREATE INDEX i ON logs (a);\n`]:
      "line 1 is about a partitioned table, where PostgreSQL refuses CONCURRENTLY",
    [`${logs}ALTER TABLE logs ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES days;\n`]:
      "PostgreSQL before 18 refuses NOT VALID for a foreign key of a partitioned table",
    "ALTER TABLE orders ADD CHECK (a > 0);\n": "it has no name to VALIDATE it by",
    "ALTER TABLE orders ADD COLUMN b int DEFAULT 1 CONSTRAINT c CHECK (b > 0);\n":
      "the constraint of a column cannot be NOT VALID",
    "SELECT 1;\n-- ROLLBACK\nALTER TABLE orders ADD CONSTRAINT c CHECK (b > 0);\n":
      "what VALIDATEs it belongs into another rollback",
  };
  for (const [text, reason] of Object.entries(reasons)) {
    const { findings } = await lintBlock(text);
    assertEquals([...new Set(findings.flatMap(({ unfixed }) => unfixed ?? []))], [reason], text);
    assertEquals(findings.flatMap((finding) => finding.fix ?? []), [], text);
  }
  const key = `-- oldest server: 18\n${logs}ALTER TABLE logs ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES days;\n`;
  assertEquals((await lintBlock(key)).findings.flatMap((finding) => finding.fix ?? []).length, 1);
});

Deno.test("applyFixes() adds constraints NOT VALID, and VALIDATEs them in a file that follows", async () => {
  const fixed = await fix(`ALTER TABLE app."Orders"
  ADD CONSTRAINT paid CHECK (paid IN (0, 1)), -- a comment, with a comma
  add constraint "Shop" foreign key (shop_id) references shops (id) on delete cascade;
ALTER TABLE orders ADD CHECK (a > 0);
`);
  assertEquals(
    fixed?.text,
    `ALTER TABLE app."Orders"
  ADD CONSTRAINT paid CHECK (paid IN (0, 1)) NOT VALID, -- a comment, with a comma
  add constraint "Shop" foreign key (shop_id) references shops (id) on delete cascade not valid;
ALTER TABLE orders ADD CHECK (a > 0);
`,
  );
  assertEquals(fixed?.followUp, {
    slug: "validate_paid",
    text: `-- The rows that were there before are read beside those who write, in a transaction of its own.
--
-- Depends: 001_example

ALTER TABLE app."Orders" VALIDATE CONSTRAINT paid;
ALTER TABLE app."Orders" VALIDATE CONSTRAINT "Shop";

-- ROLLBACK
ALTER TABLE app."Orders" DROP CONSTRAINT "Shop", ADD constraint "Shop" foreign key (shop_id) references shops (id) on delete cascade NOT VALID;
ALTER TABLE app."Orders" DROP CONSTRAINT paid, ADD CONSTRAINT paid CHECK (paid IN (0, 1)) NOT VALID;
`,
  });
  const { problems } = await parseFile("002_validate_paid.sql", fixed!.followUp!.text);
  assertEquals(problems, []);
});

Deno.test("applyFixes() counts characters beyond ASCII as the file does", async () => {
  const fixed = await fix("ALTER TABLE t ADD CONSTRAINT c CHECK (n <> '🐘é'), ADD CONSTRAINT d CHECK (m <> 'é');\n");
  assertEquals(
    fixed?.text,
    "ALTER TABLE t ADD CONSTRAINT c CHECK (n <> '🐘é') NOT VALID, ADD CONSTRAINT d CHECK (m <> 'é') NOT VALID;\n",
  );
});

Deno.test("applyFixes() writes names that are words of SQL in double quotes", async () => {
  const fixed = await fix('ALTER TABLE "order" ADD CONSTRAINT "check" CHECK (total > 0);\n');
  assertEquals(
    fixed?.followUp?.text.split("\n").filter((line) => line.startsWith("ALTER")),
    [
      'ALTER TABLE "order" VALIDATE CONSTRAINT "check";',
      'ALTER TABLE "order" DROP CONSTRAINT "check", ADD CONSTRAINT "check" CHECK (total > 0) NOT VALID;',
    ],
  );
});

Deno.test("applyFixes() mends an index that only the rollback drops, and writes no file for a constraint of one", async () => {
  const up = "-- Transaction: none\n\nCREATE INDEX CONCURRENTLY i ON orders (a);\n\n-- ROLLBACK\n";
  assertEquals((await fix(`${up}DROP INDEX i;\n`))?.text, `${up}DROP INDEX CONCURRENTLY i;\n`);
  assertEquals(
    await fix("ALTER TABLE a DROP CONSTRAINT c;\n\n-- ROLLBACK\nALTER TABLE a ADD CONSTRAINT c CHECK (b > 0);\n"),
    undefined,
  );
});
