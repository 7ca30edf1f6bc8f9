import { assertEquals, assertRejects } from "@std/assert";
import { exitCodeOf } from "../../src/cli/exit_code.ts";
import { MigrationError } from "../../src/core/error.ts";
import type { PlanRequest } from "../../src/core/plan.ts";
import { onEveryEngine, type Project } from "./project.ts";

const UP = "CREATE TABLE work (id int);";
const FIRST = "INSERT INTO base VALUES (1);";
const SECOND = "INSERT INTO missing VALUES (2);";
const THIRD = "INSERT INTO base VALUES (3);";
const TEXT = ["-- Transaction: none", UP, "-- ROLLBACK", FIRST, SECOND, THIRD, ""].join("\n");
const MENDED = TEXT.replace(SECOND, "INSERT INTO base VALUES (2);");

async function failure(call: Promise<unknown>): Promise<MigrationError> {
  return await assertRejects(() => call, MigrationError) as MigrationError;
}

/** A rollback of three units that stopped at its second. */
async function stopped(project: Project): Promise<void> {
  await project.query("DROP TABLE IF EXISTS base, work, metapg_migrations, metapg_migrations_log");
  for (const name of Object.keys(project.files)) delete project.files[name];
  Object.assign(project.files, { "001_base.sql": "CREATE TABLE base (id int);\n", "002_work.sql": TEXT });
  await project.runner().applyPending();
  assertEquals((await failure(project.runner().rollbackMigration("002_work"))).code, "PARTIAL");
}

async function ids({ query }: Project): Promise<unknown> {
  return (await query("SELECT string_agg(id::text, ' ' ORDER BY id) AS ids FROM base"))[0]?.ids;
}

/** Edits that leave what ran of the rollback as it is. */
const ALLOWED: Readonly<Record<string, readonly [text: string, ids: string]>> = {
  "the unit that failed": [MENDED, "1 2 3"],
  "units that did not run yet": [MENDED.replace(THIRD, "INSERT INTO base VALUES (4);"), "1 2 4"],
  "fewer units": [TEXT.replace(`${SECOND}\n${THIRD}`, ""), "1"],
  "comments and white space": [MENDED.replace(FIRST, "/* a */ INSERT  INTO base -- x\n VALUES (1) ;"), "1 2 3"],
  "what it applies": [MENDED.replace(UP, "CREATE TABLE work (id bigint);"), "1 2 3"],
  "the header": [`-- Description: Work\n${MENDED}`, "1 2 3"],
};

/** Edits of what ran, and of how it is run. */
const REFUSED: Readonly<Record<string, readonly [text: string, message: string, hint: string]>> = {
  ...Object.fromEntries(
    Object.entries({
      "a finished unit": MENDED.replace("(1)", "(5)"),
      "a unit more": MENDED.replace(FIRST, `SELECT 1;\n${FIRST}`),
      "a unit less": MENDED.replace(FIRST, ""),
      "no rollback": TEXT.slice(0, TEXT.indexOf("-- ROLLBACK")),
    }).map(([what, text]) => [what, [
      text,
      'Cannot repair "002_work": statements of its rollback that ran already were edited',
      "Restore the first statement of its rollback; show 002_work prints it as it ran",
    ]]),
  ),
  "the mode": [
    MENDED.replace("-- Transaction: none\n", ""),
    'Cannot repair "002_work": its header no longer says "Transaction: none"',
    "Restore that line: 002_work is part-way, and what is finished of it is committed",
  ],
};

onEveryEngine("repair() takes the file of a part-way rollback, which goes on with its new text", async (project) => {
  for (const [what, [text, expected]] of Object.entries(ALLOWED)) {
    await stopped(project);
    project.files["002_work.sql"] = text;
    const plan = await project.runner().planRepair();
    assertEquals(plan.actions.map(({ type, name }) => `${type} ${name}`), ["accept 002_work"], what);
    await project.runner().repair({}, { expected: plan });
    assertEquals((await project.runner().show("002_work")).source, text, what);
    const [record] = (await project.runner().getStatus()).failed;
    assertEquals([record?.partial, record?.unitsDone, record?.unitState], ["down", 1, "failed"], what);
    assertEquals((await project.runner().planRepair()).actions, [], what);
    assertEquals(await project.runner().rollbackMigration("002_work"), ["002_work"], what);
    assertEquals(await ids(project), expected, what);
    await project.query("DROP TABLE work");
    assertEquals(await project.runner().applyPending(), ["002_work"], what);
  }
});

onEveryEngine("repair() refuses the file of a part-way rollback if what ran was edited", async (project) => {
  for (const [what, [text, message, hint]] of Object.entries(REFUSED)) {
    await stopped(project);
    project.files["002_work.sql"] = text;
    for (const call of [() => project.runner().planRepair(), () => project.runner().repair()]) {
      const error = await failure(call());
      assertEquals([error.code, error.message, error.hint, exitCodeOf(error)], ["CHANGED", message, hint, 7], what);
    }
    assertEquals((await project.runner().show("002_work")).source, TEXT, what);
  }
});

onEveryEngine(
  "repair() refuses to edit a unit of a rollback whose end is unknown until that is told",
  async (project) => {
    await stopped(project);
    project.files["002_work.sql"] = MENDED;
    await project.query("UPDATE metapg_migrations SET unit_state = 'started' WHERE partial = 'down'");
    assertEquals(
      (await failure(project.runner().repair())).hint,
      "Restore the first 2 statements of its rollback; show 002_work prints it as it ran; " +
        "if unit 2 may run as it is now, say repair --again 002_work:2 first",
    );
    await project.runner().repair({ again: { name: "002_work", unit: 2 } });
    assertEquals((await project.runner().repair()).actions.length, 1);
    assertEquals(await project.runner().rollbackMigration("002_work"), ["002_work"]);
    assertEquals(await ids(project), "1 2 3");
  },
);

onEveryEngine(
  "repair() takes a part-way rollback that is renamed and mended, but not what ran of it",
  async (project) => {
    await stopped(project);
    delete project.files["002_work.sql"];
    project.files["002_new.sql"] = MENDED.replace("(1)", "(5)");
    assertEquals((await failure(project.runner().repair())).code, "CHANGED");
    project.files["002_new.sql"] = MENDED;
    const { actions } = await project.runner().repair();
    assertEquals(actions.map(({ type, name }) => `${type} ${name}`), ["rename 002_work", "accept 002_new"]);
    assertEquals(await project.runner().rollbackMigration("002_new"), ["002_new"]);
    assertEquals(await ids(project), "1 2 3");
  },
);

onEveryEngine(
  "repair() leaves the file of a part-way migration to up, and never changes how it is run",
  async (project) => {
    await project.query("DROP TABLE IF EXISTS base, work");
    const text = `-- Transaction: none\n${UP}\n${SECOND}\n`;
    project.files["001_work.sql"] = text;
    assertEquals((await failure(project.runner().applyPending())).code, "PARTIAL");
    project.files["001_work.sql"] = text.replace(SECOND, "SELECT 1;");
    assertEquals((await project.runner().repair()).actions, []);
    delete project.files["001_work.sql"];
    project.files["001_new.sql"] = text.replace("-- Transaction: none\n", "");
    assertEquals((await failure(project.runner().repair())).code, "CHANGED");
    project.files["001_new.sql"] = text;
    await project.runner().repair();
    project.files["001_new.sql"] = text.replace(SECOND, "SELECT 1;");
    assertEquals(await project.runner().applyPending(), ["001_new"]);
  },
);

onEveryEngine("plan() says how far a part-way migration or rollback is", async (project) => {
  await stopped(project);
  const progress = async (request: PlanRequest) =>
    (await project.runner().plan(request)).steps.map((step) => [step.name, step.unitsDone, step.unitState]);
  assertEquals(await progress({ type: "down", count: 2 }).catch(({ code }) => code), "NO_ROLLBACK");
  assertEquals(await progress({ type: "down", count: 1 }), [["002_work", 1, "failed"]]);
  delete project.files["002_work.sql"];
  project.files["003_more.sql"] = `-- Transaction: none\nSELECT 1;\nSELECT 2;\n${SECOND}\n`;
  assertEquals(await progress({ type: "sync" }), [["002_work", 1, "failed"], ["003_more", 0, null]]);
  await project.query("CREATE TABLE missing (id int)");
  await project.runner().rollbackMigration("002_work");
  await project.query("DROP TABLE missing");
  await failure(project.runner().applyPending());
  assertEquals(await progress({ type: "up" }), [["003_more", 2, "failed"]]);
});
