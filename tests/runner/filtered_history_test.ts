import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { MigrationError } from "../../src/core/error.ts";
import { onEveryEngine, type Project } from "./project.ts";

async function failure(call: Promise<unknown>): Promise<MigrationError> {
  return await assertRejects(() => call, MigrationError) as MigrationError;
}

/** A trigger that lets what is written go, without an error. */
function losing(table: string, event: "INSERT" | "DELETE"): string {
  return `CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE TRIGGER lose BEFORE ${event} ON ${table} FOR EACH ROW EXECUTE FUNCTION lose();`;
}

const COUNT = 30;
const nameOf = (number: number) => `${String(number).padStart(3, "0")}_t`;

function write(project: Project, header = ""): void {
  for (let number = 1; number <= COUNT; number++) {
    project.files[`${nameOf(number)}.sql`] =
      `${header}CREATE TABLE t${number} (id int);\n-- ROLLBACK\nDROP TABLE t${number};\n`;
  }
}

/** Which tables are there and have no row, or have one and are not there. */
async function mismatch(project: Project): Promise<unknown[]> {
  const rows = await project.query(`SELECT n FROM pg_catalog.generate_series(1, ${COUNT}) AS n
    WHERE (to_regclass('t' || n) IS NULL) <> NOT EXISTS (
      SELECT FROM metapg_migrations h WHERE h.version = n AND h.applied_at IS NOT NULL)`);
  return rows.map((row) => row.n);
}

for (const table of ["metapg_migrations", "metapg_migrations_log"]) {
  onEveryEngine(`nothing is applied whose row a trigger on ${table} keeps away`, async (project) => {
    write(project);
    await project.runner().applyPending({ count: 1 });
    project.files["015_t.sql"] = `${losing(table, "INSERT")}\nCREATE TABLE t15 (id int);\n`;
    const error = await failure(project.runner().applyPending());
    assertEquals([error.code, error.applied?.at(-1), await mismatch(project)], ["SQL_FAILED", "014_t", []]);
    assertMatch(error.message, /015_t\.sql: its history was not written: a trigger or a row-level security policy/);
    await project.query(losing(table, "INSERT"));
    assertEquals((await failure(project.runner().applyPending({ count: 1 }))).code, "SQL_FAILED");
    assertEquals(await mismatch(project), []);
    await project.query("DROP FUNCTION lose CASCADE");
    project.files["015_t.sql"] = "CREATE TABLE t15 (id int);\n";
    assertEquals((await project.runner().applyPending()).length, COUNT - 14);
  });
}

onEveryEngine("nothing is rolled back whose row a trigger keeps", async (project) => {
  write(project);
  await project.runner().applyPending();
  await project.query(losing("metapg_migrations", "DELETE"));
  for (const count of [1, COUNT]) {
    const error = await failure(project.runner().run({ type: "down", count }));
    assertEquals([error.code, error.rolledBack, await mismatch(project)], ["SQL_FAILED", [], []]);
  }
  await project.query("DROP FUNCTION lose CASCADE");
  assertEquals((await project.runner().run({ type: "down", count: COUNT })).done.length, COUNT);
});

onEveryEngine(
  "what ran outside a transaction is not told to be done if its history was not written",
  async (project) => {
    project.files["001_t.sql"] = "-- Transaction: none\nCREATE TABLE t1 (id int);\n-- ROLLBACK\nDROP TABLE t1;\n";
    await project.runner().applyPending();
    await project.query(losing("metapg_migrations", "DELETE"));
    for (let tries = 0; tries < 2; tries++) {
      const error = await failure(project.runner().rollbackMigration("001_t"));
      assertEquals(error.code, "PARTIAL");
      assertMatch(error.message, /^Cannot record what was done of "001_t": .*its history was not written/);
      assertMatch(error.hint ?? "", /^See the triggers and policies/);
    }
    await project.query("DROP FUNCTION lose CASCADE");
    assertEquals(await project.runner().rollbackMigration("001_t"), ["001_t"]);
  },
);

onEveryEngine("a unit is undone whose entry a trigger keeps away, and runs once in the end", async (project) => {
  project.files["001_t.sql"] = "CREATE TABLE n (i int);";
  await project.runner().applyPending();
  project.files["002_u.sql"] =
    "-- Transaction: none\nINSERT INTO n VALUES (1);\nINSERT INTO n VALUES (2);\nVACUUM n;\nINSERT INTO n VALUES (3);\n";
  for (const event of ["INSERT", "UPDATE"]) {
    await project.query(losing("metapg_migrations", "INSERT").replace("INSERT ON", `${event} ON`));
    const error = await failure(project.runner().applyPending());
    assertMatch(error.message, /its history was not written: a trigger/);
    await project.query("DROP FUNCTION lose CASCADE");
  }
  assertEquals(await project.runner().applyPending(), ["002_u"]);
  assertEquals(await project.query("SELECT string_agg(i::text, ' ' ORDER BY i) AS n FROM n"), [{ n: "1 2 3" }]);
});

onEveryEngine("what is committed is not told to have failed if nothing can be read of it", async (project) => {
  project.files["001_a.sql"] = `CREATE TABLE a (id int);
CREATE FUNCTION hide() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN ALTER TABLE metapg_migrations_log RENAME TO hidden; RETURN NULL; END';
CREATE CONSTRAINT TRIGGER hide AFTER INSERT ON a DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION hide();
INSERT INTO a VALUES (1);
`;
  const error = await failure(project.runner().applyPending());
  assertEquals(error.code, "OUTCOME_UNKNOWN");
  assertMatch(error.message, /relation "public\.metapg_migrations_log" does not exist while "001_a" ran/);
  await project.query("ALTER TABLE hidden RENAME TO metapg_migrations_log");
  assertEquals(await project.runner().applyPending(), []);
  assertEquals((await project.runner().history()).map(({ action }) => action), ["applied"]);
});
