import { assertEquals, assertRejects } from "@std/assert";
import { MigrationError } from "../../src/core/error.ts";
import { onEveryEngine, type Project } from "./project.ts";

async function failure(call: Promise<unknown>): Promise<MigrationError> {
  return await assertRejects(() => call, MigrationError) as MigrationError;
}

async function applied({ runner }: Project): Promise<string[]> {
  return (await runner().getAppliedMigrations()).map((record) => record.name);
}

/** 002 and 003 depend on 001, 004 on both. */
async function diamond(project: Project): Promise<void> {
  const table = (name: string, depends: string) =>
    `-- Depends: ${depends}\nCREATE TABLE ${name} (id int);\n-- ROLLBACK\nDROP TABLE ${name};\n`;
  Object.assign(project.files, {
    "001_a.sql": table("a", "(none)"),
    "002_b.sql": table("b", "001_a"),
    "003_c.sql": table("c", "001_a"),
    "004_d.sql": table("d", "002_b, 003_c"),
  });
  await project.runner().applyPending();
}

onEveryEngine("rollbackMigration() rolls back one that nothing depends on", async (project) => {
  await diamond(project);
  assertEquals(await project.runner().rollbackMigration("004_d"), ["004_d"]);
  assertEquals(await applied(project), ["001_a", "002_b", "003_c"]);
  assertEquals((await project.query("SELECT to_regclass('d')::text AS d"))[0]?.d, null);
  assertEquals((await project.runner().history()).at(-1)?.action, "rolled_back");
  assertEquals(await project.runner().applyPending(), ["004_d"]);
});

onEveryEngine(
  "rollbackMigration() refuses what others depend on, and takes them along with cascade",
  async (project) => {
    await diamond(project);
    const error = await failure(project.runner().rollbackMigration("001_a"));
    assertEquals(error.code, "DEPENDENTS");
    assertEquals((await applied(project)).length, 4);
    assertEquals(await project.runner().rollbackMigration("002_b", { cascade: true }), ["004_d", "002_b"]);
  },
);

onEveryEngine(
  "rollbackMigration() runs the stored rollback when the file is gone, edited or broken",
  async (project) => {
    await diamond(project);
    delete project.files["004_d.sql"];
    project.files["003_c.sql"] = "broken '";
    project.files["002_b.sql"] = project.files["002_b.sql"]!.replace("DROP TABLE b", "DROP TABLE a");
    assertEquals(await project.runner().rollbackMigration("004_d"), ["004_d"]);
    assertEquals(await project.runner().rollbackMigration("003_c"), ["003_c"]);
    project.events.length = 0;
    assertEquals(await project.runner().rollbackMigration("002_b"), ["002_b"]);
    assertEquals(project.events.flatMap((event) => event.type === "warning" ? [event.problem.code] : []), ["rollback"]);
    assertEquals((await project.query("SELECT to_regclass('a')::text AS a"))[0]?.a, "a");
  },
);

onEveryEngine("rollbackMigration() tells what is not applied, unknown or not to be undone", async (project) => {
  await diamond(project);
  project.files["005_fixed.sql"] = "CREATE TABLE fixed (id int);";
  project.files["006_later.sql"] = "CREATE TABLE later (id int);";
  await project.runner().applyPending({ target: "005_fixed" });
  assertEquals((await failure(project.runner().rollbackMigration("006_later"))).code, "NOT_APPLIED");
  assertEquals((await failure(project.runner().rollbackMigration("009_x"))).code, "UNKNOWN_MIGRATION");
  assertEquals((await failure(project.runner().rollbackMigration("005_fixed"))).code, "NO_ROLLBACK");
});

onEveryEngine("an empty rollback does nothing, successfully", async (project) => {
  project.files["001_a.sql"] = "CREATE TABLE a (id int);\n-- ROLLBACK\n";
  await project.runner().applyPending();
  assertEquals(await project.runner().rollbackMigration("001_a"), ["001_a"]);
  assertEquals((await project.query("SELECT to_regclass('a')::text AS a"))[0]?.a, "a");
});

onEveryEngine("a failed rollback leaves the migration applied and the log knowing", async (project) => {
  project.files["001_a.sql"] = "CREATE TABLE a (id int);\n-- ROLLBACK\nDROP TABLE a;\nDROP TABLE b;\n";
  await project.runner().applyPending();
  const error = await failure(project.runner().rollbackMigration("001_a"));
  assertEquals([error.code, error.message], [
    "SQL_FAILED",
    'migrations/main/001_a.sql:4:1: table "b" does not exist (42P01)',
  ]);
  assertEquals(await applied(project), ["001_a"]);
  assertEquals((await project.query("SELECT to_regclass('a')::text AS a"))[0]?.a, "a");
  assertEquals((await project.runner().history()).map((entry) => entry.action), ["applied", "failed"]);
});

onEveryEngine("run() rolls back the last, the last few, or all after a name", async (project) => {
  await diamond(project);
  const down = async (request: { count: number } | { to: string }) =>
    (await project.runner().run({ type: "down", ...request })).done.map((done) => done.name);
  assertEquals(await down({ count: 1 }), ["004_d"]);
  assertEquals(await down({ to: "001_a" }), ["003_c", "002_b"]);
  assertEquals(await down({ to: "0" }), ["001_a"]);
  assertEquals(await down({ count: 1 }), []);
});

onEveryEngine("run() refuses a plan that is not the one agreed to", async (project) => {
  await diamond(project);
  const expected = await project.runner().plan({ type: "down", count: 1 });
  await project.runner().rollbackMigration("004_d");
  const error = await failure(project.runner().run({ type: "down", count: 1 }, { expected }));
  assertEquals(error.code, "PLAN_CHANGED");
  assertEquals((await applied(project)).length, 3);
});

onEveryEngine("redo rolls back with the stored text and applies the file as it is", async (project) => {
  await diamond(project);
  project.files["004_d.sql"] = "-- Depends: 002_b, 003_c\nCREATE TABLE d2 (id int);\n-- ROLLBACK\nDROP TABLE d2;\n";
  const { done } = await project.runner().run({ type: "redo", count: 1 });
  assertEquals(done.map((one) => `${one.direction} ${one.name}`), ["down 004_d", "up 004_d"]);
  const [row] = await project.query("SELECT to_regclass('d')::text AS d, to_regclass('d2')::text AS d2");
  assertEquals(row, { d: null, d2: "d2" });
  delete project.files["004_d.sql"];
  assertEquals((await failure(project.runner().run({ type: "redo", count: 1 }))).code, "MISSING");
});

onEveryEngine("sync brings the database to exactly what the folder holds", async (project) => {
  await diamond(project);
  delete project.files["004_d.sql"];
  delete project.files["003_c.sql"];
  project.files["005_e.sql"] = "-- Depends: 002_b\nCREATE TABLE e (id int);\n-- ROLLBACK\nDROP TABLE e;\n";
  const plan = await project.runner().plan({ type: "sync" });
  const steps = ["down 004_d", "down 003_c", "up 005_e"];
  assertEquals(plan.steps.map((step) => `${step.direction} ${step.name}`), steps);
  const { done } = await project.runner().run({ type: "sync" }, { expected: plan });
  assertEquals(done.map((one) => `${one.direction} ${one.name}`), steps);
  assertEquals(await applied(project), ["001_a", "002_b", "005_e"]);
  assertEquals((await project.runner().run({ type: "sync" })).done, []);
});

onEveryEngine("sync takes away what another branch applied under a version that a file has", async (project) => {
  await diamond(project);
  delete project.files["004_d.sql"];
  project.files["004_other.sql"] = "CREATE TABLE other (id int);";
  assertEquals((await failure(project.runner().applyPending())).code, "RENAMED");
  const { done } = await project.runner().run({ type: "sync" });
  assertEquals(done.map((one) => `${one.direction} ${one.name}`), ["down 004_d", "up 004_other"]);
  assertEquals(await applied(project), ["001_a", "002_b", "003_c", "004_other"]);
  project.files["104_other.sql"] = project.files["004_other.sql"]!;
  delete project.files["004_other.sql"];
  assertEquals((await failure(project.runner().plan({ type: "sync" }))).code, "RENAMED");
});

onEveryEngine("sync refuses to take away what a file still depends on", async (project) => {
  await diamond(project);
  delete project.files["003_c.sql"];
  const refused = await failure(project.runner().plan({ type: "sync" }));
  assertEquals([refused.code, refused.hint], [
    "DEPENDENTS",
    "Roll it back first with down 004_d, or restore the file of 003_c",
  ]);
  delete project.files["004_d.sql"];
  project.files["002_b.sql"] = "-- Depends: 001_a\nCREATE TABLE bb (id int);";
  assertEquals((await failure(project.runner().plan({ type: "sync" }))).code, "CHANGED");
});
