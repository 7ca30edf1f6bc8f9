import { assertEquals, assertRejects } from "@std/assert";
import { MigrationError } from "../../src/core/error.ts";
import { onEveryEngine, type Project } from "./project.ts";

const A = "CREATE TABLE a (id int);\n-- ROLLBACK\nDROP TABLE a;\n";
const B = "-- Depends: 001_a\nCREATE TABLE b (id int);\n-- ROLLBACK\nDROP TABLE b;\n";

async function failure(call: Promise<unknown>): Promise<MigrationError> {
  return await assertRejects(() => call, MigrationError) as MigrationError;
}

async function start(project: Project): Promise<void> {
  Object.assign(project.files, { "001_a.sql": A, "002_b.sql": B });
  await project.runner().applyPending();
}

onEveryEngine("repair() takes an edited file as it is and logs what was", async (project) => {
  await start(project);
  project.files["001_a.sql"] = A.replace("id int", "id bigint");
  project.files["002_b.sql"] = `${B}-- more\n`;
  const plan = await project.runner().planRepair();
  assertEquals(plan.actions.map((action) => `${action.type} ${action.name}`), ["accept 001_a", "accept 002_b"]);
  assertEquals((await project.runner().getStatus()).changed.length, 1);
  await project.runner().repair({}, { expected: plan });
  const status = await project.runner().getStatus();
  assertEquals([status.changed, status.reformatted], [[], []]);
  const entry = (await project.runner().history()).find((one) => one.action === "repaired");
  assertEquals((entry?.details as { old: { source: string } }).old.source, A);
  assertEquals(await project.runner().planRepair(), { db: "main", actions: [] });
  assertEquals(await project.runner().repair(), { db: "main", actions: [] });
});

onEveryEngine("repair() records a new name, also where others depend on it", async (project) => {
  await start(project);
  delete project.files["001_a.sql"];
  project.files["001_users.sql"] = A;
  project.files["002_b.sql"] = B.replace("001_a", "001_users");
  await project.runner().repair();
  const status = await project.runner().getStatus();
  assertEquals(status.applied.map((record) => [record.name, record.depends]), [["001_users", []], ["002_b", [
    "001_users",
  ]]]);
  assertEquals([status.renamed, status.missing, status.pending], [[], [], []]);
  assertEquals((await failure(project.runner().rollbackMigration("001_users"))).code, "DEPENDENTS");
  assertEquals((await project.runner().history()).filter((entry) => entry.action === "renamed").length, 1);
});

onEveryEngine("repair() takes a file that is renamed and reformatted", async (project) => {
  await start(project);
  delete project.files["002_b.sql"];
  project.files["002_bb.sql"] = B.replace("CREATE", "-- now\nCREATE");
  const { actions } = await project.runner().repair();
  assertEquals(actions.map((action) => `${action.type} ${action.name}`), ["rename 002_b", "accept 002_bb"]);
  assertEquals((await project.runner().show("002_bb")).source, project.files["002_bb.sql"]);
});

onEveryEngine("repair() never takes another migration of the same version for a renamed one", async (project) => {
  await start(project);
  delete project.files["002_b.sql"];
  project.files["002_other.sql"] = "CREATE TABLE other (id int);";
  const refused = await failure(project.runner().applyPending());
  assertEquals([refused.code, refused.problems[0]?.message], [
    "RENAMED",
    '"002_other" has the version of the applied migration "002_b", whose file is gone, but other statements',
  ]);
  assertEquals((await failure(project.runner().repair())).code, "RENAMED");
  delete project.files["002_other.sql"];
  project.files["003_other.sql"] = "CREATE TABLE other (id int);";
  assertEquals(await project.runner().applyPending(), ["003_other"]);
});

onEveryEngine("repair() forgets only what it is told to, and only without a file", async (project) => {
  await start(project);
  delete project.files["002_b.sql"];
  assertEquals((await project.runner().repair()).actions, []);
  assertEquals((await failure(project.runner().repair({ forget: ["001_a"] }))).code, "USAGE");
  assertEquals((await failure(project.runner().repair({ forget: ["009_x"] }))).code, "UNKNOWN_MIGRATION");
  await project.runner().repair({ forget: ["002_b"] });
  assertEquals((await project.runner().getAppliedMigrations()).map((record) => record.name), ["001_a"]);
  assertEquals((await project.runner().history()).at(-1)?.action, "forgotten");
});

onEveryEngine("repair() forgets what another file has the version of, and not what was renamed", async (project) => {
  await start(project);
  const text = project.files["002_b.sql"]!;
  delete project.files["002_b.sql"];
  project.files["005_b.sql"] = text;
  const refused = await failure(project.runner().repair({ forget: ["002_b"] }));
  assertEquals([refused.code, refused.message], [
    "USAGE",
    'Cannot forget "002_b": its file is there as "005_b", so that up would apply it again',
  ]);
  delete project.files["005_b.sql"];
  project.files["002_other.sql"] = "CREATE TABLE other (id int);";
  assertEquals((await failure(project.runner().repair())).code, "RENAMED");
  const { actions } = await project.runner().repair({ forget: ["002_b"] });
  assertEquals(actions.map(({ type, name }) => `${type} ${name}`), ["forget 002_b"]);
  assertEquals(await project.runner().applyPending(), ["002_other"]);
});

onEveryEngine("repair() refuses a plan that is not the one agreed to", async (project) => {
  await start(project);
  project.files["001_a.sql"] = A.replace("id int", "id bigint");
  const expected = await project.runner().planRepair();
  project.files["001_a.sql"] = A.replace("id int", "id text");
  assertEquals((await failure(project.runner().repair({}, { expected }))).code, "PLAN_CHANGED");
});

onEveryEngine("repair() refuses units of what is not part-way", async (project) => {
  await start(project);
  assertEquals((await failure(project.runner().planRepair({ done: { name: "001_a", unit: 1 } }))).code, "USAGE");
});

onEveryEngine("baseline() records without running, once, on an empty history", async (project) => {
  Object.assign(project.files, { "001_a.sql": A, "002_b.sql": B, "003_c.sql": "CREATE TABLE c (id int);" });
  assertEquals((await project.runner().planBaseline("002_b")).names, ["001_a", "002_b"]);
  assertEquals((await failure(project.runner().planBaseline("002_x"))).code, "UNKNOWN_MIGRATION");
  const stale = { db: "main", names: ["001_a"] };
  assertEquals((await failure(project.runner().baseline("002_b", { expected: stale }))).code, "PLAN_CHANGED");
  assertEquals(await project.runner().baseline("002_b"), ["001_a", "002_b"]);
  assertEquals((await project.query("SELECT to_regclass('a')::text AS a"))[0]?.a, null);
  assertEquals((await project.runner().history()).map((entry) => entry.action), ["baselined", "baselined"]);
  assertEquals(await project.runner().applyPending(), ["003_c"]);
  const again = await failure(project.runner().baseline("003_c"));
  assertEquals([again.code, again.message], [
    "PLAN_CHANGED",
    "Cannot baseline: the history holds 3 applied migrations already",
  ]);
});

onEveryEngine("repair() lets names and versions change places", async (project) => {
  const C = "-- Depends: 002_b\nCREATE TABLE c (id int);";
  Object.assign(project.files, { "001_a.sql": A, "002_b.sql": B.replace("-- Depends: 001_a\n", ""), "003_c.sql": C });
  await project.runner().applyPending();
  for (const name of Object.keys(project.files)) delete project.files[name];
  Object.assign(project.files, {
    "002_a.sql": A,
    "001_b.sql": B.replace("-- Depends: 001_a\n", ""),
    "003_c.sql": C.replace("002_b", "001_b"),
  });
  await project.runner().repair();
  const status = await project.runner().getStatus();
  assertEquals(status.applied.map((record) => [record.name, record.version, record.seq, record.depends]), [
    ["002_a", 2, 1, []],
    ["001_b", 1, 2, []],
    ["003_c", 3, 3, ["001_b"]],
  ]);
  assertEquals([status.pending, status.changed, status.reformatted], [[], [], []]);
});

onEveryEngine(
  "repair() corrects what an accepted file still depends on, and takes the place of a failed one",
  async (project) => {
    await start(project);
    project.files["003_c.sql"] = "SELECT nothing;";
    await failure(project.runner().applyPending());
    delete project.files["001_a.sql"];
    delete project.files["003_c.sql"];
    project.files["003_aa.sql"] = A;
    project.files["002_b.sql"] = B.replace("CREATE", "-- now\nCREATE").replace("001_a", "003_aa");
    await project.runner().repair();
    const applied = (await project.runner().getStatus()).applied;
    assertEquals(applied.map((record) => [record.name, record.depends]), [["003_aa", []], ["002_b", ["003_aa"]]]);
  },
);
