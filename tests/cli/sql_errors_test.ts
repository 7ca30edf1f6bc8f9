import { assertEquals } from "@std/assert";
import { project, steady } from "./project.ts";

const BASE = "CREATE TABLE base (id int PRIMARY KEY);\n-- ROLLBACK\nDROP TABLE base;\n";
const LATER = "SELECT 1;\n-- ROLLBACK\nSELECT 1;\n";

/** Applies three migrations of which the second has this text, and compares all that is printed. */
async function assertFailure(text: string, expected: string, code = 4): Promise<void> {
  const { run, query } = await project({
    "migrations/default/001_base.sql": BASE,
    "migrations/default/002_bad.sql": text,
    "migrations/default/003_later.sql": LATER,
  });
  const up = await run("up");
  assertEquals([up.code, up.out], [code, ""]);
  assertEquals(steady(up.err), expected);
  const rows = await query("SELECT name, applied_at IS NOT NULL AS applied FROM metapg_migrations ORDER BY seq");
  assertEquals(rows, [{ name: "001_base", applied: true }, { name: "002_bad", applied: false }]);
}

const HEAD = "✓ 001_base  T ms\n✗ 002_bad    failed\n";
const TAIL = `
Applied: 001_base
Not applied: 002_bad (nothing of it was kept), 003_later
Next: Mend 002_bad, then run metapg-migration up again
`;

Deno.test("up points into the body of a function that PostgreSQL cannot read", async () => {
  await assertFailure(
    "-- Größe 🐘\nCREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$\nBEGIN\n\tSELEKT 1;\nEND $$;\n",
    `${HEAD}Error: "002_bad" failed: syntax error at or near "SELEKT" (42601)
  migrations/default/002_bad.sql:4:2

    2 │ CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$
    3 │ BEGIN
  > 4 │     SELEKT 1;
      │     ^
    5 │ END $$;
${TAIL}`,
  );
});

Deno.test("up points into the body of a function in SQL", async () => {
  await assertFailure(
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$\n  SELECT '🐘', nope FROM base\n$$;\n",
    `${HEAD}Error: "002_bad" failed: column "nope" does not exist (42703)
  migrations/default/002_bad.sql:2:15

    1 │ CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$
  > 2 │   SELECT '🐘', nope FROM base
      │                ^
    3 │ $$;
${TAIL}`,
  );
});

Deno.test("up shows the statement that called a function, and what failed inside of it", async () => {
  await assertFailure(
    "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$\nBEGIN\n  INSERT INTO nowhere VALUES (1);\nEND $$;\n\nSELECT f();\n",
    `${HEAD}Error: "002_bad" failed: relation "nowhere" does not exist (42P01)
  migrations/default/002_bad.sql:6:1

    4 │ END $$;
    5 │
  > 6 │ SELECT f();
      │ ^

  Inside: INSERT INTO nowhere VALUES (1)
  Where: PL/pgSQL function f() line 3 at SQL statement
${TAIL}`,
  );
});

Deno.test("up puts the caret under the token behind emoji, wide characters, comments and tabs", async () => {
  await assertFailure(
    "-- Größe, 日本語 und 🐘\n\tSELECT '🐘🐘',\t/* 日本 */ nothing;\n",
    `${HEAD}Error: "002_bad" failed: column "nothing" does not exist (42703)
  migrations/default/002_bad.sql:2:24

    1 │ -- Größe, 日本語 und 🐘
  > 2 │     SELECT '🐘🐘',  /* 日本 */ nothing;
      │                                ^
${TAIL}`,
  );
});

Deno.test("up points at the last statement, which has no semicolon", async () => {
  await assertFailure(
    "SELECT 1;\n\n  SELECT lenght('a') -- the end",
    `${HEAD}Error: "002_bad" failed: function lenght(unknown) does not exist (42883)
  migrations/default/002_bad.sql:3:10

    1 │ SELECT 1;
    2 │
  > 3 │   SELECT lenght('a') -- the end
      │          ^

  Hint: No function matches the given name and argument types. You might need to add explicit type casts.
${TAIL}`,
  );
});

Deno.test("up shows detail, hint and context of an error that a trigger raises", async () => {
  await assertFailure(
    `CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  RAISE EXCEPTION 'no more rows' USING DETAIL = 'the detail', HINT = 'the hint', ERRCODE = 'XX123';
END $$;
CREATE TRIGGER no BEFORE INSERT ON base FOR EACH ROW EXECUTE FUNCTION no();
INSERT INTO base VALUES (1);
`,
    `${HEAD}Error: "002_bad" failed: no more rows (XX123)
  migrations/default/002_bad.sql:5:1

    3 │ END $$;
    4 │ CREATE TRIGGER no BEFORE INSERT ON base FOR EACH ROW EXECUTE FUNCTION no();
  > 5 │ INSERT INTO base VALUES (1);
      │ ^

  Detail: the detail
  Hint: the hint
  Where: PL/pgSQL function no() line 2 at RAISE
${TAIL}`,
  );
});

Deno.test("up says that a deferred constraint failed at commit, and nothing of its own ROLLBACK", async () => {
  await assertFailure(
    "CREATE TABLE child (id int REFERENCES base DEFERRABLE INITIALLY DEFERRED);\nINSERT INTO child VALUES (42);\n",
    `${HEAD}Error: "002_bad" failed: insert or update on table "child" violates foreign key constraint "child_id_fkey" (23503)
  migrations/default/002_bad.sql at commit
  Detail: Key (id)=(42) is not present in table "base".
${TAIL}`,
  );
});

Deno.test("up points at the statement of an error that has no position", async () => {
  await assertFailure(
    "SELECT 1;\n-- why\n  SELECT 1 / id FROM (VALUES (0)) AS v (id);\nSELECT 2;\n",
    `${HEAD}Error: "002_bad" failed: division by zero (22012)
  migrations/default/002_bad.sql:3:3

    1 │ SELECT 1;
    2 │ -- why
  > 3 │   SELECT 1 / id FROM (VALUES (0)) AS v (id);
      │   ^
    4 │ SELECT 2;
${TAIL}`,
  );
});

Deno.test("up shows of a very long line what is around the error", async () => {
  await assertFailure(
    `INSERT INTO base VALUES ${"(1), ".repeat(1000)}(nope);\n`,
    `${HEAD}Error: "002_bad" failed: column "nope" does not exist (42703)
  migrations/default/002_bad.sql:1:5026

  > 1 │ …${"(1), ".repeat(16).slice(1)}(nope);
      │ ${" ".repeat(81)}^
${TAIL}`,
  );
});

Deno.test("up says what of a migration without a transaction stays", async () => {
  await assertFailure(
    "-- Transaction: none\nCREATE TABLE x (id int);\nSELECT 1 / id FROM (VALUES (0)) AS v (id);\n",
    `${HEAD}Error: "002_bad" failed: division by zero (22012)
  migrations/default/002_bad.sql:3:1

    1 │ -- Transaction: none
    2 │ CREATE TABLE x (id int);
  > 3 │ SELECT 1 / id FROM (VALUES (0)) AS v (id);
      │ ^

Applied: 001_base
Not applied: 002_bad (what ran of it stays), 003_later
Next: Mend the rest of 002_bad, then run metapg-migration up again: it goes on where it stopped
`,
    5,
  );
});

Deno.test("down points into the rollback section, and says what was rolled back before", async () => {
  const file = "migrations/default/002_bad.sql";
  const { files, run } = await project({
    "migrations/default/001_base.sql": BASE,
    [file]: "SELECT 1;\n\n-- ROLLBACK\n-- 🐘\nDROP TABLE nothing;\n",
    "migrations/default/003_later.sql": LATER,
  });
  assertEquals((await run("up")).code, 0);
  const { code, out, err } = await run("down", "3", "--yes");
  assertEquals([code, out], [4, ""]);
  assertEquals(
    steady(err),
    `✓ 003_later  rolled back,  T ms
✗ 002_bad    failed
Error: The rollback of "002_bad" failed: table "nothing" does not exist (42P01)
  migrations/default/002_bad.sql:5:1

    3 │ -- ROLLBACK
    4 │ -- 🐘
  > 5 │ DROP TABLE nothing;
      │ ^

Rolled back: 003_later
Not rolled back: 002_bad (nothing of its rollback was kept), 001_base
Next: Mend the cause, then run metapg-migration down again. If the rollback itself is wrong, mend it in the file and run metapg-migration repair first
`,
  );
  files[file] = "SELECT 1;\n\n-- ROLLBACK\nSELECT 2;\n";
  assertEquals((await run("repair", "--yes")).code, 0);
  assertEquals((await run("down", "2", "--yes")).code, 0);
});
