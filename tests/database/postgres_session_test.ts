import { assertEquals, assertRejects } from "@std/assert";
import postgres from "postgres";
import { DatabaseError } from "../../src/core/database_error.ts";
import { type PostgresHandle, type PostgresQueryLike, PostgresSession } from "../../src/database/postgres_session.ts";
import { withDatabase } from "../support/databases.ts";

/** A driver that only has what its types promise, and answers from one backend after the other. */
function handle(...pids: readonly number[]): PostgresHandle {
  const left = [...pids];
  return {
    unsafe() {
      const result = Promise.resolve(Object.assign([{ a: "1" }], { state: { pid: left.shift() } }));
      const query: PostgresQueryLike = {
        then: (done, failed) => result.then(done, failed),
        simple: () => query,
        cancel: () => {},
      };
      return query;
    },
  };
}

Deno.test("PostgresSession does with what the driver's types promise", async () => {
  const session = new PostgresSession(handle(7, 7), () => Promise.resolve());
  await session.start(() => {});
  const counts: number[] = [];
  const sent = session.send("SELECT 1", (count) => counts.push(count));
  await session.cancel();
  assertEquals([await sent, session.pid, counts], [[{ a: "1" }], 7, []]);
  assertEquals(await session.stop(), true);
  await session.end("idle");
});

Deno.test("PostgresSession is lost when another backend answers", async () => {
  const session = new PostgresSession(handle(7, 8), () => Promise.resolve());
  await session.start(() => {});
  const error = await assertRejects(() => session.send("SELECT 1", () => {}), DatabaseError);
  assertEquals([error.kind, error.message], ["lost", "Lost the connection: the driver opened another one"]);
});

/** Takes most of a second, as often as it may be cancelled. */
const STUBBORN = `DO $$ DECLARE ends timestamptz := clock_timestamp() + interval '0.7 s'; BEGIN
  WHILE clock_timestamp() < ends LOOP
    BEGIN
      PERFORM pg_sleep(0.05);
    EXCEPTION WHEN query_canceled THEN NULL;
    END;
  END LOOP;
END $$`;

for (const which of ["first", "later"] as const) {
  Deno.test(`PostgresSession.stop() waits until what it cancelled is over, a ${which} message`, () =>
    withDatabase(async (url) => {
      const client = postgres(url, { max: 1, onnotice: () => {} });
      try {
        await client`SELECT 1`;
        const handle = await client.reserve();
        const session = new PostgresSession(handle, () => Promise.resolve());
        await session.start(() => {}, which === "first" ? STUBBORN : "SELECT 1");
        let isOver = false;
        const running = which === "first" ? session.answer! : session.send(STUBBORN, () => {});
        const over = running.then(() => isOver = true);
        // A request to cancel that comes before the statement has begun is lost.
        await new Promise((resolve) => setTimeout(resolve, 200));
        assertEquals([await session.stop(), isOver], [true, true]);
        await over;
        assertEquals(await session.send("SELECT 2 AS two", () => {}), [{ two: 2 }]);
        handle.release();
      } finally {
        await client.end();
      }
    }));
}
