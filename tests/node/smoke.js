// Applies the sample migrations with the installed package, as a library and from the command line, on PGlite and on a
// server (TEST_DATABASE_URL): `node smoke.js PATH/TO/migrations/`. It runs in a project that has the package installed.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { PGlite } from "@electric-sql/pglite";
import { Migration, MigrationError, MigrationRunner } from "@metapg/migration";
import { MigrationError as CoreError } from "@metapg/migration/core";
import { pgDatabase } from "@metapg/migration/pg";
import { pgliteDatabase } from "@metapg/migration/pglite";
import { postgresDatabase } from "@metapg/migration/postgres";
import pg from "pg";
import postgres from "postgres";

const migrations = process.argv[2];
const url = new URL(process.env.TEST_DATABASE_URL);
const installed = fileURLToPath(new URL("node_modules/@metapg/migration/", import.meta.url));
const bin = join(
  installed,
  JSON.parse(await readFile(join(installed, "package.json"), "utf8")).bin["metapg-migration"],
);
const names = (await readdir(join(migrations, "default"))).map((file) => file.replace(/\.sql$/, "")).sort();

/** Runs `body` with the URL of a new database of the server, and drops it, for which it waits until all have left. */
async function withDatabase(body) {
  const admin = postgres(url.href, { max: 1, onnotice: () => {} });
  const name = `smoke_${process.pid}_${Date.now().toString(36)}`;
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

/** Runs the command line under this runtime and reads the one document that it prints. */
async function cli(...args) {
  const { stdout } = await promisify(execFile)(process.execPath, [bin, ...args, "--json"]);
  return JSON.parse(stdout);
}

async function cliRoundTrip(target) {
  const common = ["-u", target, "-d", join(migrations, "default")];
  const up = await cli("up", ...common);
  assert.deepEqual(up.databases[0].done.map((step) => step.name), names);
  const status = await cli("status", ...common);
  assert.equal(status.format, 1);
  assert.equal(status.databases[0].isUpToDate, true);
  const down = await cli("down", "--to", "0", "-y", ...common);
  assert.equal(down.databases[0].done.length, names.length);
}

const checks = {
  "library on PGlite in memory": () => roundTrip("pglite:"),
  "library on PGlite in a folder": () => withFolder((folder) => roundTrip(`pglite:${join(folder, "data")}`)),
  "library on a PGlite instance": async () => {
    const instance = await PGlite.create();
    await roundTrip(pgliteDatabase(instance));
    await instance.close();
  },
  "library on a server": () => withDatabase(roundTrip),
  "library on a postgres.js client": () =>
    withDatabase(async (target) => {
      const client = postgres(target, { onnotice: () => {} });
      await roundTrip(postgresDatabase(client));
      await client.end();
    }),
  "library on a node-postgres pool": () =>
    withDatabase(async (target) => {
      const pool = new pg.Pool({ connectionString: target });
      await roundTrip(pgDatabase(pool));
      await pool.end();
    }),
  "command line on PGlite": () => withFolder((folder) => cliRoundTrip(`pglite:${join(folder, "data")}`)),
  "command line on a server": () => withDatabase(cliRoundTrip),
  "Migration.fromFile() reads a file": async () => {
    const migration = await Migration.fromFile(join(migrations, "default", `${names[0]}.sql`));
    assert.equal(migration.name, names[0]);
    assert.match(migration.checksum, /^[0-9a-f]{64}$/);
  },
  "entry points share their classes": () => assert.equal(MigrationError, CoreError),
};

console.log(process.versions.bun === undefined ? `Node ${process.versions.node}` : `Bun ${process.versions.bun}`);
for (const [name, check] of Object.entries(checks)) {
  await check();
  console.log(`${name} ... ok`);
}
