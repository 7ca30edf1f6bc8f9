import { assertEquals, assertRejects } from "@std/assert";
import type { Connection, Database } from "../../src/core/database.ts";
import { MigrationError } from "../../src/core/error.ts";
import { onlyNamed } from "../../src/database/only_named.ts";

/** A database that says that its name is this one, and notes what it is asked. */
function databaseCalled(name: string, asked: string[]): Database {
  const connection: Connection = {
    pid: 1,
    query: (sql) => {
      asked.push(sql);
      return Promise.resolve([{ name }]);
    },
    cancel: () => Promise.resolve(),
    close: () => {
      asked.push("closed");
      return Promise.resolve();
    },
  };
  return {
    engine: "postgres",
    capabilities: { cancel: true, concurrent: true, sessions: "owned" },
    connect: (options) => {
      asked.push(`connect ${JSON.stringify(options)}`);
      return Promise.resolve(connection);
    },
    close: () => Promise.resolve(),
  };
}

const QUESTION = "SELECT pg_catalog.current_database() AS name";

Deno.test("onlyNamed() gives sessions of the database that is meant", async () => {
  const asked: string[] = [];
  const connection = await onlyNamed(databaseCalled("ours", asked), "ours").connect({
    access: "write",
    question: "DROP TABLE t",
  });
  await connection.query("SELECT 1");
  assertEquals(asked, ['connect {"access":"write"}', QUESTION, "SELECT 1"]);
});

Deno.test("onlyNamed() closes a session of another database before anything was asked of it", async () => {
  const asked: string[] = [];
  const database = onlyNamed(databaseCalled("production", asked), "ours");
  const error = await assertRejects(() => database.connect(), MigrationError) as MigrationError;
  assertEquals([error.code, error.message], [
    "CONFIG",
    'Cannot rehearse: the connection leads to "production", which is not ours',
  ]);
  assertEquals(asked, ["connect {}", QUESTION, "closed"]);
});
