// Uses the installed package as a library and from the command line, on PGlite and on a server (TEST_DATABASE_URL), and
// prints a line for each of the four: `node smoke.js PATH/TO/migrations/`. It runs in a project that has the package.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { PGlite } from "@electric-sql/pglite";
import { memoryReader, Migration, MigrationError, MigrationRunner, SqlError } from "@metapg/migration";
import { MigrationError as CoreError } from "@metapg/migration/core";
import { pgDatabase } from "@metapg/migration/pg";
import { pgliteDatabase } from "@metapg/migration/pglite";
import { postgresDatabase } from "@metapg/migration/postgres";
import pg from "pg";
import postgres from "postgres";

const migrations = process.argv[2];
const url = new URL(process.env.TEST_DATABASE_URL);
const modules = fileURLToPath(new URL("node_modules/", import.meta.url));
const names = (await readdir(join(migrations, "default"))).map((file) => file.replace(/\.sql$/, "")).sort();
const bin = join(modules, "@metapg/migration", (await manifestOf("@metapg/migration")).bin["metapg-migration"]);

async function manifestOf(name) {
  return JSON.parse(await readFile(join(modules, name, "package.json"), "utf8"));
}

/** Runs `body` with the URL of a new database of the server, and drops it, for which it waits until all have left. */
async function withDatabase(body) {
  const admin = postgres(url.href, { max: 1, onnotice: () => {} });
  const name = `smoke_${process.pid}_${Math.random().toString(36).slice(2)}`;
  await admin.unsafe(`CREATE DATABASE ${name} TEMPLATE template0`);
  try {
    await body(Object.assign(new URL(url), { pathname: `/${name}` }).href);
    await admin.unsafe(`DROP DATABASE ${name}`);
  } finally {
    await admin.unsafe(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await admin.end();
  }
}

async function withFolder(body) {
  const folder = await mkdtemp(join(tmpdir(), "metapg-smoke-"));
  try {
    await body(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Up, a second up that finds nothing, all the way down. */
async function roundTrip(database) {
  const runner = new MigrationRunner({ dbName: "default", migrationsDir: join(migrations, "default"), database });
  try {
    assert.deepEqual(await runner.applyPending(), names);
    assert.deepEqual(await runner.applyPending(), []);
    assert.equal((await runner.getStatus()).isUpToDate, true);
    assert.equal((await runner.getAppliedMigrations()).length, names.length);
    await runner.rollbackMigration(names[0], { cascade: true });
    assert.deepEqual((await runner.getStatus()).pending.map((migration) => migration.name), names);
  } finally {
    await runner.close();
  }
}

/** A mistake is found where it is, whatever the driver tells. */
async function mistake(database) {
  const reader = memoryReader({ "m/001_wrong.sql": "CREATE TABLE a (id int);\nSELECT id,\n  nme FROM a;\n" });
  const wrong = new MigrationRunner({ migrationsDir: "m", database, reader, table: "wrong" });
  await assert.rejects(wrong.applyPending(), (error) => {
    assert.ok(error instanceof SqlError && error instanceof MigrationError);
    assert.equal(`${error.code} ${error.sqlstate} ${error.place}`, "SQL_FAILED 42703 m/001_wrong.sql:3:3");
    return true;
  }).finally(() => wrong.close());
}

/** A signal ends the statement on the server. */
async function abort(database) {
  const reader = memoryReader({ "m/001_slow.sql": "SELECT pg_sleep(60);" });
  const slow = new MigrationRunner({ migrationsDir: "m", database, reader, table: "slow" });
  const stop = new AbortController();
  const onEvent = (event) => event.type === "migration:start" && setTimeout(() => stop.abort(), 100);
  await assert.rejects(slow.applyPending({ signal: stop.signal, onEvent }), { code: "ABORTED", applied: [] });
  await slow.close();
}

/** Runs the command line under this runtime and reads the one document that it prints. */
async function cli(...args) {
  const { stdout } = await promisify(execFile)(process.execPath, [bin, ...args, "--json"]);
  return JSON.parse(stdout);
}

async function cliRoundTrip(target) {
  const common = ["-u", target, "-d", join(migrations, "default")];
  const up = await cli("up", ...common);
  assert.deepEqual(up.databases[0].done.map((step) => step.name), names);
  assert.equal(up.format, 1);
  const down = await cli("down", "--to", "0", "-y", ...common);
  assert.equal(down.databases[0].done.length, names.length);
}

/** Ctrl-C while a migration runs: rolled back, and the exit code of the signal. */
async function cliInterrupt(target) {
  await withFolder(async (folder) => {
    await mkdir(join(folder, "m"));
    await writeFile(join(folder, "m", "001_slow.sql"), "SELECT pg_sleep(60);\n");
    const child = spawn(process.execPath, [bin, "up", "-u", target, "-d", join(folder, "m"), "--ndjson"]);
    let printed = "";
    child.stdout.on("data", (text) => {
      if (!printed.includes('"migration:start"') && `${printed}${text}`.includes('"migration:start"')) {
        setTimeout(() => child.kill("SIGINT"), 100);
      }
      printed += text;
    });
    const code = await new Promise((resolve) => child.on("close", resolve));
    assert.equal(code, 130);
    assert.match(printed, /"code":"ABORTED"/);
  });
}

async function ownUrl(target) {
  await roundTrip(target);
  await mistake(target);
  await abort(target);
}

async function ownPglite() {
  const instance = await PGlite.create();
  await roundTrip(pgliteDatabase(instance));
  await mistake(pgliteDatabase(instance));
  await instance.close();
}

async function ownClient(target) {
  const client = postgres(target, { onnotice: () => {} });
  await roundTrip(postgresDatabase(client));
  await mistake(postgresDatabase(client));
  await abort(postgresDatabase(client));
  await client.end();
}

async function ownPool(target) {
  const pool = new pg.Pool({ connectionString: target });
  await roundTrip(pgDatabase(pool));
  await mistake(pgDatabase(pool));
  await abort(pgDatabase(pool));
  await pool.end();
}

async function readsFiles() {
  const migration = await Migration.fromFile(join(migrations, "default", `${names[0]}.sql`));
  assert.equal(migration.name, names[0]);
  assert.match(migration.checksum, /^[0-9a-f]{64}$/);
  assert.equal(MigrationError, CoreError);
}

const checks = {
  "library | PGlite": {
    "Migration.fromFile()": readsFiles,
    "a URL": () => withFolder((folder) => roundTrip(`pglite:${join(folder, "data")}`)),
    "an instance": ownPglite,
  },
  "library | PostgreSQL": {
    "a URL": () => withDatabase(ownUrl),
    "a postgres.js client": () => withDatabase(ownClient),
    "a node-postgres pool": () => withDatabase(ownPool),
  },
  "CLI | PGlite": { "up and down": () => withFolder((folder) => cliRoundTrip(`pglite:${join(folder, "data")}`)) },
  "CLI | PostgreSQL": {
    "up and down": () => withDatabase(cliRoundTrip),
    "Ctrl-C": () => withDatabase(cliInterrupt),
  },
};

const { bun, node } = process.versions;
const runtime = bun === undefined ? `Node ${node}` : `Bun ${bun}`;
const admin = postgres(url.href, { max: 1 });
const [{ server_version: server }] = await admin.unsafe("SHOW server_version");
await admin.end();
const drivers = ["@electric-sql/pglite", "pg", "postgres"].map(async (name) => (await manifestOf(name)).version);
const [pglite, nodePostgres, postgresJs] = await Promise.all(drivers);
console.log(
  `${runtime}, PGlite ${pglite}, PostgreSQL ${server.split(" ")[0]}, pg ${nodePostgres}, postgres ${postgresJs}`,
);
for (const [cell, ways] of Object.entries(checks)) {
  const start = performance.now();
  const failed = [];
  for (const [way, check] of Object.entries(ways)) {
    await check().catch((error) => {
      console.error(`${runtime}, ${cell}, ${way}:`, error);
      failed.push(way);
    });
  }
  const all = Object.keys(ways).length;
  const word = failed.length === 0 ? `ok ${all}/${all}` : `FAILED ${failed.length}/${all}: ${failed.join("; ")}`;
  console.log(`${runtime} | ${cell} | ${word} | ${Math.round(performance.now() - start)} ms`);
  if (failed.length > 0) process.exitCode = 1;
}
