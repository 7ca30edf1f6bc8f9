import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { exitCodeOf } from "../../src/cli/exit_code.ts";
import { MigrationError } from "../../src/core/error.ts";
import { onEveryEngine, type Project } from "./project.ts";

async function failure(call: Promise<unknown>): Promise<MigrationError> {
  return await assertRejects(() => call, MigrationError) as MigrationError;
}

const FILES: Readonly<Record<string, string>> = {
  "001_base.sql": "CREATE TABLE base (id int);\n-- ROLLBACK\nDROP TABLE base;\n",
  "002_work.sql": "-- Depends: 001_base\n-- Transaction: none\nCREATE TABLE work (id int);\n" +
    "-- ROLLBACK\nINSERT INTO base VALUES (1);\nDO $$ BEGIN DELETE FROM missing; INSERT INTO base VALUES (2); END $$;\nINSERT INTO base VALUES (3);\n",
  "003_other.sql": "CREATE TABLE other (id int);\n-- ROLLBACK\nDROP TABLE other;\n",
};

/** Three migrations, and the rollback of the second stopped at its second unit. */
async function stopped(project: Project): Promise<MigrationError> {
  Object.assign(project.files, FILES);
  await project.runner().applyPending();
  return await failure(project.runner().rollbackMigration("002_work"));
}

async function mend({ query }: Project): Promise<void> {
  await query("CREATE TABLE missing (id int)");
}

async function ids({ query }: Project): Promise<unknown> {
  return (await query("SELECT string_agg(id::text, ' ' ORDER BY id) AS ids FROM base"))[0]?.ids;
}

async function names(project: Project): Promise<readonly string[]> {
  return (await project.runner().getAppliedMigrations()).map((record) => record.name);
}

onEveryEngine("a part-way rollback is shown, and everything but finishing it is refused", async (project) => {
  const error = await stopped(project);
  assertEquals([error.code, exitCodeOf(error)], ["PARTIAL", 5]);
  const status = await project.runner().getStatus();
  assertEquals(
    status.failed.map(({ name, partial, unitsDone, unitState }) => ({ name, partial, unitsDone, unitState })),
    [{ name: "002_work", partial: "down", unitsDone: 1, unitState: "failed" }],
  );
  assertMatch(status.failed[0]?.error ?? "", /relation "missing" does not exist/);
  const runner = project.runner();
  project.files["004_more.sql"] = "CREATE TABLE more (id int);\n";
  const refused = [
    () => runner.applyPending(),
    () => runner.run({ type: "up", target: "004_more" }),
    () => runner.run({ type: "redo", count: 1 }),
    () => runner.run({ type: "sync" }),
  ];
  for (const run of refused) {
    const refusal = await failure(run());
    assertEquals([refusal.code, refusal.hint, exitCodeOf(refusal)], ["PARTIAL", "Finish it with down 002_work", 7]);
  }
  assertEquals(await ids(project), "1");
});

onEveryEngine(
  "a part-way rollback leaves others free to be rolled back, but not what it builds on",
  async (project) => {
    await stopped(project);
    const refusal = await failure(project.runner().rollbackMigration("001_base"));
    assertEquals([refusal.code, exitCodeOf(refusal)], ["DEPENDENTS", 7]);
    assertEquals(await project.runner().rollbackMigration("003_other"), ["003_other"]);
    assertEquals(await names(project), ["001_base"]);
    await mend(project);
    assertEquals((await project.runner().run({ type: "down", count: 1 })).done.map((done) => done.name), ["002_work"]);
    assertEquals([await names(project), await ids(project)], [["001_base"], "1 2 3"]);
  },
);

onEveryEngine("a part-way rollback goes on from the history, whatever became of its file", async (project) => {
  for (const text of [undefined, "not SQL at all'", FILES["002_work.sql"]!.replace("VALUES (3)", "VALUES (9)")]) {
    await project.query("DROP TABLE IF EXISTS base, work, other, missing, metapg_migrations, metapg_migrations_log");
    await stopped(project);
    await mend(project);
    if (text === undefined) delete project.files["002_work.sql"];
    else project.files["002_work.sql"] = text;
    assertEquals(await project.runner().rollbackMigration("002_work"), ["002_work"], text);
    assertEquals(await ids(project), "1 2 3", text);
    assertEquals(await names(project), ["001_base", "003_other"], text);
  }
});

onEveryEngine("a cascade finishes a part-way rollback in its turn, and up begins anew behind it", async (project) => {
  await stopped(project);
  await mend(project);
  const down = await project.runner().rollbackMigration("001_base", { cascade: true });
  assertEquals(down, ["002_work", "001_base"]);
  await project.query("DROP TABLE work");
  assertEquals(await project.runner().applyPending(), ["001_base", "002_work"]);
  assertEquals((await project.runner().getStatus()).failed, []);
});

onEveryEngine("a person tells of a unit of a rollback whether it was finished", async (project) => {
  await stopped(project);
  await mend(project);
  const name = "002_work";
  for (const answer of ["again", "done"] as const) {
    await project.query("UPDATE metapg_migrations SET unit_state = 'started' WHERE partial = 'down'");
    const error = await failure(project.runner().rollbackMigration(name));
    assertEquals([error.code, exitCodeOf(error)], ["PARTIAL", 5]);
    assertEquals(
      error.hint,
      "Look at the database, then say repair --done 002_work:2 or repair --again 002_work:2",
    );
    for (const unit of [1, 3]) {
      assertEquals((await failure(project.runner().repair({ [answer]: { name, unit } }))).code, "USAGE");
    }
    await project.runner().repair({ [answer]: { name, unit: 2 } });
    assertEquals(await ids(project), "1");
  }
  assertEquals(await project.runner().rollbackMigration(name), [name]);
  assertEquals(await ids(project), "1 3");
});
