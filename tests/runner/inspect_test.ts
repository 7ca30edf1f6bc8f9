import { assertEquals, assertRejects } from "@std/assert";
import { MigrationError } from "../../src/core/error.ts";
import { formatProblem } from "../../src/core/problem.ts";
import { memoryReader } from "../../src/core/reader.ts";
import { MigrationRunner } from "../../src/runner/runner.ts";
import type { PlanRequest } from "../../src/core/plan.ts";
import { onEveryEngine } from "./project.ts";

async function failure(call: Promise<unknown>): Promise<MigrationError> {
  return await assertRejects(() => call, MigrationError) as MigrationError;
}

/** A runner that must not connect. */
function offline(files: Record<string, string | Uint8Array>): MigrationRunner {
  const entries = Object.entries(files).map(([name, text]) => [`migrations/main/${name}`, text]);
  return new MigrationRunner({
    dbName: "main",
    reader: memoryReader(Object.fromEntries(entries)),
    database: () => {
      throw new Error("It connected");
    },
  });
}

Deno.test("validate() lists all problems of all files without connecting", async () => {
  const problems = await offline({
    "001_a.sql": "-- Depends: 000_old, 007_typo\nBEGIN;",
    "001_b.sql": "-- Depends: 001_a, 000_old, 009_typo\nCREATE ROLE x PASSWORD 'hunter2';",
    "Upper.sql": "SELECT 1;",
    "002_sub.SQL": "SELECT 1;",
    "deep/003_c.sql": "SELECT 1;",
    "_draft.sql": "nothing",
    ".hidden.sql": "nothing",
    "README.md": "nothing",
    "004_bytes.sql": new Uint8Array([83, 255]),
  }).validate();
  assertEquals(problems.map((problem) => `${problem.severity} ${formatProblem(problem)}`), [
    'warning migrations/main/001_a.sql:1:13: Unknown dependency "000_old"',
    'error migrations/main/001_a.sql:1:22: Unknown dependency "007_typo"',
    "error migrations/main/001_a.sql:2:1: Cannot use BEGIN in a transactional migration",
    'error migrations/main/001_b.sql: Version 1 is also that of "001_a.sql"',
    'warning migrations/main/001_b.sql:1:20: Unknown dependency "000_old"',
    'error migrations/main/001_b.sql:1:29: Unknown dependency "009_typo"',
    "warning migrations/main/001_b.sql:2:24: The history stores the whole file, with the secret in it",
    'error migrations/main/002_sub.SQL: "002_sub.SQL" is not the name of a migration file',
    "error migrations/main/004_bytes.sql:1:2: Not UTF-8",
    'error migrations/main/Upper.sql: "Upper.sql" is not the name of a migration file',
    'error migrations/main/deep/003_c.sql: Migration file "deep/003_c.sql" is in a sub-folder',
  ]);
});

Deno.test("validate() tells a file that cannot be read", async () => {
  const reader = memoryReader({ "migrations/main/001_a.sql": "SELECT 1;" });
  const runner = new MigrationRunner({
    dbName: "main",
    reader: { list: reader.list, read: () => Promise.reject(new Error("permission denied")) },
    database: () => {
      throw new Error("It connected");
    },
  });
  assertEquals((await runner.validate()).map(formatProblem), [
    "migrations/main/001_a.sql: Cannot read the file: permission denied",
  ]);
});

Deno.test("validate() refuses a folder that is not there", async () => {
  assertEquals((await failure(offline({}).validate())).code, "CONFIG");
});

Deno.test("migrations() orders the files, and refuses what has no order", async () => {
  const runner = offline({ "001_a.sql": "-- Depends: 002_b, 000_squashed\nSELECT 1;", "002_b.sql": "SELECT 1;" });
  assertEquals((await runner.migrations()).map((migration) => migration.name), ["002_b", "001_a"]);
  const cycle = offline({ "001_a.sql": "-- Depends: 002_b\nSELECT 1;", "002_b.sql": "-- Depends: 001_a\nSELECT 1;" });
  assertEquals((await failure(cycle.migrations())).code, "FILES_INVALID");
});

Deno.test("new MigrationRunner() refuses names and numbers that cannot be", async () => {
  const options = { reader: memoryReader({}), database: () => Promise.reject() as never };
  const untyped: readonly object[] = [
    { dbName: "../etc" },
    { dbName: "Upper" },
    { lockWaitMs: -1 },
    { lockRetries: Number.NaN },
    { lockTimeoutMs: "3000; DROP TABLE a; --" },
    { statementTimeoutMs: "3s" },
    { lock: "none" },
    { session: ["COMMIT"] },
    { session: "SET search_path = app" },
  ];
  for (const bad of untyped) {
    const error = await failure(Promise.resolve().then(() => new MigrationRunner({ ...options, ...bad })));
    assertEquals(error.code, "CONFIG", JSON.stringify(bad));
  }
});

Deno.test("run() and plan() refuse what is no request, and do not take it for one of everything", async () => {
  const untyped: readonly unknown[] = [
    undefined,
    {},
    { type: "bogus" },
    { type: "toString" },
    { type: "up", count: -1 },
    { type: "up", target: 3 },
    { type: "apply" },
    { type: "apply", migration: null },
    { type: "down" },
    { type: "down", count: undefined, name: "001_a" },
    { type: "down", count: 1.5 },
    { type: "down", to: undefined },
    { type: "redo" },
    { type: "redo", count: "1" },
  ];
  for (const request of untyped as readonly PlanRequest[]) {
    for (const call of ["run", "plan"] as const) {
      const error = await failure(offline({})[call](request));
      assertEquals([error.code, error.hint !== undefined], ["USAGE", true], `${call} ${JSON.stringify(request)}`);
    }
  }
});

onEveryEngine("getStatus() and applyPending() refuse dependencies that cannot be met", async (project) => {
  project.files["001_a.sql"] = "-- Depends: 000_old\nCREATE TABLE a (id int);";
  const runner = project.runner();
  for (const call of [() => runner.getStatus(), () => runner.applyPending(), () => runner.planBaseline("001_a")]) {
    const error = await failure(call());
    assertEquals([error.code, error.problems.map((problem) => problem.message)], [
      "FILES_INVALID",
      ['Unknown dependency "000_old"'],
    ]);
  }
});

onEveryEngine("check() lists what is wrong with files and database together", async (project) => {
  Object.assign(project.files, {
    "001_a.sql": "CREATE TABLE a (id int);",
    "002_b.sql": "CREATE TABLE b (id int);",
    "003_c.sql": "CREATE TABLE c (id int);",
    "004_d.sql": "SELECT nothing;",
  });
  await failure(project.runner().applyPending());
  project.files["001_a.sql"] = "CREATE TABLE aa (id int);";
  project.files["002_b.sql"] = "-- b\nCREATE TABLE b (id int);";
  delete project.files["003_c.sql"];
  project.files["005_e.sql"] = "CREATE ROLE x PASSWORD 'hunter2';\nVACUUM;";
  const problems = await project.runner().check();
  assertEquals(problems.map((problem) => [problem.code, problem.severity]), [
    ["refused-statement", "error"],
    ["secret", "warning"],
    ["changed", "error"],
    ["missing", "warning"],
    ["reformatted", "warning"],
    ["failed", "error"],
  ]);
  assertEquals(
    (await project.runner({ strict: true }).check()).filter((problem) => problem.severity === "error").length,
    4,
  );
});

onEveryEngine("check() names what is part-way", async (project) => {
  project.files["001_a.sql"] = "-- Transaction: none\nCREATE TABLE a (id int);\nDROP TABLE b;";
  await failure(project.runner().applyPending());
  const [problem] = await project.runner().check();
  assertEquals(
    problem?.message.startsWith('Migration "001_a" is part-way: it stopped after 1 unit: '),
    true,
  );
  await project.query("UPDATE metapg_migrations SET unit_state = 'started', error = NULL");
  assertEquals(
    (await project.runner().check())[0]?.message,
    'Migration "001_a" is part-way: it has begun unit 2, and its end is not known',
  );
});

onEveryEngine("show() prints what was applied, also when the file is gone", async (project) => {
  project.files["001_a.sql"] = "CREATE TABLE a (id int); -- was\n";
  await project.runner().applyPending();
  delete project.files["001_a.sql"];
  assertEquals((await project.runner().show("001_a")).source, "CREATE TABLE a (id int); -- was\n");
  assertEquals((await failure(project.runner().show("001_b"))).hint, 'Did you mean "001_a"?');
});

onEveryEngine("ping() tells what the server is", async (project) => {
  const { version, database, user } = await project.runner().ping();
  assertEquals([version.startsWith("PostgreSQL "), user, database.length > 0], [true, "postgres", true]);
});
