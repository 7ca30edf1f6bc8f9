import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { DatabaseError } from "../../src/core/database_error.ts";
import { MigrationError } from "../../src/core/error.ts";
import { openDatabase, type OpenOptions } from "../../src/database/open.ts";
import { databasePlatform } from "../../src/runtime/platform.ts";
import { failure, open } from "./contract.ts";

const platform = databasePlatform(() => undefined);

function opened(url: string, options: Partial<OpenOptions> = {}): ReturnType<typeof openDatabase> {
  return openDatabase(url, { platform, lockWaitMs: 0, ...options });
}

async function withFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await body(`${folder}/a b/data`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
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
  withFolder(async (folder) => {
    const first = opened(`pglite:${folder}`);
    {
      await using session = await open(first);
      await session.connection.query("CREATE TABLE kept (a int)");
    }
    assert(await exists(`${folder}.lock`));
    const second = opened(`pglite:${folder}`);
    const error = await assertRejects(() => second.connect(), MigrationError);
    assertEquals(error.code, "LOCK_TIMEOUT");
    assertStringIncludes(error.message, `process ${Deno.pid} on ${Deno.hostname()} has it since`);
    await first.close();
    assertEquals(await exists(`${folder}.lock`), false);
    await using session = await open(second);
    assertEquals(await session.connection.query("SELECT to_regclass('kept')::text AS kept"), [{ kept: "kept" }]);
    await session.connection.close();
    await second.close();
  }));

Deno.test("openDatabase() creates a PGlite folder for the first session that writes, not for those that read", () =>
  withFolder(async (folder) => {
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
  withFolder(async (folder) => {
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
  withFolder(async (folder) => {
    await Deno.mkdir(folder.slice(0, folder.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(folder, "not a folder");
    const error = await assertRejects(() => opened(`pglite:${folder}`).connect(), DatabaseError);
    assertEquals(error.kind, "connect");
    assertStringIncludes(error.message, `Cannot connect to pglite:${folder}: `);
    assertEquals(await exists(`${folder}.lock`), false);
  }));

Deno.test("openDatabase() with PGlite keeps no process alive and leaves no lock file", () =>
  withFolder(async (folder) => {
    const program = `
      import { openDatabase } from ${JSON.stringify(new URL("../../src/database/open.ts", import.meta.url).href)};
      import { databasePlatform } from ${
      JSON.stringify(new URL("../../src/runtime/platform.ts", import.meta.url).href)
    };
      const database = openDatabase(${JSON.stringify(`pglite:${folder}`)}, { platform: databasePlatform() });
      const connection = await database.connect();
      console.log(JSON.stringify(await connection.query("SELECT 'on' AS lives")));
      await connection.close();`;
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["eval", "--no-lock", program],
      signal: AbortSignal.timeout(60_000),
    }).output();
    assertEquals([new TextDecoder().decode(stdout), code], ['[{"lives":"on"}]\n', 0], new TextDecoder().decode(stderr));
    assertEquals(await exists(`${folder}.lock`), false);
  }));
