/**
 * What every database adapter must do.
 *
 * @module
 */

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import type { Connection, ConnectOptions, Database, Notice } from "../../src/core/database.ts";
import { DatabaseError } from "../../src/core/database_error.ts";
import type { Major } from "../support/binaries.ts";

/** A database for one test. */
export interface Subject {
  /** What is tested. */
  readonly database: Database;
  /** Sends SQL past it; absent where there is only one session. */
  readonly aside?: (sql: string) => Promise<unknown>;
}

/** An adapter under test. */
export interface Contract {
  /** Its name, for the names of tests. */
  readonly name: string;
  /** Gives each test an empty database. */
  readonly run: (body: (subject: Subject) => Promise<void>) => Promise<void>;
  /** Whether notices arrive. */
  readonly notices: "sent" | "dropped";
}

/** An adapter to a server under test. */
export interface ServerContract extends Omit<Contract, "run"> {
  /** Major versions of the servers. @default 14 and 18 */
  readonly majors?: readonly Major[];
  /** Gives each test a new, empty database on a server of a major version. */
  readonly run: (body: (subject: Subject) => Promise<void>, major: Major) => Promise<void>;
}

/** Registers the tests of one adapter. */
export function testContract({ name, run, notices }: Contract): void {
  const test = (what: string, body: (subject: Subject) => Promise<void>) =>
    Deno.test(`${name} ${what}`, () => run(body));

  test("returns the rows of the last statement that has any", async ({ database }) => {
    await using session = await open(database);
    const { connection } = session;
    assertEquals(await connection.query("SELECT 'a' AS x; SELECT 'b' AS x, NULL AS y UNION ALL SELECT 'c', 'd'"), [
      { x: "b", y: null },
      { x: "c", y: "d" },
    ]);
    assertEquals(await connection.query("CREATE TABLE t (a text); INSERT INTO t VALUES ('1')"), []);
    assertEquals(await connection.query("SELECT a FROM t; BEGIN; COMMIT; SELECT a FROM t WHERE false"), []);
    assertEquals(await connection.query("SELECT a FROM t"), [{ a: "1" }]);
    assertEquals(await connection.query(""), []);
    assertEquals(await connection.query("-- nothing\n;"), []);
  });

  test("tells what the server said of an error", async ({ database }) => {
    await using session = await open(database);
    const { connection } = session;
    const error = await failure(connection, "SELECT 1;\nSELECT '😀é', nope");
    assertEquals(error.kind, "server");
    assertEquals(error.message, 'column "nope" does not exist');
    assertEquals(error.fields.sqlstate, "42703");
    assertEquals(error.fields.severity, "ERROR");
    assertEquals(error.fields.position, 24);

    await connection.query("CREATE TABLE t (a text CONSTRAINT not_x CHECK (a <> 'x'))");
    const check = await failure(connection, "INSERT INTO t VALUES ('x')");
    assertEquals(check.fields.constraint, "not_x");
    assertEquals(check.fields.table, "t");
    assertEquals(check.fields.schema, "public");
    assertStringIncludes(check.fields.detail ?? "", "Failing row");

    const inner = await failure(connection, "DO $$ BEGIN EXECUTE 'SELECT 1 +'; END $$");
    assertEquals(inner.fields.internalQuery, "SELECT 1 +");
    assertEquals(inner.fields.internalPosition, 11);
    assertStringIncludes(inner.fields.where ?? "", "PL/pgSQL");

    const raised = await failure(connection, "DO $$ BEGIN RAISE 'two\nlines' USING HINT = 'h'; END $$");
    assertEquals([raised.message, raised.fields.hint], ["two lines", "h"]);
  });

  test("tells how many statements of a failed message completed", async ({ database }) => {
    await using session = await open(database);
    const { connection } = session;
    assertEquals((await failure(connection, "SELECT 1/0")).fields.completed, 0);
    const later = await failure(connection, "SELECT 1; CREATE TABLE t (a int); ; SELECT 2, 3; SELECT 1/0; SELECT 4");
    assertEquals(later.fields.completed, 3);
    assertEquals((await failure(connection, "SELECT 1; SELECT 1 1")).fields.completed, 0);
  });

  test("returns whole rows after a statement that failed among its own", async ({ database }) => {
    await using session = await open(database);
    const { connection } = session;
    await failure(connection, "SELECT 1 / (4 - n) FROM generate_series(1, 9) AS n");
    assertEquals(await connection.query("SELECT 'a' AS v UNION ALL SELECT 'b'"), [{ v: "a" }, { v: "b" }]);
    await failure(connection, "SELECT 'x'; SELECT 1 / (4 - n) FROM generate_series(1, 9) AS n");
    assertEquals(await connection.query("SELECT 'x' AS v; SELECT 'a' AS v"), [{ v: "a" }]);
  });

  test("refuses a NUL character and lives on", async ({ database }) => {
    await using session = await open(database);
    const error = await failure(session.connection, "SELECT 'a\0b'");
    assertEquals([error.kind, error.fields.sqlstate], ["server", "22021"]);
    assertEquals(await session.connection.query("SELECT 'on' AS lives"), [{ lives: "on" }]);
  });

  test("leaves a failed transaction open until it is rolled back", async ({ database }) => {
    await using session = await open(database);
    const { connection } = session;
    await failure(connection, "BEGIN; CREATE TABLE t (a int); SELECT 1/0; COMMIT");
    assertEquals((await failure(connection, "SELECT 1")).fields.sqlstate, "25P02");
    await connection.query("ROLLBACK");
    assertEquals(await connection.query("SELECT to_regclass('t')::text AS t"), [{ t: null }]);
  });

  test("keeps the session's state from message to message", async ({ database }) => {
    await using session = await open(database);
    const { connection } = session;
    await connection.query("SET search_path = pg_catalog; CREATE TEMP TABLE kept (a text)");
    assertEquals(await connection.query("SHOW search_path"), [{ search_path: "pg_catalog" }]);
    assertEquals(await connection.query("SELECT a FROM pg_temp.kept"), []);
    await connection.query("RESET search_path; DROP TABLE pg_temp.kept");
  });

  test("reads backslashes in plain strings as they are", async ({ database }) => {
    await using session = await open(database);
    assertEquals(await session.connection.query(String.raw`SELECT 'a\nb' AS x`), [{ x: String.raw`a\nb` }]);
  });

  test("sends large messages and many statements", async ({ database }) => {
    await using session = await open(database);
    const text = "x".repeat(1_000_000);
    const [row] = await session.connection.query(`SELECT length('${text}')::text AS n; SELECT '${text}' AS x`);
    assertEquals((row?.x as string).length, text.length);
    const many = Array.from({ length: 500 }, (_, n) => `SELECT '${n}' AS n`).join(";");
    assertEquals(await session.connection.query(many), [{ n: "499" }]);
  });

  test(notices === "sent" ? "passes notices on" : "drops notices", async ({ database }) => {
    const heard: Notice[] = [];
    await using session = await open(database, { onNotice: (notice) => heard.push(notice) });
    await session.connection.query(
      "DO $$ BEGIN RAISE WARNING 'careful' USING DETAIL = 'd', HINT = 'h'; RAISE NOTICE 'n'; END $$",
    );
    const sent = [
      { severity: "WARNING", sqlstate: "01000", message: "careful", detail: "d", hint: "h" },
      { severity: "NOTICE", sqlstate: "00000", message: "n" },
    ];
    assertEquals(heard, notices === "sent" ? sent : []);
  });

  test("closes more than once and refuses queries after that", async ({ database }) => {
    const connection = await database.connect();
    await connection.close();
    await connection.close();
    await connection.cancel();
    assertEquals((await failure(connection, "SELECT 1")).kind, "lost");
  });

  test("gives a session after another", async ({ database }) => {
    for (let round = 0; round < 3; round++) {
      await using session = await open(database);
      assertEquals(await session.connection.query(`SELECT '${round}' AS n`), [{ n: String(round) }]);
    }
  });

  test("does not mind a cancel when nothing runs", async ({ database }) => {
    await using session = await open(database);
    await session.connection.cancel();
    assertEquals(await session.connection.query("SELECT 'on' AS lives"), [{ lives: "on" }]);
  });
}

/** Registers the tests of an adapter to a server, on each of its major versions. */
export function testServerContract({ name, notices, run, majors = [14, 18] }: ServerContract): void {
  for (const major of majors) {
    const contract: Contract = {
      name: `${name} on PostgreSQL ${major}`,
      notices,
      run: (body) => run(body, major),
    };
    testContract(contract);
    testSessionsOfServer(contract);
  }
}

/** On a server sessions can be cut and statements cancelled. */
function testSessionsOfServer({ name, run }: Contract): void {
  const test = (what: string, body: (subject: Required<Subject>) => Promise<void>) =>
    Deno.test(`${name} ${what}`, () => run((subject) => body(subject as Required<Subject>)));

  test("announces the backend's pid", async ({ database }) => {
    await using session = await open(database);
    const [row] = await session.connection.query("SELECT pg_backend_pid()::text AS pid");
    assertEquals(String(session.connection.pid), row?.pid);
  });

  test("has a second session beside the first", async ({ database }) => {
    assertEquals(database.capabilities.concurrent, true);
    await using first = await open(database);
    await using second = await open(database);
    assert(first.connection.pid !== second.connection.pid);
  });

  test("cancels the running statement and keeps the session", async ({ database }) => {
    assertEquals(database.capabilities.cancel, true);
    await using session = await open(database);
    const { connection } = session;
    const slept = failure(connection, "SELECT pg_sleep(60)");
    await cancelUntilOver(connection, slept);
    const error = await slept;
    assertEquals([error.kind, error.fields.sqlstate], ["server", "57014"]);
    assertEquals(await connection.query("SELECT 'on' AS lives"), [{ lives: "on" }]);
  });

  test("is lost for ever when it was cut while idle", async ({ database, aside }) => {
    await using session = await open(database);
    const { connection } = session;
    await aside(`SELECT pg_terminate_backend(${connection.pid})`);
    await wait(200);
    for (let time = 0; time < 3; time++) {
      const error = await failure(connection, "SELECT 1");
      assertEquals(error.kind, "lost");
      assertStringIncludes(error.message, "Lost the connection");
      assert(!error.message.includes("\n"));
    }
  });

  test("is lost for ever when it was cut just before a message", async ({ database, aside }) => {
    await using session = await open(database);
    const { connection } = session;
    await aside(`SELECT pg_terminate_backend(${connection.pid}, 5000)`);
    for (let time = 0; time < 3; time++) assertEquals((await failure(connection, "SELECT 1")).kind, "lost");
  });

  test("is lost for ever when it was cut while it ran", async ({ database, aside }) => {
    await using session = await open(database);
    const { connection } = session;
    const slept = failure(connection, "SELECT pg_sleep(60)");
    await wait(100);
    await aside(`SELECT pg_terminate_backend(${connection.pid})`);
    assertEquals((await slept).kind, "lost");
    assertEquals((await failure(connection, "SELECT 1")).kind, "lost");
    await connection.cancel();
  });

  test("can be closed while a statement runs", async ({ database }) => {
    const connection = await database.connect();
    const slept = failure(connection, "SELECT pg_sleep(60)");
    await wait(100);
    await connection.close();
    const error = await slept;
    assert(error.kind === "lost" || error.fields.sqlstate === "57014");
    await using session = await open(database);
    assertEquals(await session.connection.query("SELECT 'on' AS lives"), [{ lives: "on" }]);
  });

  test("is not lost by an error that only names a lost connection", async ({ database }) => {
    await using session = await open(database);
    const error = await failure(session.connection, "DO $$ BEGIN RAISE 'far away' USING ERRCODE = '08006'; END $$");
    assertEquals([error.kind, error.fields.sqlstate], ["server", "08006"]);
    assertEquals(await session.connection.query("SELECT 'on' AS lives"), [{ lives: "on" }]);
  });
}

/** A connection that is closed at the end of its block. */
export async function open(
  database: Database,
  options?: ConnectOptions,
): Promise<AsyncDisposable & { readonly connection: Connection }> {
  const connection = await database.connect(options);
  return { connection, [Symbol.asyncDispose]: () => connection.close() };
}

/** The error that a message fails with. */
export async function failure(connection: Connection, sql: string): Promise<DatabaseError> {
  return await assertRejects(() => connection.query(sql), DatabaseError);
}

/** Waits a little. */
export function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Cancels a statement again and again, as the runner does: one that the server has not begun with is not cancelled. */
export async function cancelUntilOver(connection: Connection, statement: Promise<unknown>): Promise<void> {
  const over = statement.then(() => true);
  const started = performance.now();
  while (performance.now() - started < 30_000) {
    await connection.cancel();
    if (await Promise.race([over, wait(50)]) === true) return;
  }
}
