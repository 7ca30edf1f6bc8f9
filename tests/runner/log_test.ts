import { assert, assertEquals, assertRejects } from "@std/assert";
import { MigrationRunner } from "../../mod.ts";
import { checksum } from "../../src/core/checksum.ts";
import { MigrationError } from "../../src/core/error.ts";
import { memoryReader } from "../../src/core/reader.ts";
import { LogWatch, type RawEntry } from "./log_watch.ts";
import { onEveryEngine, onServers, type Project } from "./project.ts";

const A = "CREATE TABLE a (id int);\n-- ROLLBACK\nDROP TABLE a;\n";
const B = "-- Depends: 001_a\nCREATE TABLE b (id int);\n-- ROLLBACK\nDROP TABLE b;\n";
const WORK = `-- Transaction: none
CREATE TABLE one (id int);
INSERT INTO later VALUES (1);
DO $$ BEGIN INSERT INTO later VALUES (2); END $$;
-- ROLLBACK
DROP TABLE one;
DROP TABLE two;
`;

async function failure(call: Promise<unknown>): Promise<MigrationError> {
  return await assertRejects(() => call, MigrationError) as MigrationError;
}

async function writer({ query }: Project): Promise<{ readonly db_user: string; readonly application: string }> {
  const [row] = await query("SELECT session_user::text AS db_user");
  // The name that the driver gives itself; an embedded database has none.
  const [{ name } = { name: "" }] = await query("SELECT current_setting('application_name') AS name");
  return { db_user: String(row?.db_user), application: String(name) };
}

/** What an entry says beside who, when and in which run. */
function gist({ action, name, checksum, error }: RawEntry): unknown {
  return { action, name, checksum, error };
}

/** An entry without an error. */
async function entry(action: string, name: string, text: string): Promise<unknown> {
  return { action, name, checksum: await checksum(text), error: null };
}

onEveryEngine("the log tells of every up, down, redo and sync, and of each that failed", async (project) => {
  const log = new LogWatch(project, await writer(project));
  Object.assign(project.files, { "001_a.sql": A, "002_b.sql": B });
  await project.runner().applyPending();
  const applied = await log.written();
  assertEquals(applied.map(gist), [await entry("applied", "001_a", A), await entry("applied", "002_b", B)]);
  assert(applied.every(({ duration_ms, details }) => duration_ms !== null && duration_ms >= 0 && details === null));

  await project.runner().applyPending();
  await project.runner().getStatus();
  assertEquals(await log.written(), [], "What changes nothing is not in the log");

  await project.runner().rollbackMigration("002_b");
  assertEquals((await log.written()).map(gist), [await entry("rolled_back", "002_b", B)]);

  const broken = `${B.replace("int", "nothing")}`;
  project.files["002_b.sql"] = broken;
  const failedUp = await failure(project.runner().applyPending());
  const [failed, ...others] = await log.written();
  assertEquals([gist(failed!), others], [{
    action: "failed",
    name: "002_b",
    checksum: await checksum(broken),
    error: failedUp.message,
  }, []]);
  assertEquals([failed?.details.direction, failed?.details.sqlstate, failed?.details.line], ["up", "42704", 2]);

  const stuck = B.replace("DROP TABLE b", "DROP TABLE gone");
  project.files["002_b.sql"] = stuck;
  await project.runner().applyPending();
  assertEquals((await log.written()).map(gist), [await entry("applied", "002_b", stuck)]);
  const failedDown = await failure(project.runner().rollbackMigration("002_b"));
  const [down] = await log.written();
  assertEquals([gist(down!), down?.details.direction, down?.details.sqlstate], [
    { action: "failed", name: "002_b", checksum: await checksum(stuck), error: failedDown.message },
    "down",
    "42P01",
  ]);

  await project.query("CREATE TABLE gone (id int); ALTER TABLE b RENAME TO b_before");
  await project.runner().run({ type: "redo", count: 1 });
  assertEquals((await log.written()).map(gist), [
    await entry("rolled_back", "002_b", stuck),
    await entry("applied", "002_b", stuck),
  ]);

  delete project.files["002_b.sql"];
  project.files["003_c.sql"] = "CREATE TABLE c (id int);\n";
  await project.query("CREATE TABLE gone (id int)");
  await project.runner().run({ type: "sync" });
  assertEquals((await log.written()).map(gist), [
    await entry("rolled_back", "002_b", stuck),
    await entry("applied", "003_c", project.files["003_c.sql"]),
  ]);
});

onEveryEngine("the log tells what each repair changed, with old and new values", async (project) => {
  const log = new LogWatch(project, await writer(project));
  Object.assign(project.files, { "001_a.sql": A, "002_b.sql": B });
  await project.runner().baseline("002_b");
  const baselined = await log.written();
  assertEquals(baselined.map(gist), [await entry("baselined", "001_a", A), await entry("baselined", "002_b", B)]);
  assertEquals(baselined.map((one) => [one.duration_ms, one.details]), [[null, null], [null, null]]);

  const [before] = await project.runner().getAppliedMigrations();
  const edited = A.replace("id int", "id bigint");
  project.files["001_a.sql"] = edited;
  await project.runner().repair();
  const [repaired] = await log.written();
  const [after] = await project.runner().getAppliedMigrations();
  assertEquals(gist(repaired!), await entry("repaired", "001_a", edited));
  assertEquals(repaired?.details, {
    old: { checksum: await checksum(A), tokenChecksum: before?.tokenChecksum, source: A },
    new: { checksum: await checksum(edited), tokenChecksum: after?.tokenChecksum },
  });

  delete project.files["001_a.sql"];
  const reformatted = edited.replace("CREATE", "-- more\nCREATE");
  project.files["001_users.sql"] = reformatted;
  project.files["002_b.sql"] = B.replace("001_a", "001_users");
  await project.runner().repair();
  const moved = await log.written();
  assertEquals(moved.map(gist), [
    await entry("renamed", "001_a", edited),
    await entry("repaired", "001_users", reformatted),
    await entry("repaired", "002_b", project.files["002_b.sql"]),
  ]);
  assertEquals(moved[0]?.details, { old: { name: "001_a", version: 1 }, new: { name: "001_users", version: 1 } });

  const text = project.files["002_b.sql"];
  delete project.files["002_b.sql"];
  await project.runner().repair({ forget: ["002_b"] });
  const [forgotten] = await log.written();
  assertEquals([gist(forgotten!), forgotten?.details], [
    await entry("forgotten", "002_b", text),
    { old: { version: 2, source: text } },
  ]);
  await project.runner().repair();
  assertEquals(await log.written(), []);
});

onEveryEngine("the log tells of each failure part-way, and of what a person said of its units", async (project) => {
  const log = new LogWatch(project, await writer(project));
  project.files["001_work.sql"] = WORK;
  const first = await failure(project.runner().applyPending());
  const [failed] = await log.written();
  assertEquals(gist(failed!), {
    action: "failed",
    name: "001_work",
    checksum: await checksum(WORK),
    error: first.message,
  });
  assertEquals([failed?.details.direction, failed?.details.unit, failed?.details.sqlstate], ["up", 2, "42P01"]);

  // Of what is not reached yet, the file may say something else by now: what was recorded is still the text before.
  const edited = WORK.replace("VALUES (2)", "VALUES (3)");
  project.files["001_work.sql"] = edited;
  await project.runner().repair({ again: { name: "001_work", unit: 2 } });
  const [again] = await log.written();
  assertEquals([gist(again!), again?.details], [await entry("repaired", "001_work", WORK), {
    old: { unitsDone: 1, unitState: "failed" },
    new: { unit: 2, as: "again" },
  }]);

  await project.query("CREATE TABLE later (id int)");
  await project.runner().repair({ done: { name: "001_work", unit: 2 } });
  const [done] = await log.written();
  assertEquals([gist(done!), done?.details], [await entry("repaired", "001_work", WORK), {
    old: { unitsDone: 1, unitState: null },
    new: { unit: 2, as: "done" },
  }]);
  await project.runner().applyPending();
  assertEquals((await log.written()).map(gist), [await entry("applied", "001_work", edited)]);
  assertEquals((await project.query("SELECT id FROM later")).map((row) => row.id), [3]);

  const part = await failure(project.runner().rollbackMigration("001_work"));
  const [partWay] = await log.written();
  assertEquals([part.code, gist(partWay!), partWay?.details.direction, partWay?.details.unit], [
    "PARTIAL",
    { action: "failed", name: "001_work", checksum: await checksum(edited), error: part.message },
    "down",
    2,
  ]);
  await project.query("CREATE TABLE two (id int)");
  await project.runner().rollbackMigration("001_work");
  assertEquals((await log.written()).map(gist), [await entry("rolled_back", "001_work", edited)]);
});

onServers("the log names user and application of the session, whatever a migration makes of them", async (project) => {
  const role = `log_owner_${crypto.randomUUID().slice(0, 8)}`;
  await project.query(`CREATE ROLE ${role}; GRANT ALL ON SCHEMA public TO ${role}`);
  const disguise = `SET ROLE ${role};\nSET SESSION AUTHORIZATION ${role};\nSET application_name = 'somebody else';\n`;
  const fails = "SELECT nothing;\n";
  const log = new LogWatch(project, { db_user: "postgres", application: "deploy 42" });
  const files: Record<string, string> = {};
  const run = async (name: string, text: string, as?: string): Promise<readonly string[]> => {
    files[`migrations/main/${name}.sql`] = text;
    const runner = new MigrationRunner({
      dbName: "main",
      database: project.url,
      reader: memoryReader(files),
      applicationName: "deploy 42",
      ...(as === undefined ? {} : { role: as }),
    });
    await runner.applyPending().catch((error: unknown) => assert(error instanceof MigrationError));
    delete files[`migrations/main/${name}.sql`];
    return (await log.written()).map((one) => `${one.action} ${one.name}`);
  };
  try {
    assertEquals(await run("001_a", `${disguise}CREATE TABLE a (id int);\n`), ["applied 001_a"]);
    assertEquals(await run("002_b", disguise + fails), ["failed 002_b"]);
    assertEquals(await run("003_c", `-- Transaction: none\n${disguise}`), ["applied 003_c"]);
    assertEquals(await run("004_d", `-- Transaction: none\n${fails}`, role), ["failed 004_d"]);
    assertEquals(await run("005_e", "-- Transaction: none\nCREATE TABLE e (id int);\n", role), ["applied 005_e"]);
    assertEquals(await run("006_f", `-- Transaction: none\n${disguise}${fails}`), ["failed 006_f"]);
  } finally {
    await project.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  }
});
