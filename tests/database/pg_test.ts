import { assertEquals, assertRejects } from "@std/assert";
import type { Socket } from "node:net";
import pg from "pg";
import { DatabaseError } from "../../src/core/database_error.ts";
import { pgDatabase, type PgPoolLike } from "../../src/database/pg.ts";
import { query, withDatabase } from "../support/databases.ts";
import { cancelUntilOver, failure, open, wait } from "./contract.ts";

async function withPool(options: pg.PoolConfig, body: (pool: pg.Pool, url: string) => Promise<void>): Promise<void> {
  await withDatabase(async (url) => {
    const pool = new pg.Pool({ connectionString: url, ...options });
    try {
      await body(pool, url);
    } finally {
      await pool.end();
    }
  });
}

Deno.test("pgDatabase() leaves the pool usable and its clients without listeners", () =>
  withPool({ max: 1 }, async (pool) => {
    const database = pgDatabase(pool);
    assertEquals(database.capabilities, { cancel: false, concurrent: false, sessions: "borrowed" });
    for (let round = 0; round < 2; round++) {
      const session = await open(database);
      assertEquals(await session.connection.query("SELECT 'x' AS x"), [{ x: "x" }]);
      await session.connection.close();
    }
    await database.close();
    const client = await pool.connect();
    assertEquals([client.listenerCount("notice"), client.listenerCount("error"), client.listenerCount("end")], [
      0,
      0,
      0,
    ]);
    assertEquals((await client.query("SELECT 3 AS n")).rows, [{ n: 3 }]);
    client.release();
  }));

Deno.test("pgDatabase() has a session that was cut removed from the pool", () =>
  withPool({ max: 1 }, async (pool, url) => {
    const session = await open(pgDatabase(pool));
    await query(url, `SELECT pg_terminate_backend(${session.connection.pid})`);
    await wait(200);
    assertEquals((await failure(session.connection, "SELECT 1")).kind, "lost");
    await session.connection.close();
    assertEquals((await pool.query("SELECT 1 AS n")).rows, [{ n: 1 }]);
  }));

Deno.test("pgDatabase() cancels nothing behind a pooler, where the announced pid is another's", () =>
  withPool({ max: 3 }, async (pool) => {
    const lend = async () => {
      const client = await pool.connect();
      return {
        processID: 1,
        query: (sql: string) => client.query(sql),
        on: () => {},
        removeListener: () => {},
        release: () => client.release(),
      };
    };
    await using session = await open(pgDatabase({ connect: lend }));
    const slept = session.connection.query("SELECT pg_sleep(0.5)::text AS x");
    await wait(100);
    await session.connection.cancel();
    assertEquals(await slept, [{ x: "" }]);
    assertEquals(session.connection.pid, 1);
  }));

Deno.test("pgDatabase() cancels again when the connection that it cancels over is cut", () =>
  withPool({ max: 3 }, async (pool) => {
    pool.on("error", () => {});
    let cut = 0;
    const connect = async () => {
      const client = await pool.connect();
      const send = client.query.bind(client) as (sql: string) => Promise<unknown>;
      const query = (sql: string) => {
        const sent = send(sql);
        if (sql.includes("pg_cancel_backend") && cut++ === 0) {
          (client as unknown as { connection: { stream: Socket } }).connection.stream.destroy();
        }
        return sent;
      };
      return Object.assign(client, { query });
    };
    await using session = await open(pgDatabase({ connect } as unknown as PgPoolLike));
    const slept = failure(session.connection, "SELECT pg_sleep(60)");
    await cancelUntilOver(session.connection, slept);
    assertEquals([(await slept).fields.sqlstate, cut > 0], ["57014", true]);
  }));

Deno.test("pgDatabase() says that a pool cannot connect", async () => {
  const pool = new pg.Pool({ connectionString: "postgres://u:wrong-password@127.0.0.1:1/d" });
  const error = await assertRejects(() => pgDatabase(pool).connect(), DatabaseError);
  assertEquals([error.kind, error.message], ["connect", "Cannot connect: connection refused"]);
  await pool.end();
});
