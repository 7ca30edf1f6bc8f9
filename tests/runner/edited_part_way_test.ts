import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { MigrationError } from "../../src/core/error.ts";
import { Migration } from "../../src/core/migration.ts";
import { onEveryEngine, type Project } from "./project.ts";

const FIRST = "CREATE TABLE a (id int);";
const SECOND = "INSERT INTO a VALUES (1);";
const THIRD = "INSERT INTO gone VALUES (1);";
const FOURTH = "INSERT INTO a VALUES (4);";
const TEXT = ["-- Transaction: none", FIRST, SECOND, THIRD, FOURTH, ""].join("\n");

async function failure(call: Promise<unknown>): Promise<MigrationError> {
  return await assertRejects(() => call, MigrationError) as MigrationError;
}

/** A migration of four units that stopped at its third. */
async function stopped(project: Project): Promise<void> {
  await project.query("DROP TABLE IF EXISTS a, b, metapg_migrations, metapg_migrations_log CASCADE");
  project.files["001_work.sql"] = TEXT;
  assertEquals((await failure(project.runner().applyPending())).code, "PARTIAL");
}

async function rows({ query }: Project): Promise<unknown> {
  return (await query("SELECT string_agg(id::text, ' ' ORDER BY id) AS ids FROM a"))[0]?.ids;
}

/** Edits that leave what ran as it is. */
const ALLOWED: Readonly<Record<string, readonly [text: string, ids: string]>> = {
  "the unit that failed": [TEXT.replace(THIRD, "INSERT INTO a VALUES (3);"), "1 3 4"],
  "units that did not run yet": [TEXT.replace(THIRD, "").replace("(4)", "(5)"), "1 5"],
  "fewer units, more behind them": [TEXT.replace(THIRD, "").replace(FOURTH, ""), "1"],
  "comments and white space": [
    TEXT.replace(FIRST, "  /* a */ CREATE  TABLE a -- x\n (id int) ;").replace(THIRD, ""),
    "1 4",
  ],
};

/** Edits of what ran. */
const REFUSED: Readonly<Record<string, string>> = {
  "a finished unit": TEXT.replace("VALUES (1)", "VALUES (2)"),
  "a unit less": TEXT.replace(`${FIRST}\n`, ""),
  "a unit more": TEXT.replace(FIRST, `SELECT 1;\n${FIRST}`),
  "fewer units than were finished": `-- Transaction: none\n${FIRST}\n`,
  "two units in one block": TEXT.replace(FIRST, `BEGIN;\n${FIRST}`).replace(SECOND, `${SECOND}\nCOMMIT;`),
};

onEveryEngine("a part-way file goes on with its new text if what ran is the same", async (project) => {
  for (const [what, [text, ids]] of Object.entries(ALLOWED)) {
    await stopped(project);
    project.files["001_work.sql"] = text;
    assertEquals(await project.runner().applyPending(), ["001_work"], what);
    assertEquals(await rows(project), ids, what);
    assertEquals((await project.runner().show("001_work")).source, text, what);
    assertEquals(await project.runner().applyPending(), [], what);
  }
});

onEveryEngine("a part-way file is refused before anything runs if what ran was edited", async (project) => {
  for (const [what, text] of Object.entries(REFUSED)) {
    await stopped(project);
    project.files["001_work.sql"] = text.replace(THIRD, "");
    const migration = await Migration.parse("001_work.sql", project.files["001_work.sql"]!);
    const runs = [() => project.runner().applyPending(), () => project.runner().applyMigration(migration)];
    for (const run of runs) {
      const error = await failure(run());
      assertEquals(error.code, "CHANGED", what);
      assertMatch(error.hint ?? "", /Restore its first 2 statements; show 001_work prints it as it ran/);
    }
    assertEquals(await rows(project), "1", what);
  }
});

onEveryEngine("a part-way file that lost its Transaction: none is refused, with what to restore", async (project) => {
  await stopped(project);
  project.files["001_work.sql"] = TEXT.replace("-- Transaction: none\n", "");
  const error = await failure(project.runner().applyPending());
  assertEquals([error.code, error.message], [
    "CHANGED",
    'Cannot resume "001_work": its header no longer says "Transaction: none"',
  ]);
  assertEquals(error.hint, "Restore that line: 001_work is part-way, and what is finished of it is committed");
});

onEveryEngine("a unit that began may not be edited, one that failed may", async (project) => {
  await stopped(project);
  project.files["001_work.sql"] = TEXT.replace(THIRD, "DO $$ BEGIN END $$;");
  await project.query("UPDATE metapg_migrations SET unit_state = 'started'");
  const error = await failure(project.runner().applyPending());
  assertEquals(error.code, "CHANGED");
  assertMatch(error.hint ?? "", /its first 3 statements/);
});

onEveryEngine("a file may be edited again at every unit at which it stops", async (project) => {
  await stopped(project);
  const edited = TEXT.replace(THIRD, "INSERT INTO a VALUES (3);");
  project.files["001_work.sql"] = edited.replace(FOURTH, "INSERT INTO b VALUES (1);");
  assertEquals((await failure(project.runner().applyPending())).code, "PARTIAL");
  project.files["001_work.sql"] = TEXT.replace(FOURTH, "");
  assertEquals((await failure(project.runner().applyPending())).code, "CHANGED");
  project.files["001_work.sql"] = edited;
  assertEquals(await project.runner().applyPending(), ["001_work"]);
  assertEquals(await rows(project), "1 3 4");
});
