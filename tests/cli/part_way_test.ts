import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { tmpdir } from "node:os";
import { project } from "./project.ts";

const FILE = "migrations/default/002_none.sql";
const FILES = {
  "migrations/default/001_base.sql": "CREATE TABLE users (id bigint PRIMARY KEY, email text);\n",
  [FILE]: `-- Depends: 001_base
-- Transaction: none
ALTER TABLE users ADD COLUMN k int;
CREATE INDEX CONCURRENTLY users_e ON users (email);
-- ROLLBACK
DROP INDEX CONCURRENTLY users_e;
ALTER TABLE users DROP COLUMN kk;
`,
};

/** What a dry run prints of the rollback once its first statement is finished. */
const left = (column: string) =>
  `-- default: 1 step

-- ==== 1/1 roll back 002_none (outside a transaction) ==== as it was applied
-- 1 statement is finished and left out
ALTER TABLE users DROP COLUMN ${column};
`;

Deno.test("main() goes on with a part-way rollback after its wrong statement was mended and repaired", async () => {
  const { files, run, json } = await project(FILES);
  assertEquals((await run("up")).code, 0);
  const failed = await run("down");
  assertEquals(failed.code, 5);
  assertStringIncludes(
    failed.err,
    "If the rollback itself is wrong, mend it in the file and run metapg-migration repair first",
  );
  assertEquals((await run("down", "--dry-run")).out, left("kk"));
  files[FILE] = files[FILE]!.replace("kk", "k");
  assertStringIncludes(
    (await run("down", "002_none", "--dry-run")).err,
    "metapg-migration repair records the file as it is, unless what ran of it was edited",
  );
  const repaired = await run("repair", "-y");
  assertEquals(repaired.code, 0);
  assertMatch(repaired.out, /^accept 002_none as its file is: .+\nMade 1 change\n$/);
  assertEquals((await run("down", "--dry-run")).out, left("k"));
  const [{ steps: [step] }] = (await json("down", "--dry-run")).databases;
  assertEquals([step.unitsDone, step.unitState], [1, "failed"]);
  assertStringIncludes(step.sql, "DROP INDEX CONCURRENTLY users_e;");
  assertEquals((await run("down", "002_none")).code, 0);
  assertEquals((await run("up")).code, 0);
});

Deno.test("main() repair says what to restore of a part-way rollback", async () => {
  const { files, run } = await project(FILES);
  await run("up");
  await run("down");
  files[FILE] = files[FILE]!.replace("kk", "k").replace("DROP INDEX CONCURRENTLY users_e", "SELECT 1");
  const { code, err } = await run("repair", "-y");
  assertEquals([code, err], [
    7,
    'Error: Cannot repair "002_none": statements of its rollback that ran already were edited. ' +
    "Restore the first statement of its rollback; metapg-migration show 002_none prints it as it ran\n",
  ]);
});

Deno.test("main() plan and up --dry-run print what is left of a part-way migration", async () => {
  const { run, query } = await project({
    "migrations/default/001_work.sql":
      "-- Transaction: none\nSET app.x = 'y';\nBEGIN;\nCREATE TABLE a (id int);\nCOMMIT;\n" +
      "BEGIN;\nSELECT nope;\nCOMMIT;\nSELECT 3;\n",
  });
  assertEquals((await run("up")).code, 5);
  const title = "-- default: 1 step\n\n-- ==== 1/1 apply 001_work (outside a transaction) ==== " +
    "migrations/default/001_work.sql\n-- 2 statements are finished and left out; what they set is set again";
  const rest = "SET app.x = 'y';\nBEGIN;\nSELECT nope;\nCOMMIT;\nSELECT 3;\n";
  for (const args of [["plan"], ["up", "--dry-run"]]) {
    assertEquals((await run(...args)).out, `${title}\n${rest}`, args.join(" "));
  }
  await query("UPDATE metapg_migrations SET unit_state = 'started'");
  const unknown =
    "the first one below began and may be finished: up looks, and where the database does not tell it asks";
  assertEquals((await run("plan")).out, `${title}; ${unknown}\n${rest}`);
});

Deno.test("main() plan --trace and trace --url tell of a part-way migration what is left", async () => {
  const { runWith, query } = await project({
    "migrations/default/001_users.sql": "CREATE TABLE users (id int);\n",
    "migrations/default/002_age.sql": "-- Transaction: none\nALTER TABLE users ALTER id TYPE bigint; " +
      "SELECT 1 / (1 - count(*)) FROM users;\nCREATE INDEX CONCURRENTLY users_id ON users (id);\n",
  });
  const env = { METAPG_CACHE: `${tmpdir()}/metapg-tests` };
  const run = (...args: string[]) => runWith({ env }, ...args);
  await run("up", "1");
  await query("INSERT INTO users VALUES (1)");
  assertEquals((await run("up")).code, 5);
  const { code, out } = await run("plan", "--trace");
  assertEquals(code, 0);
  assertMatch(
    out,
    /^-- 1 statement is finished and left out\n-- trace: [^\n]+\nSELECT 1 \/ [^\n]+\n-- trace: public\.users [^\n]+ is built[^\n]+\nCREATE INDEX/m,
  );
  for (const args of [["plan", "--trace"], ["trace", "--url", "test:default"]]) {
    const [entry] = JSON.parse((await run(...args, "--json")).out).databases;
    const { migrations: [{ statements }], worst } = entry.trace ?? entry;
    assertEquals(statements.map(({ line }: { line: number }) => line), [2, 3], args[0]);
    assertEquals(worst.line, 3, args[0]);
  }
});

Deno.test("main() plan --sync --trace traces what is left of a rollback, after all that came before", async () => {
  const { files, runWith, query } = await project({
    ...FILES,
    [FILE]: FILES[FILE].replace("ALTER TABLE users DROP COLUMN kk", "SELECT 1 / (1 - count(*)) FROM users"),
  });
  const env = { METAPG_CACHE: `${tmpdir()}/metapg-tests` };
  await runWith({ env }, "up");
  await query("INSERT INTO users VALUES (1)");
  assertEquals((await runWith({ env }, "down")).code, 5);
  delete files[FILE];
  const { code, out } = await runWith({ env }, "plan", "--sync", "--trace");
  assertEquals(code, 0);
  assertMatch(out, /^-- 1 statement is finished and left out\n-- trace: [^\n]+\nSELECT 1 \/ [^\n]+\n$/m);
});
