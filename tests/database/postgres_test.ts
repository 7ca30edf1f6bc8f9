import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import postgres from "postgres";
import { DatabaseError } from "../../src/core/database_error.ts";
import { MigrationError } from "../../src/core/error.ts";
import { postgresDatabase } from "../../src/database/postgres.ts";
import { query, withDatabase } from "../support/databases.ts";
import { failure, open, wait } from "./contract.ts";

async function withClient(
  options: postgres.Options<Record<string, never>>,
  body: (client: postgres.Sql, url: string) => Promise<void>,
): Promise<void> {
  await withDatabase(async (url) => {
    const client = postgres(url, { onnotice: () => {}, ...options });
    try {
      await body(client, url);
    } finally {
      await client.end({ timeout: 1 });
    }
  });
}

Deno.test("postgresDatabase() leaves the client usable, before, between and after", () =>
  withClient({ max: 1, fetch_types: false }, async (client) => {
    const database = postgresDatabase(client);
    assertEquals(database.capabilities, { cancel: true, concurrent: false, sessions: "borrowed" });
    assertEquals([...await client`SELECT 1 AS n`], [{ n: 1 }]);
    for (let round = 0; round < 2; round++) {
      const session = await open(database);
      const meanwhile = client`SELECT 2 AS n`;
      assertEquals(await session.connection.query("SELECT 'x' AS x"), [{ x: "x" }]);
      await session.connection.close();
      assertEquals([...await meanwhile], [{ n: 2 }]);
    }
    await database.close();
    assertEquals([...await client`SELECT 3 AS n`], [{ n: 3 }]);
  }));

Deno.test("postgresDatabase() leaves the client usable after its session was cut", () =>
  withClient({ max: 2 }, async (client, url) => {
    const session = await open(postgresDatabase(client));
    await query(url, `SELECT pg_terminate_backend(${session.connection.pid})`);
    await wait(200);
    assertEquals((await failure(session.connection, "SELECT 1")).kind, "lost");
    await session.connection.close();
    const numbers = await Promise.all([1, 2, 3, 4].map((n) => client`SELECT ${n}::int AS n`));
    assertEquals(numbers.map(([row]) => row?.n), [1, 2, 3, 4]);
    await using again = await open(postgresDatabase(client));
    assertEquals(await again.connection.query("SELECT 'x' AS x"), [{ x: "x" }]);
  }));

Deno.test("postgresDatabase() says that a client cannot connect", async () => {
  const client = postgres("postgres://u:wrong-password@127.0.0.1:1/d", { connect_timeout: 2 });
  const error = await assertRejects(() => postgresDatabase(client).connect(), DatabaseError);
  assertEquals([error.kind, error.message], ["connect", "Cannot connect: connection refused"]);
  await client.end();
  const ended = await assertRejects(() => postgresDatabase(client).connect(), DatabaseError);
  assertEquals([ended.kind, ended.message], ["connect", "Cannot connect: the client is closed"]);
});

Deno.test("postgresDatabase() refuses a client that changes what it reads", async () => {
  const client = postgres("postgres://u@127.0.0.1:1/d", { transform: postgres.camel });
  const error = assertThrows(() => postgresDatabase(client), MigrationError);
  assertEquals(error.code, "CONFIG");
  assert(error.hint !== undefined);
  await client.end();
});

Deno.test("postgresDatabase() takes what looks like a client", () => {
  const like = { unsafe: () => Promise.reject(new Error("no")), reserve: () => Promise.reject(new Error("no")) };
  assertEquals(
    postgresDatabase(like as unknown as Parameters<typeof postgresDatabase>[0]).capabilities.concurrent,
    true,
  );
});
