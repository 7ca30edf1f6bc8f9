import { PGlite } from "@electric-sql/pglite";
import { assertEquals, assertRejects } from "@std/assert";
import { DatabaseError } from "../../src/core/database_error.ts";
import { pgliteDatabase } from "../../src/database/pglite.ts";
import { failure, open, wait } from "./contract.ts";

let instance: Promise<PGlite> | undefined;

/** For tests that leave it as they found it, or nearly so: to make one takes longer than they do. */
function shared(): Promise<PGlite> {
  return instance ??= PGlite.create();
}

Deno.test("pgliteDatabase() gives its one session to one user after the other", async () => {
  const instance = await shared();
  const database = pgliteDatabase(instance);
  assertEquals(database.capabilities, { cancel: false, concurrent: false, sessions: "borrowed" });
  const first = await database.connect();
  let turn = "first";
  const second = database.connect().then((connection) => {
    turn = "second";
    return connection;
  });
  await wait(50);
  assertEquals(turn, "first");
  await first.close();
  const { query, close } = await second.then((connection) => ({
    query: (sql: string) => connection.query(sql),
    close: () => connection.close(),
  }));
  assertEquals([turn, await query("SELECT 'x' AS x")], ["second", [{ x: "x" }]]);
  await close();
  await database.close();
  assertEquals((await instance.query("SELECT 1 AS n")).rows, [{ n: 1 }]);
});

Deno.test("pgliteDatabase() leaves session state to its caller", async () => {
  const instance = await shared();
  const session = await open(pgliteDatabase(instance));
  await session.connection.query("SET application_name = 'kept'");
  await session.connection.close();
  assertEquals((await instance.query("SHOW application_name")).rows, [{ application_name: "kept" }]);
});

Deno.test("pgliteDatabase() is lost with its instance", async () => {
  const instance = await PGlite.create();
  const database = pgliteDatabase(instance);
  const { connection } = await open(database);
  await instance.close();
  const lost = await failure(connection, "SELECT 1");
  assertEquals([lost.kind, lost.message], ["lost", "Lost the connection: PGlite is closed"]);
  await connection.close();
  for (let time = 0; time < 2; time++) {
    const error = await assertRejects(() => database.connect(), DatabaseError);
    assertEquals([error.kind, error.message], ["connect", "Cannot connect: PGlite is closed"]);
  }
});

Deno.test("pgliteDatabase() does with exec() alone, as in a release without the protocol's parts", async () => {
  const instance = await shared();
  const exec = instance.exec.bind(instance);
  await using session = await open(pgliteDatabase({ exec }));
  assertEquals(await session.connection.query("SELECT 'a' AS x; SELECT 'b' AS x; CREATE TABLE t (a int)"), [{
    x: "b",
  }]);
  assertEquals(await session.connection.query("CREATE TABLE u (a int)"), []);
  const error = await failure(session.connection, "SELECT 1/0");
  assertEquals([error.kind, error.fields.sqlstate, error.fields.completed], ["server", "22012", undefined]);
  await session.connection.close();
});

Deno.test("pgliteDatabase() waits for an instance that is not ready yet", async () => {
  const instance = new PGlite();
  const connection = await pgliteDatabase(instance).connect();
  assertEquals(await connection.query("SELECT '1' AS one"), [{ one: "1" }]);
  await connection.close();
  await instance.close();
});
