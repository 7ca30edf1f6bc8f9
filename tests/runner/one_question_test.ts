import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { type AddressInfo, createServer } from "node:net";
import { setTimeout } from "node:timers";
import { MigrationRunner } from "../../mod.ts";
import type { Database } from "../../src/core/database.ts";
import { MigrationError } from "../../src/core/error.ts";
import { memoryReader } from "../../src/core/reader.ts";
import { query, withDatabase } from "../support/databases.ts";
import { until } from "../support/until.ts";
import { onEveryEngine, onServers, type Project } from "./project.ts";

/** A database that notes each message it is sent. */
function noting(database: Database, messages: string[]): Database {
  return {
    engine: database.engine,
    capabilities: database.capabilities,
    close: () => database.close(),
    async connect(options) {
      const connection = await database.connect(options);
      return {
        pid: connection.pid,
        cancel: () => connection.cancel(),
        close: () => connection.close(),
        query: (sql) => {
          messages.push(sql);
          return connection.query(sql);
        },
      };
    },
  };
}

/** Messages that some work sends. */
async function messagesOf(project: Project, work: (database: Database) => Promise<unknown>): Promise<string[]> {
  const messages: string[] = [];
  await work(noting(project.database, messages));
  return messages;
}

const FILES = { dbName: "main", reader: memoryReader({ "migrations/main/001_t.sql": "SELECT 1;" }) };

const ODD = "Less < more > and & or &amp; &lt;b&gt; ]]> \u2028 'é' \"quoted\" \\ </value> <value> 🐘";

function write(project: Project): void {
  for (let version = 1; version <= 3; version++) {
    project.files[`00${version}_t.sql`] =
      `-- Description: ${ODD} ${version}\nCREATE TABLE t${version} ();\n-- ROLLBACK\nDROP TABLE t${version};\n`;
  }
}

onEveryEngine("a boot with nothing to do asks one question and writes nothing", async (project) => {
  write(project);
  await project.runner().applyPending();
  const up = await messagesOf(project, (database) => project.runner({ database }).applyPending());
  const status = await messagesOf(project, (database) => project.runner({ database }).getStatus());
  assertEquals([up.length, status.length], [1, 1], [...up, ...status].join("\n"));
});

onEveryEngine("a database without a history is asked one question before anything is locked", async (project) => {
  write(project);
  const messages = await messagesOf(project, (database) => project.runner({ database }).getStatus());
  assertEquals(messages.length, 1, messages.join("\n"));
});

onEveryEngine("a history comes back as it was written, whatever characters are in it", async (project) => {
  write(project);
  await project.runner().applyPending();
  const applied = await project.runner().getAppliedMigrations();
  assertEquals(applied.map(({ name, description }) => [name, description]), [
    ["001_t", `${ODD} 1`],
    ["002_t", `${ODD} 2`],
    ["003_t", `${ODD} 3`],
  ]);
});

/** Older servers count later. */
Deno.test("no question is an error on the server", () =>
  withDatabase(async (url) => {
    const runner = new MigrationRunner({ ...FILES, database: url });
    await runner.getStatus();
    await runner.applyPending();
    await runner.applyPending();
    // A session counts what it did when it ends.
    const others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    await until(url, `NOT EXISTS (SELECT ${others})`);
    const counted = "SELECT xact_rollback::int AS failed FROM pg_stat_database WHERE datname = current_database()";
    assertEquals(await query(url, counted), [{ failed: 0 }]);
  }));

onServers("who may not read the history is told so", async (project) => {
  write(project);
  await project.runner().applyPending();
  const role = `reader_${crypto.randomUUID().slice(0, 8)}`;
  const url = new URL(project.url);
  await project.query(`CREATE ROLE ${role} LOGIN PASSWORD 'x'`);
  try {
    url.username = role;
    url.password = "x";
    const runner = new MigrationRunner({ ...FILES, database: url.href });
    const error = await assertRejects(() => runner.getStatus(), MigrationError);
    assertStringIncludes(error.message, "permission denied for table metapg_migrations");
  } finally {
    await project.query(`DROP ROLE ${role}`);
  }
});

Deno.test("nobody waits for a silent server when the files are not sound", async () => {
  const gone = Promise.withResolvers<void>();
  const server = createServer((socket) => {
    socket.on("close", () => gone.resolve()).on("error", () => {}).resume();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const reader = memoryReader({ "migrations/main/1.sql": "" });
  const slowly = { ...reader, list: (path: string) => pause(200).then(() => reader.list(path)) };
  const runner = new MigrationRunner({
    dbName: "main",
    reader: slowly,
    database: `postgres://me@127.0.0.1:${port}/app`,
  });
  try {
    const error = await assertRejects(() => runner.applyPending(), MigrationError) as MigrationError;
    assertEquals(error.code, "FILES_INVALID");
    // The driver would wait for as long as it may take to connect.
    await Promise.race([gone.promise, pause(5000).then(() => Promise.reject(new Error("The connection is open")))]);
  } finally {
    server.close();
  }
});

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, milliseconds).unref());
}
