import { assert, assertEquals, assertRejects } from "@std/assert";
import { memoryReader, Migration, MigrationError, MigrationRecord, MigrationRunner, MigrationStatus } from "../mod.ts";
import { Migration as CoreMigration } from "../src/core/migration.ts";
import { query, withDatabase } from "./support/databases.ts";

const FILES = { "migrations/main/001_a.sql": "CREATE TABLE a (id int);\n-- ROLLBACK\nDROP TABLE a;\n" };

async function failure(call: () => Promise<unknown>): Promise<MigrationError> {
  return await assertRejects(call, MigrationError) as MigrationError;
}

async function withVariable(name: string, value: string, body: () => Promise<void>): Promise<void> {
  const before = Deno.env.get(name);
  Deno.env.set(name, value);
  try {
    await body();
  } finally {
    if (before === undefined) Deno.env.delete(name);
    else Deno.env.set(name, before);
  }
}

Deno.test("MigrationRunner takes a name, and its folder and variable from it", async () => {
  const runner = new MigrationRunner("read-model");
  assertEquals([runner.dbName, runner.migrationsDir], ["read-model", "migrations/read-model"]);
  assertEquals(new MigrationRunner().migrationsDir, "migrations/default");
  const error = await failure(() => runner.getAppliedMigrations());
  assertEquals([error.code, error.message], [
    "CONFIG",
    'Cannot connect to database "read-model": DATABASE_URL_READ_MODEL is not set',
  ]);
});

Deno.test("MigrationRunner of another name than default never falls back to DATABASE_URL", async () => {
  await withVariable("DATABASE_URL", "pglite:", async () => {
    assertEquals((await failure(() => new MigrationRunner("main").getAppliedMigrations())).code, "CONFIG");
  });
});

Deno.test("MigrationRunner reads the URL from its variable", () =>
  withDatabase(async (url) => {
    await withVariable("DATABASE_URL_MAIN", url, async () => {
      const runner = new MigrationRunner({ dbName: "main", reader: memoryReader(FILES) });
      const status = await runner.getStatus();
      assert(status instanceof MigrationStatus);
      assert(status.pending[0] instanceof Migration);
      assertEquals(await runner.applyPending(), ["001_a"]);
      assert((await runner.getAppliedMigrations())[0] instanceof MigrationRecord);
    });
  }));

Deno.test("MigrationRunner leaves no connection open after a call", () =>
  withDatabase(async (url) => {
    const runner = new MigrationRunner({
      dbName: "main",
      database: url,
      reader: memoryReader(FILES),
      applicationName: "x-y",
    });
    await runner.applyPending();
    await runner.rollbackMigration("001_a");
    const sessions = "SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'x-y'";
    for (let tries = 0; (await query(url, sessions))[0]?.n !== 0; tries++) {
      assert(tries < 200, "A session is still open");
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const [row] = await query(url, "SELECT string_agg(DISTINCT application, ',') AS names FROM metapg_migrations_log");
    assertEquals(row?.names, "x-y");
  }));

Deno.test("MigrationRunner keeps PGlite in memory until it is closed", async () => {
  const runner = new MigrationRunner({ dbName: "main", database: "pglite:", reader: memoryReader(FILES) });
  assertEquals(await runner.applyPending(), ["001_a"]);
  assertEquals((await runner.getStatus()).isUpToDate, true);
  await runner.close();
  assertEquals((await runner.getStatus()).isUpToDate, false);
  await runner.close();
});

Deno.test("MigrationRunner only reads a PGlite folder that is not there, and creates it to write", async () => {
  const root = await Deno.makeTempDir();
  const folder = `${root}/data`;
  try {
    await using runner = new MigrationRunner({
      dbName: "main",
      database: `pglite:${folder}`,
      reader: memoryReader(FILES),
    });
    assertEquals((await runner.getStatus()).pending.length, 1);
    assertEquals([...Deno.readDirSync(root)], []);
    await runner.applyPending();
    assertEquals((await runner.getStatus()).applied.length, 1);
    assert(Deno.statSync(folder).isDirectory);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("MigrationRunner tells what of a URL has no effect", async () => {
  const events: string[] = [];
  const runner = new MigrationRunner({
    database: "postgres://me@127.0.0.1:1/app?pgbouncer=true",
    onEvent: (event) => event.type === "warning" && events.push(event.problem.code),
  });
  assertEquals((await failure(() => runner.ping())).code, "CONNECTION_FAILED");
  assertEquals(events, ["url"]);
});

Deno.test("Migration.fromFile() reads the file system, or what it is given", async () => {
  const directory = await Deno.makeTempDir();
  const path = `${directory}/001_a.sql`;
  try {
    await Deno.writeTextFile(path, "CREATE TABLE a (id int);");
    const migration = await Migration.fromFile(path);
    assert(migration instanceof Migration && migration instanceof CoreMigration);
    assertEquals([migration.name, migration.path], ["001_a", path]);
    const given = await Migration.fromFile("migrations/main/001_a.sql", { reader: memoryReader(FILES) });
    assertEquals(given.rollbackSql, "DROP TABLE a;\n");
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("MigrationRunner refuses what is no database and tells of the adapters", async () => {
  for (const database of [{}, { connect: "no" }, { query: () => {} }]) {
    const runner = new MigrationRunner({ database: database as never, reader: memoryReader(FILES) });
    const error = await failure(() => runner.getAppliedMigrations());
    assertEquals([error.code, error.hint?.includes("pgDatabase(pool)")], ["CONFIG", true]);
  }
});
