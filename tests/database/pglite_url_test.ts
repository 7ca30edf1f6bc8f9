import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { mkdir, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import process from "node:process";
import { DatabaseError } from "../../src/core/database_error.ts";
import { MigrationError } from "../../src/core/error.ts";
import { openDatabase, type OpenOptions } from "../../src/database/open.ts";
import { databasePlatform } from "../../src/runtime/platform.ts";
import { programCommand, runCommand } from "../support/command.ts";
import { withFolder } from "../support/folder.ts";
import { failure, open } from "./contract.ts";

const platform = databasePlatform(() => undefined);

function opened(url: string, options: Partial<OpenOptions> = {}): ReturnType<typeof openDatabase> {
  return openDatabase(url, { platform, lockWaitMs: 0, ...options });
}

async function withPath(body: (folder: string) => Promise<void>): Promise<void> {
  await withFolder((above) => body(`${above}/a b/data`));
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(() => true, () => false);
}

Deno.test("openDatabase() keeps a PGlite database in memory until it is closed", async () => {
  const database = opened("pglite:");
  assertEquals(database.capabilities, { cancel: false, concurrent: false, sessions: "owned" });
  {
    await using session = await open(database);
    await session.connection.query(
      "CREATE TABLE kept (a int); COMMIT; BEGIN; CREATE TABLE undone (a int); SET search_path = nowhere",
    );
  }
  {
    await using session = await open(database);
    assertEquals(
      await session.connection.query("SELECT to_regclass('kept')::text AS kept, to_regclass('undone')::text AS undone"),
      [
        { kept: "kept", undone: null },
      ],
    );
  }
  await database.close();
  await database.close();
  await using session = await open(database);
  assertEquals(await session.connection.query("SELECT to_regclass('kept')::text AS kept"), [{ kept: null }]);
  await session.connection.close();
  await database.close();
});

Deno.test("openDatabase() keeps a PGlite database in a folder that it alone has", () =>
  withPath(async (folder) => {
    const first = opened(`pglite:${folder}`);
    {
      await using session = await open(first);
      await session.connection.query("CREATE TABLE kept (a int)");
    }
    assert(await exists(`${folder}.lock`));
    const second = opened(`pglite:${folder}`);
    const error = await assertRejects(() => second.connect(), MigrationError);
    assertEquals(error.code, "LOCK_TIMEOUT");
    assertStringIncludes(error.message, `process ${process.pid} on ${hostname()} has it since`);
    await first.close();
    assertEquals(await exists(`${folder}.lock`), false);
    await using session = await open(second);
    assertEquals(await session.connection.query("SELECT to_regclass('kept')::text AS kept"), [{ kept: "kept" }]);
    await session.connection.close();
    await second.close();
  }));

Deno.test("openDatabase() creates a PGlite folder for the first session that writes, not for those that read", () =>
  withPath(async (folder) => {
    const database = opened(`pglite:${folder}`);
    const rows = async (access: "read" | "write", sql: string) => {
      const connection = await database.connect({ access });
      try {
        return await connection.query(sql);
      } finally {
        await connection.close();
      }
    };
    const kept = "SELECT to_regclass('kept')::text AS kept";
    assertEquals(await rows("read", kept), [{ kept: null }]);
    assertEquals(await rows("read", kept), [{ kept: null }]);
    assertEquals(await exists(folder.slice(0, folder.lastIndexOf("/"))), false);
    await rows("write", "CREATE TABLE kept (a int)");
    assertEquals(await exists(`${folder}/PG_VERSION`), true);
    assertEquals(await rows("read", kept), [{ kept: "kept" }]);
    await database.close();
  }));

Deno.test("openDatabase() sees a PGlite folder that was created meanwhile", () =>
  withPath(async (folder) => {
    const reader = opened(`pglite:${folder}`);
    await (await reader.connect({ access: "read" })).close();
    const writer = opened(`pglite:${folder}`);
    {
      await using session = await open(writer);
      await session.connection.query("CREATE TABLE kept (a int)");
    }
    await writer.close();
    await using session = await open(reader, { access: "read" });
    assertEquals(await session.connection.query("SELECT to_regclass('kept')::text AS kept"), [{ kept: "kept" }]);
    await session.connection.close();
    await reader.close();
  }));

Deno.test("openDatabase() cuts the session of a PGlite database that is closed", async () => {
  const database = opened("pglite:");
  const session = await open(database);
  await database.close();
  assertEquals((await failure(session.connection, "SELECT 1")).kind, "lost");
  await session.connection.close();
});

Deno.test("openDatabase() says that PGlite is not installed, and what to do", async () => {
  for (const packages of ["node", "deno"] as const) {
    const specifiers: string[] = [];
    const importModule = (specifier: string) => {
      specifiers.push(specifier);
      return Promise.reject(new Error("Cannot find package"));
    };
    const database = opened("pglite:", { platform: { ...platform, packages, importModule } });
    const error = await assertRejects(() => database.connect(), MigrationError);
    assertEquals(error.code, "CONFIG");
    assertStringIncludes(error.message, '"@electric-sql/pglite" cannot be loaded');
    assert(error.hint !== undefined);
    await assertRejects(() => database.connect(), MigrationError);
    const expected = packages === "node" ? "@electric-sql/pglite" : "npm:@electric-sql/pglite@^0.5.16";
    assertEquals(specifiers, [expected, expected]);
    await database.close();
  }
});

Deno.test("openDatabase() gives the folder back when PGlite cannot open it", () =>
  withPath(async (folder) => {
    await mkdir(folder.slice(0, folder.lastIndexOf("/")), { recursive: true });
    await writeFile(folder, "not a folder");
    const error = await assertRejects(() => opened(`pglite:${folder}`).connect(), DatabaseError);
    assertEquals(error.kind, "connect");
    assertStringIncludes(error.message, `Cannot connect to pglite:${folder}: `);
    assertEquals(await exists(`${folder}.lock`), false);
  }));

Deno.test("openDatabase() with PGlite keeps no process alive and leaves no lock file", () =>
  withPath(async (folder) => {
    const [program, ...args] = programCommand("pglite_program.ts", import.meta.url);
    const { code, out, err } = await runCommand(program, [...args, `pglite:${folder}`], { timeoutMs: 60_000 });
    assertEquals([out, code], ['[{"lives":"on"}]\n', 0], err);
    assertEquals(await exists(`${folder}.lock`), false);
  }));
